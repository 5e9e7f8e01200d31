"""Keys and values of conversations that may go on: a tree of their beginnings.

Two conversations that begin alike share the beginning's memory. What is alike is decided by
tokens, never by text; and by the adapter under which each token was read, because its keys and
values depend on that too. So a path of the tree is a sequence of *codes*, one number for a token
and its adapter.

The tree is used by one thread only. What it holds may be read while that thread copies it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import torch

Codes = npt.NDArray[np.int64]
#: Keys and values of some tokens: a pair for each layer, each ``[heads, tokens, width]``.
KeyValues = list[tuple["torch.Tensor", "torch.Tensor"]]


class Part(NamedTuple):
    """A run of cached tokens.

    Attributes:
        keyvalues: Keys and values of at least these tokens.
        tokens: How many from the beginning are meant.
    """

    keyvalues: KeyValues
    tokens: int


class _Node:
    """A run of codes behind another one."""

    __slots__ = ("children", "codes", "keyvalues", "parent", "static", "used")

    def __init__(
        self, codes: Codes, keyvalues: KeyValues, parent: _Node | None, static: bool = False
    ) -> None:
        self.codes = codes
        self.keyvalues = keyvalues
        self.parent = parent
        self.static = static
        self.children: dict[int, _Node] = {}
        self.used = 0

    @property
    def bytes(self) -> int:
        return sum(key.nbytes + value.nbytes for key, value in self.keyvalues)


class PrefixCache:
    """A bounded tree of beginnings; the longest unused go first, static ones last.

    Args:
        limit: Most bytes of keys and values; 0 keeps nothing.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self._root = _Node(np.empty(0, np.int64), [], None)
        self._clock = 0

    def find(self, codes: Codes) -> list[Part]:
        """The longest cached beginning of a sequence, as runs in their order."""
        self._clock += 1
        parts = []
        for node, count in self._walk(codes):
            node.used = self._clock
            parts.append(Part(node.keyvalues, count))
        return parts

    def keep(
        self, codes: Codes, read: Callable[[int, int], KeyValues], static: bool = False
    ) -> None:
        """Keeps a sequence, as far as it is not there yet.

        Args:
            codes: The sequence.
            read: Copies keys and values of the tokens from one place of it up to another.
            static: Whether many conversations will begin with the whole of it.
        """
        self._clock += 1
        node, done = self._root, 0
        for node, count in self._walk(codes):
            node.used = self._clock
            done += count
            if count < len(node.codes):
                self._split(node, count)
            node.static = node.static or static
        if done < len(codes) and self.limit:
            leaf = _Node(codes[done:].copy(), read(done, len(codes)), node, static)
            leaf.used = self._clock
            node.children[int(codes[done])] = leaf
            self.bytes += leaf.bytes
            self._evict()

    def clear(self) -> None:
        """Forgets everything."""
        self._root.children.clear()
        self.bytes = 0

    def _walk(self, codes: Codes) -> Iterator[tuple[_Node, int]]:
        """The nodes that a sequence begins with, and how much of each is alike (more than 0)."""
        node, done = self._root, 0
        while done < len(codes) and (child := node.children.get(int(codes[done]))) is not None:
            count = _alike(child.codes, codes[done:])
            whole = count == len(child.codes)
            yield child, count
            if not whole:
                return
            node, done = child, done + count

    def _split(self, node: _Node, count: int) -> None:
        """Ends a node after some codes and puts the others into a node behind it."""
        # Copies, because two views of one tensor would both keep all of it.
        rest = [(k[:, count:].clone(), v[:, count:].clone()) for k, v in node.keyvalues]
        behind = _Node(node.codes[count:], rest, node, node.static)
        behind.children, behind.used = node.children, node.used
        for child in behind.children.values():
            child.parent = behind
        node.children = {int(behind.codes[0]): behind}
        node.codes = node.codes[:count]
        node.keyvalues = [(k[:, :count].clone(), v[:, :count].clone()) for k, v in node.keyvalues]

    def _evict(self) -> None:
        while self.bytes > self.limit:
            leaves = (node for node in self._nodes(self._root) if not node.children)
            last = min(leaves, key=lambda leaf: (leaf.static, leaf.used))
            assert last.parent is not None
            del last.parent.children[int(last.codes[0])]
            self.bytes -= last.bytes

    def _nodes(self, node: _Node) -> Iterator[_Node]:
        stack = list(node.children.values())
        while stack:
            yield (found := stack.pop())
            stack.extend(found.children.values())


def _alike(first: Codes, second: Codes) -> int:
    """How many codes two sequences begin with alike."""
    count = min(len(first), len(second))
    different = np.flatnonzero(first[:count] != second[:count])
    return int(different[0]) if len(different) else count

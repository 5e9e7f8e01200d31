"""A tree of sequences that begin alike, with the keys and values of their tokens.

What is alike is decided by tokens, never by text; and by the adapter under which each token was
read, because its keys and values depend on that too. So a path of the tree is a sequence of
*codes*, one number for a token and its adapter.
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
#: Copies keys and values of the tokens from one place of a sequence up to another.
Read = Callable[[int, int], KeyValues]


class Part(NamedTuple):
    """A run of cached tokens.

    Attributes:
        keyvalues: Keys and values of at least these tokens.
        tokens: How many from the beginning are meant.
    """

    keyvalues: KeyValues
    tokens: int


class Node:
    """A run of codes behind another one.

    Args:
        codes: The codes.
        keyvalues: Their keys and values.
        parent: The node before it; None for a root, which has no codes.

    Attributes:
        used: When it was last needed, on the clock of whoever uses the tree.
    """

    __slots__ = ("children", "codes", "keyvalues", "parent", "used")

    def __init__(self, codes: Codes, keyvalues: KeyValues, parent: Node | None) -> None:
        self.codes = codes
        self.keyvalues = keyvalues
        self.parent = parent
        self.children: dict[int, Node] = {}
        self.used = 0

    @property
    def bytes(self) -> int:
        """Memory of its keys and values."""
        return bytes_of(self.keyvalues)

    def find(self, codes: Codes, now: int) -> list[Part]:
        """The longest known beginning of a sequence, as runs in their order."""
        parts = []
        for node, count in self._walk(codes):
            node.used = now
            parts.append(Part(node.keyvalues, count))
        return parts

    def grow(self, codes: Codes, read: Read, now: int) -> int:
        """Adds a sequence, as far as it is not there yet; how many bytes that took."""
        node, done = self, 0
        for node, count in self._walk(codes):
            node.used = now
            done += count
            if count < len(node.codes):
                node._split(count)
        if done == len(codes):
            return 0
        leaf = Node(codes[done:].copy(), read(done, len(codes)), node)
        leaf.used = now
        node.children[int(codes[done])] = leaf
        return leaf.bytes

    def leaves(self) -> Iterator[Node]:
        """The nodes behind this one that have nothing behind them."""
        stack = list(self.children.values())
        while stack:
            node = stack.pop()
            stack.extend(node.children.values())
            if not node.children:
                yield node

    def fall(self) -> Node:
        """Takes a leaf off its tree; returns the node before it."""
        assert self.parent is not None
        del self.parent.children[int(self.codes[0])]
        return self.parent

    def _walk(self, codes: Codes) -> Iterator[tuple[Node, int]]:
        """The nodes that a sequence begins with, and how much of each is alike (more than 0)."""
        node, done = self, 0
        while done < len(codes) and (child := node.children.get(int(codes[done]))) is not None:
            count = alike(child.codes, codes[done:])
            whole = count == len(child.codes)
            yield child, count
            if not whole:
                return
            node, done = child, done + count

    def _split(self, count: int) -> None:
        """Ends this node after some codes and puts the others into a node behind it."""
        # Copies, because two views of one tensor would both keep all of it.
        rest = [(k[:, count:].clone(), v[:, count:].clone()) for k, v in self.keyvalues]
        behind = Node(self.codes[count:], rest, self)
        behind.children, behind.used = self.children, self.used
        for child in behind.children.values():
            child.parent = behind
        self.children = {int(behind.codes[0]): behind}
        self.codes = self.codes[:count]
        self.keyvalues = [(k[:, :count].clone(), v[:, :count].clone()) for k, v in self.keyvalues]


def alike(first: Codes, second: Codes) -> int:
    """How many codes two sequences begin with alike."""
    count = min(len(first), len(second))
    different = np.flatnonzero(first[:count] != second[:count])
    return int(different[0]) if len(different) else count


def bytes_of(keyvalues: KeyValues) -> int:
    """Memory of keys and values."""
    return sum(key.nbytes + value.nbytes for key, value in keyvalues)

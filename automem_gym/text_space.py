"""A Gymnasium space of unicode text.

``gymnasium.spaces.Text`` wants a character set, which costs 50 MB for all of unicode, checks it
character by character, and comes back wrong from the shared memory of ``AsyncVectorEnv``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium import Space

from automem_gym.action import GameAction
from memory_fs import MemoryAction

_WORDS = ("the", "a", "north", "south", "water", "tree", "wall", "1", "2", "near", "é", "☃")


class TextSpace(Space[str]):
    """All texts up to a length.

    Args:
        max_length: The longest text, in characters.
        seed: Seed for :meth:`sample`.
    """

    def __init__(
        self, max_length: int = 65_536, seed: int | np.random.Generator | None = None
    ) -> None:
        if max_length < 1:
            raise ValueError(f"max_length is at least 1, not {max_length}")
        self.max_length = int(max_length)
        super().__init__(dtype=str, seed=seed)

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        """A few random words. There is nothing to mask: both arguments must be None."""
        self._no_mask(mask, probability)
        count = int(self.np_random.integers(1, 9))
        words = [_WORDS[i] for i in self.np_random.integers(len(_WORDS), size=count)]
        return " ".join(words)[: self.max_length]

    def contains(self, x: Any) -> bool:
        """Whether it is a text that is not too long; costs the same for every length."""
        return isinstance(x, str) and len(x) <= self.max_length

    @property
    def is_np_flattenable(self) -> bool:
        """False: a text has no array form."""
        return False

    def _no_mask(self, mask: Any, probability: Any) -> None:
        if mask is not None or probability is not None:
            raise ValueError("a text space has no mask and no probability")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.max_length})"

    def __eq__(self, other: object) -> bool:
        return (
            type(other) is type(self)
            and other.__dict__.keys() == self.__dict__.keys()
            and all(
                value == other.__dict__[key]
                for key, value in self.__dict__.items()
                if key != "_np_random"
            )
        )

    __hash__ = None  # type: ignore[assignment]


class ActionSpace(TextSpace):
    """All that an environment accepts as an action; samples are valid commands.

    Args:
        actions: The game's valid actions; empty where any text is one.
        operations: The fields of each memory operation, by name.
        files: Names of memory files that samples use.
        max_length: The longest text, in characters.
        seed: Seed for :meth:`sample`.
    """

    def __init__(
        self,
        actions: Sequence[str],
        operations: Mapping[str, tuple[str, ...]],
        files: Sequence[str] = (),
        max_length: int = 1_000_000,
        seed: int | np.random.Generator | None = None,
    ) -> None:
        self.actions = tuple(actions)
        self.operations = dict(operations)
        self.files = tuple(files) or ("notes.md",)
        super().__init__(max_length, seed)

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        """A game action, or one time in four a memory command."""
        self._no_mask(mask, probability)
        if self.operations and self.np_random.random() < 0.25:
            op = self._pick(tuple(self.operations))
            text = str(self.np_random.integers(1, 20)) if op == "TAIL" else super().sample()
            values = {"file": self._pick(self.files), "key": "key", "text": text}
            return str(MemoryAction(op, **{name: values[name] for name in self.operations[op]}))
        return self._pick(self.actions) if self.actions else super().sample()

    def contains(self, x: Any) -> bool:
        """Whether it is a text that is not too long, a GameAction or a MemoryAction."""
        return isinstance(x, GameAction | MemoryAction) or super().contains(x)

    def _pick(self, options: Sequence[str]) -> str:
        return options[int(self.np_random.integers(len(options)))]

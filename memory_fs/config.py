"""What a memory is made of: its first files, its limits, the operations it offers, its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from memory_fs.journal import DURABILITIES, Durability
from memory_fs.operation import OPERATIONS, Operation
from memory_fs.quotas import Quotas
from memory_fs.suggestion import did_you_mean, unknown_name


@dataclass(frozen=True)
class MemoryConfig:
    """Configuration of a memory; frozen, and safe to share between environments without a root.

    Attributes:
        files: The files at the start of each episode, name to text.
        quotas: Its limits.
        vocabulary: The operations that a player may use; a subset of the built-in ones and
            ``operations``. None: all of them; empty: a memory that cannot be used.
        operations: Operations of the user's own.
        root: The directory that holds the files. None: a temporary one, removed at the end.
        durability: What is forced to the disk: nothing (``process``: safe against the death of the
            process, not of the machine), what a turn wrote when ``store.sync()`` ends it (``turn``;
            environments do so), or each operation (``operation``).
    """

    files: Mapping[str, str] = field(default_factory=dict)
    quotas: Quotas = field(default_factory=Quotas)
    vocabulary: tuple[str, ...] | None = None
    operations: tuple[Operation, ...] = ()
    root: str | Path | None = None
    durability: Durability = "process"

    def __post_init__(self) -> None:
        files = dict(self.files)
        if not all(isinstance(part, str) for pair in files.items() for part in pair):
            raise TypeError(f"files are names and texts, not {files!r:.80}")
        object.__setattr__(self, "files", MappingProxyType(files))
        if not isinstance(self.quotas, Quotas):
            raise TypeError(f"quotas are Quotas(...), not {self.quotas!r:.80}")
        table = {**OPERATIONS, **{op.name: op for op in self.operations}}
        words = tuple(table)
        if self.vocabulary is not None:
            words = tuple(word.upper() for word in self.vocabulary)
        for word in words:
            if word not in table:
                raise ValueError(
                    f"the vocabulary names {word!r}, which is no operation."
                    f"{did_you_mean(word, table)} There are {', '.join(table)}; others are passed "
                    "as operations="
                )
        object.__setattr__(self, "vocabulary", words)
        if self.durability not in DURABILITIES:
            raise unknown_name("durability", self.durability, DURABILITIES)

    @property
    def table(self) -> dict[str, Operation]:
        """The operations that a player may use, by name, in the order of the vocabulary."""
        own = {op.name: op for op in self.operations}
        return {word: own.get(word) or OPERATIONS[word] for word in self.vocabulary or ()}

    def __reduce__(self) -> tuple[type[MemoryConfig], tuple[object, ...]]:
        # A mapping proxy cannot be pickled, and environments travel to worker processes.
        return type(self), (
            dict(self.files),
            self.quotas,
            self.vocabulary,
            self.operations,
            self.root,
            self.durability,
        )

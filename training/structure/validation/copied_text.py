"""Finds what a revision has copied from the episodes that its reviewer saw.

A scaffold that tells what stood in an episode helps on that episode alone. The confirmation, on
seeds that nobody saw, would find that out; this finds it before an episode is played, and says
where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

#: So many words in a row are no coincidence.
WORDS = 8
_WORD = re.compile(r"[^\s<>|`]+")


class CopiedText:
    """The texts of episodes, by their runs of words.

    Args:
        own: What may be told: the scaffold before the revision, the game's instructions.
    """

    def __init__(self, own: Iterable[str]) -> None:
        self._own = {run for text in own for run, _ in _runs(text)}
        self._seen: dict[str, str] = {}
        self._lines: set[str] = set()

    def learn(self, text: str, where: str) -> None:
        """Takes in a text of an episode.

        Args:
            text: What the game showed, or what stood in the memory.
            where: Episode and step.
        """
        lines = [line for line in text.split("\n") if line not in self._lines]
        self._lines.update(lines)
        for run, _ in _runs("\n".join(lines)):
            if run not in self._own:
                self._seen.setdefault(run, where)

    def problems(self, files: Mapping[str, str]) -> Iterator[str]:
        """What the files of a revision hold of it, once a file."""
        for name, text in files.items():
            for run, line in _runs(text):
                if run in self._seen:
                    yield (
                        f"{name}:{line}: {run!r} stands in {self._seen[run]}: what one episode "
                        "showed is no knowledge of the game; say in general what it taught"
                    )
                    break


def _runs(text: str) -> Iterator[tuple[str, int]]:
    """Every run of :data:`WORDS` words of a line, with the line's number.

    Runs that hold fewer than four different words with letters are maps, rules and tables.
    """
    for number, line in enumerate(text.split("\n"), 1):
        words = _WORD.findall(line.casefold())
        for at in range(len(words) - WORDS + 1):
            run = words[at : at + WORDS]
            if len({word for word in run if any(map(str.isalpha, word))}) >= WORDS // 2:
                yield " ".join(run), number

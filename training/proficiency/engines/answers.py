"""The recorded answers that can be learnt from, found by what happened in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from memory_fs import Refused
from training.proficiency.engines.answer_text import full_text, short_text
from training.proficiency.selection import Played, played_episodes, read_episode
from training.proficiency.selectors.criteria import CRITERIA
from training.proficiency.turn import Turn

#: Stands for all answers, whatever happened in them.
ALL = "all"
#: Answers that are listed at once.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where an answer stands, and what it is found by."""

    episode: int
    place: int
    routine: str
    shape: str
    happened: tuple[str, ...]


class Answers:
    """The answers of a run, numbered from 1.

    Of all answers only the index is kept: conversations of many long episodes are too much at once.

    Args:
        run: The run directory.
    """

    def __init__(self, run: Path) -> None:
        self._run = run
        self._read: tuple[int, Sequence[Turn]] = (-1, ())

    def listed(self, what: str, routine: str, shape: str, first: int) -> str:
        """Some answers, in short.

        Args:
            what: A criterion that has to apply to them, or :data:`ALL`.
            routine: Their routine; empty for any.
            shape: Their shape; empty for any.
            first: Which of those that were found is the first to be shown, from 1.

        Raises:
            Refused: There are no such answers.
        """
        found = [
            number
            for number, entry in enumerate(self._index, 1)
            if (what == ALL or what in entry.happened)
            and routine in ("", entry.routine)
            and shape in ("", entry.shape)
        ]
        if not found:
            shapes = ", ".join(sorted({entry.shape for entry in self._index}))
            raise Refused(f"no answer is like that; the shapes are {shapes}")
        if not 1 <= first <= len(found):
            raise Refused(f"{len(found):,} answers are like that: first is 1 to {len(found)}")
        shown = found[first - 1 : first - 1 + SHOWN]
        forms = Counter(self._index[number - 1].shape for number in found)
        told = ", ".join(f"{shape}: {count:,}" for shape, count in sorted(forms.items()))
        head = (
            f"{len(found):,} of {len(self._index):,} answers ({told}); these are {first:,} to "
            f"{first - 1 + len(shown):,} of them"
        )
        return "\n\n".join([head, *(self._short(number) for number in shown)])

    def full(self, number: int) -> str:
        """An answer in full, with its conversation.

        Raises:
            Refused: There is none of this number.
        """
        return f"{self._short(number)}\n{full_text(self._turn(number))}"

    @cached_property
    def sample(self) -> Sequence[Sequence[Turn]]:
        """The answers of two episodes, on which selectors are tried: the first and the last one."""
        places = sorted({0, len(self._episodes) - 1})
        return [read_episode(self._episodes[place])[0] for place in places]

    @cached_property
    def _episodes(self) -> list[Played]:
        return played_episodes([self._run])

    @cached_property
    def _index(self) -> list[_Entry]:
        return [
            _Entry(at, place, turn.routine, turn.shape, _happened(turn))
            for at, played in enumerate(self._episodes)
            for place, turn in enumerate(read_episode(played)[0])
        ]

    def _turn(self, number: int) -> Turn:
        if not 1 <= number <= len(self._index):
            raise Refused(f"there is no answer {number}: they are 1 to {len(self._index)}")
        entry = self._index[number - 1]
        if self._read[0] != entry.episode:
            self._read = entry.episode, read_episode(self._episodes[entry.episode])[0]
        return self._read[1][entry.place]

    def _short(self, number: int) -> str:
        turn = self._turn(number)
        return short_text(number, turn, self._index[number - 1].happened)


def _happened(turn: Turn) -> tuple[str, ...]:
    """The criteria that apply to an answer."""
    return tuple(name for name, measure in CRITERIA.items() if measure(turn))

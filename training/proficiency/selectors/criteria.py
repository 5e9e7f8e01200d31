"""The criteria of the default selector: small functions of an answer, weighed by a table."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from statistics import fmean

from memory_fs.operation import NOTHING
from memory_fs.suggestion import did_you_mean
from training.proficiency.selectors.selector import SelectorError, Verdict
from training.proficiency.turn import Command, Turn

#: Gives a number in [0, 1], or None where the criterion does not apply.
Measure = Callable[[Turn], float | None]


def cut_off(turn: Turn) -> float:
    """Whether the answer did not come to its own end."""
    return float(turn.stop_reason != "end")


def malformed(turn: Turn) -> float:
    """Whether a block of it is no command."""
    return float(turn.malformed > 0)


def turned_down(turn: Turn) -> float:
    """Whether the agent or the memory turned a command down."""
    return float(bool(turn.rejected) or any(not it.done for it in turn.commands))


def acts_in_log(turn: Turn) -> float:
    """Whether LOG writes a game action, which it may not."""
    return float(turn.routine == "log" and turn.action is not None)


def redundant(turn: Turn) -> float:
    """Whether a write changed nothing."""
    return float(any(it.redundant for it in turn.writes))


def blind_write(turn: Turn) -> float | None:
    """The share of writes to files with text that nobody had looked into."""
    return _share([not it.looked for it in turn.writes if it.held])


def consulted_first(turn: Turn) -> float | None:
    """The share of writes to files with text that had been looked into."""
    return _share([it.looked for it in turn.writes if it.held])


def read_later(turn: Turn) -> float | None:
    """The share of writes of which a line was found later."""
    return _share([it.read_after is not None for it in turn.writes])


def found(turn: Turn) -> float | None:
    """The share of lookups that found something."""
    return _share([_found(it) for it in turn.lookups])


def asked_again(turn: Turn) -> float | None:
    """The share of lookups that had been answered in the same game step."""
    return _share([it.known for it in turn.lookups])


def named(turn: Turn) -> float | None:
    """Whether what was found names the action that followed."""
    return float(turn.outcome.named) if turn.lookups else None


def moved(turn: Turn) -> float | None:
    """Whether the action that followed changed something."""
    return None if turn.outcome.moved is None else float(turn.outcome.moved)


def gain(turn: Turn) -> float:
    """Whether the progression rose in the game steps that followed."""
    return float(turn.outcome.gain > 0)


def rank(turn: Turn) -> float:
    """How the episode stands among those of its environment."""
    return turn.outcome.rank


def _found(lookup: Command) -> bool:
    """Whether it found something; COUNT shows no lines."""
    counted = lookup.op == "COUNT" and lookup.done and not lookup.result.startswith(NOTHING)
    return counted or bool(lookup.lines)


def _share(hits: Sequence[bool]) -> float | None:
    return fmean(hits) if hits else None


CRITERIA: Mapping[str, Measure] = {
    measure.__name__: measure
    for measure in (
        *(cut_off, malformed, turned_down, acts_in_log, redundant, blind_write, consulted_first),
        *(read_later, found, asked_again, named, moved, gain, rank),
    )
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion, as it stands in the table.

    Attributes:
        name: Name of its function.
        about: What it says of an answer to which it applies.
        weight: What its number is multiplied with.
        veto: Whether it rules an answer out.
    """

    name: str
    about: str
    weight: float = 0.0
    veto: bool = False


class CriteriaSelector:
    """Adds up criteria.

    Args:
        weights: Weights that are to be others than in the table, by name of the criterion.

    Raises:
        SelectorError: There is no such criterion.
    """

    def __init__(self, **weights: float) -> None:
        table = (files(__package__) / "criteria.toml").read_text(encoding="utf-8")
        criteria = {row["name"]: Criterion(**row) for row in tomllib.loads(table)["criterion"]}
        for name, weight in weights.items():
            if name not in criteria or criteria[name].veto:
                known = [it.name for it in criteria.values() if not it.veto]
                raise SelectorError(
                    f"there is no criterion {name!r} to be weighed.{did_you_mean(name, known)} "
                    f"There are {', '.join(known)}"
                )
            number = isinstance(weight, int | float) and not isinstance(weight, bool)
            if not number or not abs(weight) <= sys.float_info.max:
                raise SelectorError(f"the weight of {name} is a finite number, not {weight!r}")
            criteria[name] = Criterion(name, criteria[name].about, float(weight))
        self._criteria = [(criterion, CRITERIA[name]) for name, criterion in criteria.items()]

    def judge(self, turns: Sequence[Turn]) -> list[Verdict]:
        """As :meth:`training.proficiency.selectors.Selector.judge`."""
        return [self._verdict(turn) for turn in turns]

    def _verdict(self, turn: Turn) -> Verdict:
        score, reasons = 0.0, []
        for criterion, measure in self._criteria:
            value = measure(turn)
            if not value:
                continue
            if criterion.veto:
                return Verdict(0.0, (), criterion.about)
            score += criterion.weight * value
            reasons.append(criterion.about)
        return Verdict(score, tuple(reasons))

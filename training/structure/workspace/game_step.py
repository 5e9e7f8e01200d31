"""A recorded episode, game step by game step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agents import Event
from agents.backends.recorded import Asked
from benchmarks.measures.unproductive import UnproductiveSteps
from benchmarks.trace import Trace, Turn


@dataclass(frozen=True)
class GameStep:
    """A game step: the turns that led to it, and the one in which the game went on.

    So step 17 holds what was logged of step 16, the plan, and the 17th action with its outcome.

    Attributes:
        number: Its number, from 1.
        turns: The turns; behind the last step of an episode there may be some without an action.
        seen: The texts of the observation that it was decided on.
        told: The ``info`` of that observation.
        unchanged: How many steps in a row, this one included, changed nothing that can be seen.
        oscillating: Whether it undid what the step before it had done.
    """

    number: int
    turns: tuple[Turn, ...]
    seen: Mapping[str, str]
    told: Mapping[str, Any]
    unchanged: int
    oscillating: bool

    @property
    def last(self) -> Turn:
        """The turn in which the game went on."""
        return self.turns[-1]

    @property
    def action(self) -> str:
        """The action that was executed."""
        return str(self.last.info.get("executed_action"))

    @property
    def reward(self) -> float:
        """The reward of all its turns."""
        return sum(turn.reward for turn in self.turns)

    @property
    def asked(self) -> tuple[Asked, ...]:
        """What models were asked in it."""
        return tuple(asked for turn in self.turns for asked in turn.asked)

    @property
    def commands(self) -> list[dict[str, Any]]:
        """Its memory commands and their results."""
        return [done for turn in self.turns for done in turn.commands]

    @property
    def events(self) -> tuple[Event, ...]:
        """What else happened in it."""
        return tuple(event for turn in self.turns for event in turn.events)

    @property
    def progressions(self) -> tuple[Any, Any]:
        """The progression before it and after it."""
        return self.told.get("progression"), self.last.info.get("progression")


def game_steps(trace: Trace) -> Iterator[GameStep]:
    """The game steps of an episode, in order; turns that led to none are left out.

    Raises:
        TraceError: The trace is damaged.
    """
    seen: Mapping[str, str] = trace.header["texts"]
    told: Mapping[str, Any] = trace.header["info"]
    unproductive, row = UnproductiveSteps(seen, told), 0
    number, turns = told.get("game_step", 0), list[Turn]()
    before = unproductive.counts()
    for turn in trace.turns():
        turns.append(turn)
        unproductive.add(turn)
        now = turn.info.get("game_step", turn.turn)
        if now == number:
            continue
        counts = unproductive.counts()
        row = row + 1 if counts["stuck"] > before["stuck"] else 0
        undid = counts["oscillating"] > before["oscillating"]
        yield GameStep(now, tuple(turns), seen, told, row, undid)
        number, turns, before = now, [], counts
        seen, told = turn.observation, turn.info

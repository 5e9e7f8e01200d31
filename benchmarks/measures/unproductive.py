"""Game steps that led nowhere.

Let ``s(t)`` be what the player has after game step ``t``: the texts ``observation`` and ``status``,
and the entry ``position`` of ``info`` where there is one. Then step ``t`` is

* *stuck* if ``s(t) == s(t - 1)``: it changed nothing that can be seen;
* *oscillating* if ``s(t) == s(t - 2)`` and it was not stuck: it undid what the step before it had
  done (A-B-A).

Two things would make this unfair, and are told apart by entries of ``info`` that any game may have:

* ``game_time``, the game's own clock. A text that shows it is never the same twice, so that walking
  to and fro would not count in a game that shows the time, and would in the same game without it.
  Texts are therefore the same too where they differ in nothing but that number.
* ``sleeping``. A player that cannot act does not waste the step: a step that begins asleep is
  neither.

Steps that wait or search on purpose are stuck wherever nothing but time passes; so are keys that
a game takes without showing them, such as the first digit of a count. Whatever else moves in sight,
a pet or a cow, makes a step count as productive. So the figures compare agents in the same game,
not games.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from benchmarks.trace import Turn

#: What the steps are called, and how tables call them.
UNPRODUCTIVE = {"stuck": "stuck steps, %", "oscillating": "oscillating steps, %"}


class _State:
    """What a player has after a game step."""

    def __init__(self, observation: Mapping[str, str], info: Mapping[str, Any]) -> None:
        self.texts = observation.get("observation", ""), observation.get("status", "")
        self.position = info.get("position")
        self.asleep = bool(info.get("sleeping"))
        self._time = info.get("game_time")

    @cached_property
    def timeless(self) -> tuple[str, ...]:
        """The texts without the clock."""
        if type(self._time) is not int:
            return self.texts
        return tuple(_without(text, str(self._time)) for text in self.texts)

    def same(self, other: _State | None) -> bool:
        """Whether nothing tells it from another one but the time."""
        return (
            other is not None
            and self.position == other.position
            and (self.texts == other.texts or self.timeless == other.timeless)
        )


def _without(text: str, number: str) -> str:
    """A text without a number, where that does not stand as a part of another one."""
    # By hand: making a pattern for the time of every step takes longer than all else here.
    kept, start, at = [], 0, text.find(number)
    while at >= 0:
        end = at + len(number)
        if not (text[max(0, at - 1) : at].isdecimal() or text[end : end + 1].isdecimal()):
            kept.append(text[start:at])
            start = end
        at = text.find(number, end)
    return "".join([*kept, text[start:]])


class UnproductiveSteps:
    """Counts such steps in an episode, turn by turn.

    Args:
        observation: What ``env.reset`` returned.
        info: Its ``info``.
    """

    def __init__(self, observation: Mapping[str, str], info: Mapping[str, Any]) -> None:
        self._step = info.get("game_step", 0)
        self._last = _State(observation, info)
        self._before: _State | None = None
        self._counts = dict.fromkeys(UNPRODUCTIVE, 0)

    def add(self, turn: Turn) -> None:
        """Looks at the next turn; one that did not reach the game is no step."""
        step = turn.info.get("game_step", turn.turn)
        if step == self._step:
            return
        self._step = step
        now = _State(turn.observation, turn.info)
        if not self._last.asleep:
            if now.same(self._last):
                self._counts["stuck"] += 1
            elif now.same(self._before):
                self._counts["oscillating"] += 1
        self._before, self._last = self._last, now

    def counts(self) -> dict[str, int]:
        """How many steps were ``stuck``, and how many ``oscillating``."""
        return dict(self._counts)

"""The action log of a terminal game, whose map tells the place.

A line holds the place that an action led to, ``step 7: east -> at 12,5, level 1, turn 9``, or what
the game asked instead, ``step 8: kick -> asked: In what direction?``. Where the game will ask about
the next action, the answers stand behind the place: ``... turn 10, with b west``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

#: How many of the last actions are looked up.
RECENT = 24
#: Any line of the log.
LINE = re.compile(r"step \d+: .* -> ")
#: So many moves to so few cells are walking in circles.
_CIRCLE, _CELLS = 16, 4
_LOGGED = re.compile(
    r"step (?P<step>[0-9]{1,9}): (?P<action>.+?) -> at (?P<cell>[1-7]?[0-9],(?:1?[0-9]|2[01])), "
    r"level (?P<level>[0-9]{1,2})(?:, turn (?P<turn>[0-9]{1,9}))?"
    r"(?:, with (?P<use>\S (?:[a-z]{1,9}|-)))?"
)


class Logged(NamedTuple):
    """A line of the log that tells a place.

    Attributes:
        step: The game step to which the action led.
        action: The action.
        cell: Where it led, as ``column,row``.
        level: The dungeon level.
        turn: The game's time; -1 where it is not shown.
        use: The item that the next action uses, and where that is aimed: ``b west``.
    """

    step: int
    action: str
    cell: str
    level: int
    turn: int = -1
    use: str = ""

    def __str__(self) -> str:
        turn = f", turn {self.turn}" if self.turn >= 0 else ""
        use = f", with {self.use}" if self.use else ""
        return f"step {self.step}: {self.action} -> at {self.cell}, level {self.level}{turn}{use}"


class Trail:
    """The lines of a log that tell a place.

    Args:
        lines: The lines of the file.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        found = filter(None, map(_LOGGED.fullmatch, lines))
        told = (
            Logged(
                int(line["step"]),
                line["action"],
                line["cell"],
                int(line["level"]),
                int(line["turn"] or -1),
                line["use"] or "",
            )
            for line in found
        )
        by_step = {entry.step: entry for entry in told}
        self.entries = [by_step[step] for step in sorted(by_step)]
        self._by_step: Mapping[int, Logged] = by_step

    def at(self, step: int) -> Logged | None:
        """The line of a step."""
        return self._by_step.get(step)

    def before(self, step: int) -> Logged | None:
        """The last line before a step."""
        return next((entry for entry in reversed(self.entries) if entry.step < step), None)

    def circles(self, moves: Mapping[str, int]) -> bool:
        """Whether the last moves led nowhere.

        Args:
            moves: The actions that move.
        """
        last = self.entries[-_CIRCLE:]
        cells = {entry.cell for entry in last if entry.action in moves}
        return len(last) == _CIRCLE and 0 < len(cells) <= _CELLS

    def stalled(self) -> int:
        """Of the last actions, how many have passed without the game's time going on."""
        turns = [entry.turn for entry in reversed(self.entries)]
        if not turns or turns[0] < 0:
            return 0
        return next((n for n, turn in enumerate(turns) if turn != turns[0]), len(turns)) - 1

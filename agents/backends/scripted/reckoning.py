"""Dead reckoning: an action log with places, for games that do not tell where the player stands.

A line holds the place that an action led to, counted in steps from the start, and what barred the
way there: ``step 7: Move West -> at -3 0, facing west at tree, blocked west``. Who wrote without
having looked could not know the place, and such a line tells only what is faced.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

Cell = tuple[int, int]  # x to the east, y to the south

COMPASS: dict[str, Cell] = {"north": (0, -1), "east": (1, 0), "south": (0, 1), "west": (-1, 0)}
NAMES = {step: name for name, step in COMPASS.items()}
#: What stands in an action's place where there was none.
START = "start"
#: Any line of the log.
LINE = re.compile(r"step \d+: .* -> ")
#: So many actions are counted on from the last place that is told.
REACH = 12

_WAY = "|".join(COMPASS)
_LOGGED = re.compile(
    rf"step (?P<step>[0-9]{{1,9}}): (?P<action>\S.*?) -> "
    rf"(?:at (?P<x>-?[0-9]{{1,4}}) (?P<y>-?[0-9]{{1,4}}), )?facing (?:(?P<facing>{_WAY}) at )?"
    rf"(?P<front>[a-z_]+)(?:, blocked (?P<blocked>(?:{_WAY})(?: (?:{_WAY}))*))?"
    r"(?P<asleep>, asleep)?"
)


class Logged(NamedTuple):
    """A line of the log.

    Attributes:
        step: The game step to which the action led.
        action: The action.
        position: Where it led, from the start of the episode; None where that was not known.
        facing: The step to the cell that is faced then; None where that was not known.
        front: What stands there.
        blocked: The directions in which no step was possible then.
        asleep: Whether the player slept then.
    """

    step: int
    action: str
    position: Cell | None = None
    facing: Cell | None = None
    front: str = ""
    blocked: frozenset[str] = frozenset()
    asleep: bool = False

    def __str__(self) -> str:
        head = f"step {self.step}: {self.action} -> "
        if self.position is None or self.facing is None:
            return f"{head}facing {self.front}"
        barred = " ".join(name for name in COMPASS if name in self.blocked)
        return (
            f"{head}at {self.position[0]} {self.position[1]}, facing {NAMES[self.facing]} at "
            f"{self.front}{barred and f', blocked {barred}'}{', asleep' * self.asleep}"
        )


def read_log(lines: Iterable[str]) -> dict[int, Logged]:
    """The lines of a log, by step."""
    found = filter(None, map(_LOGGED.fullmatch, lines))
    return {
        int(line["step"]): Logged(
            int(line["step"]),
            line["action"],
            (int(line["x"]), int(line["y"])) if line["x"] and line["facing"] else None,
            COMPASS.get(line["facing"] or ""),
            line["front"],
            frozenset((line["blocked"] or "").split()),
            bool(line["asleep"]),
        )
        for line in found
    }


def locate(
    log: Mapping[int, Logged], step: int, last_action: str, moves: Mapping[str, Cell]
) -> tuple[Cell, Cell] | None:
    """Counts on from the last place that a log tells.

    Args:
        log: The lines by step.
        step: The present step.
        last_action: The action that led to it.
        moves: The actions that move, with their steps.

    Returns:
        Position and facing; None where no line tells a place.
    """
    told = [at for at, line in log.items() if line.position and line.facing and at <= step]
    if not told:
        return None
    base = log[max(told)]
    assert base.position is not None
    assert base.facing is not None
    position, facing = base.position, base.facing
    for at in range(max(base.step + 1, step - REACH), step + 1):
        action = last_action if at == step else log[at].action if at in log else ""
        if action in moves:
            facing = moves[action]
            # Only for the first of them is it known what barred the way.
            if at > base.step + 1 or not (base.asleep or NAMES[facing] in base.blocked):
                position = (position[0] + facing[0], position[1] + facing[1])
    return position, facing

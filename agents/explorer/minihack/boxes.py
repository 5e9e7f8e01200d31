"""Pushing boxes in Boxoban: the level is solved once, and the solution written down."""

from __future__ import annotations

from agents.explorer.terminal.situation import NOTHING, Situation
from automem_gym.games.minihack.boxoban_solver import Level, solve

#: The map's characters in those of the published levels; all others are wall.
_SIGNS = {"`": "$", "{": ".", ".": " ", "<": " ", "@": "@"}
_UNSOLVED = "none"
#: Effort that takes a few seconds at most.
_MOST_STATES = 100_000


def push_boxes(s: Situation) -> str | None:
    """Takes the next step of the solution; None where there are no boxes, or no solution."""
    solution = s.place.get("solution")
    if solution is None:
        cells = s.screen.cells
        # Only Boxoban has boxes and goals, and nobody there moves diagonally.
        if "northeast" in s.actions or "`" not in cells or "{" not in cells:
            return None
        level = Level.from_text("".join(_SIGNS.get(sign, "#\n"[sign == "\n"]) for sign in cells))
        solution = " ".join(solve(level, _MOST_STATES) or [_UNSOLVED])
    direction, _, rest = solution.partition(" ")
    if direction not in s.actions:
        s.place["solution"] = _UNSOLVED
        return None
    s.place["solution"] = rest or NOTHING
    return direction

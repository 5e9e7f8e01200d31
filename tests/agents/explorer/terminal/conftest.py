import random

import pytest

from agents.explorer.terminal.map import read_map
from agents.explorer.terminal.situation import Situation

ACTIONS = ("north", "east", "south", "west", "search", "kick")
ACTIONS += ("northeast", "southeast", "southwest", "northwest")


@pytest.fixture
def situation():
    """Makes a situation from rows, the first of which are those of the map."""
    return make


def make(rows, at, place=None, message=""):
    """The player at a column and row of these rows, which begin in the first row of the map."""
    shown = [list(row) for row in rows]
    shown[at[1] - 1][at[0]] = "@"
    bottom = ["Agent", "Dlvl:1 HP:9(9) T:5"]
    lines = [*map("".join, shown), *[""] * (21 - len(rows)), *bottom]
    text = "".join(f"{line:80}\n" for line in lines)
    cursor = f"Yourself a digger\n(x={at[0]}, y={at[1]})"
    screen = read_map(
        f"message:\n{message}\n\nlanguage observation:\n\n\ncursor:\n{cursor}\n\nmap:\n{text}\n"
    )
    return Situation(screen, "", {}, ACTIONS, random.Random(0), {}, dict(place or {}))

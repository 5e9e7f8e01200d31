import random
from collections.abc import Callable

import pytest

from agents.explorer.terminal.map import read_map
from agents.explorer.terminal.situation import Situation
from automem_gym.games.minihack.tasks import TASKS

Scene = Callable[..., Situation]


@pytest.fixture
def scene() -> Scene:
    """Makes a situation of the rows of a map, in which ``@`` is the player."""

    def make(*rows: str, status: str = "", message: str = "", task: str = "Quest-Medium", **place):
        y = next(number for number, row in enumerate(rows) if "@" in row)
        shown = "".join(f"{row:80}\n" for row in [*rows, *[""] * (21 - len(rows))])
        screen = read_map(
            f"message:\n{message}\n\nlanguage observation:\n\n\ncursor:\nYourself a tourist\n"
            f"(x={rows[y].index('@')}, y={y + 1})\n\nmap:\n{shown}Agent\nDlvl:1 HP:10(15)\n"
        )
        assert screen is not None
        actions = TASKS[task].actions
        return Situation(screen, status, {}, actions, random.Random(0), {}, place)

    return make

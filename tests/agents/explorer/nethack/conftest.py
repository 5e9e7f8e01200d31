import random
import re

import pytest

from agents.explorer.players.nethack import Explorer
from agents.explorer.terminal.facts import gather, scatter
from automem_gym.game import Sight
from automem_gym.games.nethack.actions import KEYS

INFO = {"actions": tuple(KEYS), "default_action": "esc", "vocabulary": ("READ", "WRITE", "UPSERT")}
ROOM = ("-------", "|.....|", "|.....|", "|.....|", "-------")


def _file(name, notes):
    lines = [f"{key}: {text}" for key, text in ({"keys": "-"} | notes).items()]
    return "\n".join([f"READ {name}: {len(lines)} lines", *lines])


class Turn:
    """What the player does on a screen: its action, and the notes that it writes."""

    def __init__(self, text):
        self.action = re.search(r"<\|ACTION\|>(.*)<\|END\|>$", text)[1]
        self.written = gather(
            dict(re.findall(r"<\|UPSERT\|>[^|]*\|([^|]*)\|([^|]*)<\|END\|>", text))
        )


@pytest.fixture
def play():
    """Plays a turn; the player stands in the middle of a room of 5 by 3 cells, at 3,3."""

    def play(
        *creatures,
        message="",
        status="",
        notes=None,
        place=None,
        level=1,
        hp="9(9)",
        turn=50,
        more="",
        asks=False,
        sights=None,
    ):
        rows = [list(row) for row in ROOM]
        rows[2][3] = "@"
        seen = dict(sights or {})
        for direction, column, row, sign, name in creatures:
            rows[row - 1][column] = sign
            seen[direction] = Sight(name, 1)
        bottom = ("Agent", f"Dlvl:{level} HP:{hp} T:{turn} {more}")
        lines = [*map("".join, rows), *[""] * 16, *bottom]
        shown = "".join(f"{line:80}\n" for line in lines)
        cursor = "\n(x=9, y=0)" if asks else "Yourself a digger\n(x=3, y=3)"
        text = (
            f"message:\n{message}\n\nlanguage observation:\n\n\n"
            f"cursor:\n{cursor}\n\nmap:\n{shown}\n"
        )
        here = f"level-{level}.md"
        observation = {
            "observation": text,
            "status": status,
            "memory": f"{_file('notes.md', notes or {})}\n{_file(here, scatter(place or {}))}",
            "files": f"notes.md (1 line)\n{here} (1 line)",
        }
        return Turn(Explorer(INFO, random.Random(0)).act(observation, {"surroundings": seen}))

    return play

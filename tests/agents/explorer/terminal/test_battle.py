import random
from types import SimpleNamespace

from agents.explorer.terminal.battle import retreat
from agents.explorer.terminal.map import read_map
from agents.explorer.terminal.situation import Situation

COMPASS = ("north", "east", "south", "west", "northeast", "southeast", "southwest", "northwest")


def situation(row, place):
    """In a corridor that goes on to the west, with a room to the east."""
    rows = ["------", row, "------"]
    shown = "".join(f"{text:80}\n" for text in [*rows, *[""] * 18])
    screen = read_map(
        "message:\n\n\nlanguage observation:\n\n\ncursor:\nYourself a tourist\n"
        f"(x={row.index('@')}, y=2)\n\nmap:\n{shown}Agent\nDlvl:1 HP:10(15)\n"
    )
    assert screen is not None
    sights = {"east": SimpleNamespace(name="giant rat", steps=1)} if "@r" in row else {}
    return Situation(screen, "", sights, COMPASS, random.Random(0), {}, place)


def test_enemies_out_of_sight_are_awaited_a_step_back_and_only_once():
    place: dict[str, str] = {}
    assert retreat(situation("###@r..", place)) is None
    assert retreat(situation("###@...", place)) == "west"
    assert retreat(situation("##@#...", place)) is None


def test_nobody_steps_back_from_nobody():
    assert retreat(situation("###@...", {})) is None
    assert retreat(situation("###@...", {"foes": "somewhere"})) is None

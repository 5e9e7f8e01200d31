"""The scaffolds with short prompts, on the real games."""

import re

import gymnasium
import pytest

import automem_gym  # noqa: F401  (registers the environments)
from agents.scaffold import load_scaffold
from agents.trial import try_scaffold

ENVIRONMENTS = (
    "AutoMem-Crafter-v0",
    "AutoMem-Crafter-Courier-v0",
    "AutoMem-MiniHack-MazeWalk-9x9-v0",
    "AutoMem-MiniHack-Memento-F4-v0",
    "AutoMem-NetHack-v0",
)


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def played(request):
    env = gymnasium.make(request.param)
    scaffold = load_scaffold("brief", env.get_wrapper_attr("game_name"))
    yield try_scaffold(scaffold, env, seed=5)
    env.close()


def scenes(played):
    return [shown.text for shown in played.rendered if shown.name in ("log", "plan")]


def test_they_play_and_are_short(played):
    assert played.problems == []
    for shown in played.rendered:
        most = 160 if shown.name.startswith("system_") else 120
        assert len(shown.text.split()) < most, shown.name
    systems = {shown.text for shown in played.rendered if shown.name.startswith("system_")}
    assert len(systems) == 1  # both routines begin alike, and it is read once


def test_what_is_shown_is_laid_out(played):
    for text in scenes(played):
        assert re.match(r"<step>\d+</step>\n<last_action>.*</last_action>\n<observation>\n", text)
        assert re.search(r"\nYou are (LOG|PLAN)\.$", text)
        assert "\n\n" not in text


@pytest.mark.parametrize("env_id", ENVIRONMENTS[2:])
def test_ways_lead_to_the_cells_that_are_beside(env_id):
    env = gymnasium.make(env_id)
    observation, info = env.reset(seed=3)
    prompt = load_scaffold("brief", info["game"]).prompt
    facts = {
        **{name: observation[name] for name in ("observation", "status", "files")},
        "surroundings": [
            {"direction": way, "name": sight.name, "steps": sight.steps, "distance": ""}
            for way, sight in info["surroundings"].items()
        ],
        "routine": "plan",
        "game_step": 0,
        "last_action": "",
        "notices": [],
    }
    text = prompt("plan", facts)
    level, x, y = re.search(r"You are at (\d+)\((\d+),(\d+)\)\.", text).groups()
    assert (int(x), int(y)) == (info["x"], info["y"] + 1)
    ways = re.findall(r"^([a-z]+) (\d+)\((\d+),(\d+)\)", text, re.MULTILINE)
    assert ways
    for way, floor, column, row in ways:
        assert floor == level
        east = ("east" in way) - ("west" in way)
        south = ("south" in way) - ("north" in way)
        assert (int(column) - int(x), int(row) - int(y)) == (east, south)
    # A step on one of them leads there.
    way, _, column, row = ways[0]
    _, _, _, _, info = env.step(way)
    assert (info["x"], info["y"] + 1) == (int(column), int(row))
    env.close()

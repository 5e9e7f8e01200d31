"""The courier's player, from what it is shown to what it delivers."""

import random

import gymnasium
import pytest

from agents import load_agent
from agents.explorer.crafter.chart import Chart, index
from agents.explorer.crafter.record import Record
from agents.explorer.players.courier import Explorer
from automem_gym.game import Sight
from memory_fs.operation import OPERATIONS

INFO = {"vocabulary": tuple(OPERATIONS)}
GRASS = "- grass 1 step to your west"


def act(things=(), front="grass", parcel=False, position=(0, 0), known=None, rays=None):
    """What it does in front of some things, with a map of others."""
    chart = Chart()
    for x in range(-9, 10):
        for y in range(-9, 10):
            chart.mark(index((x, y)), (known or {}).get((x, y), ","))
    files = {
        "notes.md": [f"{k}: {text}" for k, text in Record(position=position).notes().items()],
        "map.md": chart.lines(),
    }
    read = ["\n".join([f"READ {name}: {len(told)} lines", *told]) for name, told in files.items()]
    seen = "\n".join([GRASS, *(f"- {thing}" for thing in things)])
    observation = {
        "observation": f"You see:\n{seen}\n\nYou face {front} at your front.",
        "status": "Your inventory:\n- parcel: 1" if parcel else "You have nothing.",
        "memory": "\n".join(read),
        "files": "",
    }
    info = {"game_step": 9, "surroundings": rays or {}}
    turn = Explorer(INFO, random.Random(0)).act(observation, info)
    return turn.removesuffix("<|END|>").rpartition("<|ACTION|>")[2]


@pytest.mark.parametrize(
    ("parcel", "front", "action"),
    [(False, "table", "Do"), (True, "furnace", "Do"), (True, "table", "Move North")],
)
def test_it_uses_the_site_that_it_faces_if_it_is_the_next_one(parcel, front, action):
    known = {(0, 1): {"table": "t", "furnace": "f"}[front], (0, -8): "f"}
    things, rays = [f"{front} 1 step to your south"], {"south": Sight(front, 1)}
    assert act(things, front, parcel, known=known, rays=rays) == action


def test_it_goes_where_its_map_has_the_site_out_of_sight():
    known = {(-8, 0): "t", (8, 0): "f"}
    assert act(known=known) == "Move West"
    assert act(known=known, parcel=True) == "Move East"
    assert act(known=known, parcel=True, position=(9, 6)) == "Move North"


def test_it_searches_near_the_table_for_what_it_does_not_know():
    # It stands in the middle of a spit of land, of which both ends are unknown.
    sea = {(x, y): "W" for x in range(-9, 10) for y in range(-9, 10) if y}
    assert act(known=sea | {(-8, 1): "t"}, parcel=True) == "Move West"
    assert act(known=sea | {(8, 1): "t"}, parcel=True) == "Move East"


def played(seed, **options):
    env = gymnasium.make("AutoMem-Crafter-Courier-v0", **options)
    observation, info = env.reset(seed=seed)
    agent = load_agent("explorer")
    agent.reset(observation, info, seed)
    over = False
    while not over:
        observation, _, terminated, truncated, info = env.step(agent.act(observation, info).action)
        assert info["invalid_action"] is None
        assert all(command["ok"] for command in info["commands"])
        over = terminated or truncated
    env.close()
    return info["progression"]


def test_who_remembers_delivers_and_who_forgets_does_not():
    assert played(101) > 0.5
    assert played(101, memory_span=16, max_game_steps=300) < 0.2

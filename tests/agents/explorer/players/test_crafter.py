"""The Crafter player, from what it is shown to what it does and remembers."""

import random

import gymnasium
import pytest

from agents import load_agent
from agents.explorer.crafter.cells import NEIGHBOURS, SIDE, cheapest
from agents.explorer.crafter.chart import Chart, ChartReader, index
from agents.explorer.crafter.goals import GATHER, MAKES, wanted
from agents.explorer.crafter.record import Record
from agents.explorer.crafter.view import Nearest, read_view
from agents.explorer.notes import recall, shown
from agents.explorer.players.crafter import MAP, Explorer
from automem_gym.game import Sight
from automem_gym.games.crafter.game import CrafterGame
from memory_fs.operation import OPERATIONS

VITALS = "Your status:\n- health: 9/9\n- food: {food}/9\n- drink: 9/9\n- energy: 9/9\n\n"
ACTIONS = CrafterGame().actions
INFO = {"vocabulary": tuple(OPERATIONS)}


def frame(things=(), front="grass", items="", food=9, memory=""):
    """What the player is shown, with things given as ``tree 1 step to your north``."""
    seen = "\n".join(f"- {thing}" for thing in ("grass 2 steps to your north-west", *things))
    carried = f"Your inventory:\n{items}" if items else "You have nothing in your inventory."
    return {
        "observation": f"You see:\n{seen}\n\nYou face {front} at your front.",
        "status": VITALS.format(food=food) + carried,
        "memory": memory,
        "files": "",
    }


def notes(done=("sapling", "wake up"), **changes):
    """The answer to reading notes of a player that has done some things."""
    values = Record(done=dict.fromkeys(done, "step 1"), **changes).notes()
    lines = [f"{key}: {text}" for key, text in values.items()]
    return "\n".join([f"READ notes.md: {len(lines)} lines", *lines])


def act(observation, surroundings=None, step=10):
    turn = Explorer(INFO, random.Random(0)).act(
        observation, {"game_step": step, "surroundings": surroundings or {}}
    )
    return turn.removesuffix("<|END|>").rpartition("<|ACTION|>")[2]


def play(seed, steps=2000, each=None, **options):
    env = gymnasium.make("AutoMem-Crafter-v0", **options)
    observation, info = env.reset(seed=seed)
    agent, start = load_agent("explorer"), info["position"]
    agent.reset(observation, info, seed)
    actions = []
    for _ in range(steps):
        actions.append(agent.act(observation, info).action)
        observation, _, terminated, truncated, info = env.step(actions[-1])
        if each:
            each(observation, info, start)
        if terminated or truncated:
            break
    env.close()
    return actions, info


# What it sees


@pytest.mark.parametrize(
    ("steps", "direction", "cells"),
    [
        (3, "west", [(-3, 0)]),
        (2, "south", [(0, 2)]),
        (2, "north-east", [(1, -1)]),
        (4, "north-west", [(-1, -3), (-2, -2), (-3, -1)]),
        (7, "south-east", [(4, 3)]),
    ],
)
def test_a_distance_and_a_quarter_leave_few_cells(steps, direction, cells):
    assert Nearest(steps, direction).cells() == cells


def test_a_frame_is_read_from_its_texts():
    view = read_view(
        frame(
            ["tree 1 step to your north", "water 5 steps to your south-east"], "tree", "- wood: 3"
        ),
        {"north": Sight("tree", 1), "up": Sight("sky", 1)},
    )
    assert dict(view.things) == {
        "grass": (2, "north-west"),
        "tree": (1, "north"),
        "water": (5, "south-east"),
    }
    assert (view.front, view.amount("wood"), view.amount("stone")) == ("tree", 3, 0)
    assert (view.amount("health"), view.asleep) == (9, False)
    assert (view.beside("north"), view.beside("south"), set(view.rays)) == ("tree", "", {"north"})


# The chart


def test_the_chart_survives_as_text_whole_and_in_parts():
    chart = Chart()
    for x, symbol in enumerate("TS_W"):
        chart.mark(index((x - 32, 5)), symbol)
    chart.mark(index((3, -2)), "L")
    chart.mark_edge(index((0, 30)), SIDE)
    news = chart.news()
    assert len(news) == 3  # the edge, and two tiles
    assert Chart(news).grid == chart.grid == Chart(chart.lines()).grid
    assert Chart(chart.lines()).news() == []


def test_a_chart_that_is_read_again_is_the_same_whatever_has_become_of_its_lines():
    reader, lines = ChartReader(), []
    for x in (-20, 3, 4, 3, 12):
        chart = reader.read(lines)
        chart.mark(index((x, 2)), "T" if chart.at(index((x, 2))) == "_" else "S")
        lines = [*lines, *chart.news()]
        assert reader.read(lines).grid == Chart(lines).grid == chart.grid
    assert reader.read(lines[2:]).grid == Chart(lines[2:]).grid != chart.grid


def test_near_ground_and_the_rays_are_charted_and_the_rest_is_unclear():
    chart, me = Chart(), index((0, 0))
    things = ["grass 1 step to your north", "tree 3 steps to your north-east"]
    things += ["cow 4 steps to your west"]
    rays = {"west": Sight("cow", 4), "northeast": Sight("tree", 2)}
    chart.look(me, -SIDE, read_view(frame(things), rays))
    around = {cell: chart.at(index(cell)) for cell in [(1, 1), (2, -2), (-4, 0), (2, -1), (5, 0)]}
    assert around == {(1, 1): ",", (2, -2): "T", (-4, 0): "c", (2, -1): "?", (5, 0): "_"}


@pytest.mark.parametrize("x", [-36, -33, 0, 32, 35])
@pytest.mark.parametrize("y", [-36, -34, 33, 35])
def test_a_place_that_no_world_has_draws_nothing(x, y):
    """Whoever logs blindly loses count of the steps, and the notes are believed."""
    chart = Chart()
    view = read_view(frame(["tree 3 steps to your north-east"]), {"west": Sight("stone", 4)})
    for direction in (1, -1, SIDE, -SIDE):
        chart.look(index((x, y)), direction, view)
    assert chart.grid == Chart().grid


def test_a_way_goes_around_what_it_cannot_enter_and_weighs_goals():
    chart, me = Chart(), index((0, 0))
    for x in range(-3, 9):
        for y in range(-3, 4):
            chart.mark(index((x, y)), ".")
    for y in range(-2, 4):
        chart.mark(index((1, y)), "W")
    chart.mark(index((2, 0)), "T")
    chart.mark(index((-3, 3)), "I")
    north, _, south, west = NEIGHBOURS
    free, tree, iron = map(chart.cells, ".TI")
    way = cheapest(me, {1: free}, {0: tree})
    assert (way.step, way.goal) == (north, index((2, 0)))
    assert cheapest(me, {1: free}, {0: tree | iron}).goal == index((-3, 3))
    assert cheapest(me, {1: free}, {-9: tree, 0: iron}).goal == index((2, 0))
    assert cheapest(me, {1: free}, {0: 1 << index((-1, 0))})[::2] == (west, index((-1, 0)))
    assert cheapest(me, {1: free}, {0: chart.cells("D")}) is None
    assert cheapest(me, {1: free & ~(1 << me + south)}, {0: iron}).step == west


@pytest.mark.parametrize(
    ("gap", "closed"), [(None, True), (".", False), ("?", False), ("L", False)]
)
def test_a_place_is_enclosed_when_nothing_can_come_in(gap, closed):
    chart, me = Chart(), index((0, 0))
    for place in range(SIDE * SIDE):
        chart.mark(place, ".")
    for cell in [(0, -1), (0, 1), (1, -1), (1, 1), (-1, 0), (2, 0)]:
        chart.mark(index(cell), "S")
    if gap:
        chart.mark(index((2, 0)), gap)
    assert chart.enclosed(me) is closed


# The table of goals


def test_every_goal_is_an_action_of_the_game_on_items_that_can_be_had():
    assert {make.action for make in MAKES.values()} <= set(ACTIONS)
    assert {item for make in MAKES.values() for item in make.uses} <= {*GATHER, "sapling"}
    assert {row.tool for row in GATHER.values()} - {""} <= set(MAKES)


def test_less_is_wanted_the_more_is_done():
    assert wanted("iron", ()) == 2
    assert wanted("iron", ("iron_pickaxe",)) == 1
    assert wanted("iron", ("iron_pickaxe", "iron_sword")) == 0
    assert (wanted("diamond", ()), wanted("diamond", ("diamond",))) == (1, 0)


# What it does


@pytest.mark.parametrize(
    ("near", "front", "items", "action"),
    [
        # In front: used. Beside: turned to. Further away: walked to.
        ({"south": ("tree", 1)}, "tree", "", "Do"),
        ({"west": ("tree", 1)}, "grass", "", "Move West"),
        ({"east": ("tree", 4)}, "grass", "", "Move East"),
        # A zombie comes before a tree in front.
        ({"east": ("zombie", 1), "south": ("tree", 1)}, "tree", "", "Move East"),
        # What can be made is made.
        ({}, "grass", "- wood: 2", "Place Table"),
        ({}, "grass", "- sapling: 1", "Place Plant"),
    ],
)
def test_it_does_what_the_moment_asks_for(near, front, items, action):
    things = [
        f"{kind} {steps} step{'s' * (steps > 1)} to your {where}"
        for where, (kind, steps) in near.items()
    ]
    surroundings = {where: Sight(*sight) for where, sight in near.items()}
    assert act(frame(things, front, items, memory=notes()), surroundings) == action


def test_it_makes_a_tool_where_a_table_is_next_to_it():
    done = notes(("sapling", "table", "wake up"))
    things, rays = ["table 1 step to your east"], {"east": Sight("table", 1)}
    assert act(frame(things, items="- wood: 1", memory=done), rays) == "Make Wood Pickaxe"


def test_it_searches_grass_until_it_has_had_a_sapling():
    assert act(frame(memory=notes(()))) == "Do"
    assert act(frame(memory=notes())) != "Do"


def test_hunger_outweighs_a_nearer_tree():
    things = ["tree 1 step to your south", "cow 3 steps to your west"]
    rays = {"south": Sight("tree", 1), "west": Sight("cow", 3)}
    done = notes(("sapling", "cow", "drink", "wake up"))
    assert act(frame(things, "tree", memory=done), rays) == "Do"
    assert act(frame(things, "tree", food=2, memory=done), rays) == "Move West"


def test_it_waits_while_it_sleeps():
    shown_to_it = frame(memory=notes())
    shown_to_it["observation"] = "You are sleeping, and more.\n\n" + shown_to_it["observation"]
    assert act(shown_to_it) == "Noop"


def test_it_never_steps_into_lava():
    rays = {name: Sight("lava", 1) for name in ("north", "east", "south", "west")}
    things = ["lava 1 step to your north", "tree 3 steps to your north"]
    for step in (10, 200):
        shown_to_it = frame(things, "lava", memory=notes(facing=(0, 1)))
        assert act(shown_to_it, rays, step) == "Noop"


@pytest.mark.parametrize("text", ["", "You died.", "--More--", "You see:\n- tree", "<|END|>\n|"])
@pytest.mark.parametrize("memory", ["", "READ notes.md: refused: gone", notes(facing=(1, 0))])
def test_any_text_gives_an_action_of_the_game(text, memory):
    shown_to_it = {"observation": text, "status": text, "memory": memory, "files": ""}
    assert act(shown_to_it) in ACTIONS


@pytest.mark.parametrize(
    "shelter", [("row", (5999, 1)), ("square", (-9, 76)), ("column", (35, 35))]
)
@pytest.mark.parametrize("goal", [(600, 600), (-39, 0), (0, 38)])
def test_places_outside_its_chart_are_not_gone_to(shelter, goal):
    memory = notes(shelter=shelter, goal=goal, heading=(0, 1))
    # By day it explores, and at night it builds a shelter.
    for step, items in ((10, ""), (200, "- stone: 9")):
        assert act(frame(items=items, memory=memory), step=step) in ACTIONS


@pytest.mark.parametrize(
    ("told", "instead"),
    [
        ("facing south", "facing up"),
        ("heading south", "heading 0 0"),
        ("at 0 0", "at 1"),
        ("to none", "to here"),
        ("shelter none", "shelter tower at 1 1"),
    ],
)
def test_a_record_with_a_mistake_is_no_record(told, instead):
    now = Record().notes()["now"]
    assert Record.read({"now": now}) == Record()
    assert told in now
    assert Record.read({"now": now.replace(told, instead)}) is None


def test_what_is_done_stays_written_as_it_was():
    record = Record(done={"table": "step 7"}, last=("Do", "water"))
    record.learn(read_view(frame(front="water", items="- wood: 1"), {}), 9)
    assert record.notes() | {"now": ""} == {
        "now": "",
        "done table": "step 7",
        "done drink": "step 9",
        "done wood": "step 9",
    }


# What it remembers


def test_it_knows_where_it_is_and_all_its_commands_are_accepted():
    def check(observation, info, start):
        assert info["invalid_action"] is None
        assert [command["command"] for command in info["commands"] if not command["ok"]] == []
        x, y = Record.read(recall(observation["memory"])).position
        assert [start[0] + x, start[1] + y] == info["position"]

    play(1003, 400, check)


def test_its_chart_agrees_with_the_world():
    env = gymnasium.make("AutoMem-Crafter-v0", unique_items=True)
    observation, info = env.reset(seed=1001)
    agent = load_agent("explorer")
    agent.reset(observation, info, 0)
    trees = set()
    for _ in range(100):
        observation, _, terminated, _, info = env.step(agent.act(observation, info).action)
        if terminated:
            break
        chart = Chart(shown(observation["memory"], MAP))
        trees = {place for place in range(SIDE * SIDE) if chart.at(place) == "T"}
    start = index((0, 0))
    ground = env.unwrapped.game._world.ground
    assert len(trees) > 3
    for place in trees:
        x, y = (place % SIDE - start % SIDE + 32, place // SIDE - start // SIDE + 32)
        assert ground[x][y] == "tree"
    env.close()


def test_all_it_knows_stands_in_its_memory():
    """A player that is replaced by a new one at every turn plays the same game."""
    env = gymnasium.make("AutoMem-Crafter-v0")
    observation, info = env.reset(seed=1002)
    rng, actions = random.Random(1002), []
    for _ in range(250):
        actions.append(Explorer(INFO, rng).act(observation, info))
        observation, _, terminated, _, info = env.step(actions[-1])
        if terminated:
            break
    env.close()
    assert actions == play(1002, 250)[0]


def test_a_wiped_memory_is_a_new_start():
    env = gymnasium.make("AutoMem-Crafter-v0")
    observation, info = env.reset(seed=1002)
    player = Explorer(INFO, random.Random(0))
    for _ in range(60):
        observation, *_, info = env.step(player.act(observation, info))
    assert len(Record.read(recall(observation["memory"])).done) > 3
    for name in ("notes.md", MAP):
        observation, *_, info = env.step(f"<|DELETE|>{name}<|END|>")
    observation, *_, info = env.step(player.act(observation, info))
    known = Record.read(recall(observation["memory"]))
    assert max(map(abs, known.position)) <= 1
    env.close()


def test_its_files_stay_within_what_one_read_shows():
    def check(observation, info, start):
        assert "[cut:" not in observation["memory"]

    play(1006, 300, check)


def test_it_unlocks_most_achievements():
    assert sum(play(seed, 300)[1]["progression"] for seed in (1001, 1002)) / 2 > 0.5

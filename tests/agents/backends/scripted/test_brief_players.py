"""The players of brief prompts: what they know stands in the prompt, and they solve their tasks."""

import gymnasium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import automem_gym  # noqa: F401  (registers the environments)
from agents.agent import begin
from agents.backends.scripted import Knobs, ScriptedModel
from agents.backends.scripted.player import choose
from agents.backends.scripted.prompt import read_prompt
from agents.backends.scripted.walking import BEEN, Place, cells
from agents.memory_agent import MemoryAgent
from agents.model import Message
from agents.scaffold import load_scaffold
from automem_gym.game import COMPASS

SYSTEM = """MiniHack, in brief. LOG, PLAN.
<actions>
north
east
south
west
</actions>
<memory_files>
map.md: cells
</memory_files>
<commands>
<|SEARCH|>file|keyword<|END|>
<|APPEND|>file|line<|END|>
</commands>"""


def play(env_id, seed, most=150, **knobs):
    env = gymnasium.make(env_id)
    agent = MemoryAgent({"agent": ScriptedModel(Knobs(**knobs))}, "brief")
    observation, info = begin(env, agent, seed, seed)
    over = False
    while not over and info["game_step"] < most:
        observation, _, ended, cut, info = env.step(agent.act(observation, info).action)
        over = ended or cut
    env.close()
    return info["progression"], observation["files"]


@pytest.mark.parametrize("seed", range(4))
def test_it_takes_the_branch_that_the_sign_means(seed):
    assert play("AutoMem-MiniHack-Memento-Short-F2-v0", 400 + seed)[0] == 1


def test_it_finds_its_way_through_a_maze():
    scores = [play("AutoMem-MiniHack-MazeWalk-9x9-v0", seed)[0] for seed in range(420, 426)]
    assert sum(scores) >= 5


def test_crafter_is_played_and_what_is_done_is_noted():
    score, files = play("AutoMem-Crafter-v0", 431, most=200)
    assert score > 0.2
    assert "strategy.md (0 lines" not in files


def test_who_neglects_the_notes_has_none():
    _, files = play("AutoMem-MiniHack-MazeWalk-9x9-v0", 420, most=20, neglect=1.0)
    assert "map.md (0 lines" in files


@pytest.mark.parametrize(
    ("game", "player"),
    [
        ("NetHack", "terminal_brief"),
        ("MiniHack", "terminal_brief"),
        ("Crafter", "crafter_brief"),
        ("Courier", "courier_brief"),
    ],
)
def test_brief_prompts_find_their_player(game, player):
    env_id = {"Courier": "Crafter-Courier", "MiniHack": "MiniHack-MazeWalk-9x9"}.get(game, game)
    env = gymnasium.make(f"AutoMem-{env_id}-v0")
    _, info = env.reset(seed=0)
    env.close()
    assert choose(load_scaffold("brief", game).system("log", info)).__module__.endswith(player)
    # Where the prompts are not brief, another one plays.
    assert not choose(load_scaffold("v0", game).system("log", info)).__module__.endswith(player)


def place(scene):
    return Place(read_prompt([Message("system", SYSTEM), Message("user", scene)]))


CROSSING = """<observation>
stairs down far eastnortheast
You are at 1(5,5).
</observation>
<surroundings>
north 1(5,4)
northeast 1(6,4)
east 1(6,5)
south 1(5,6) door
west 1(4,5)
</surroundings>
You are PLAN."""


def test_new_ways_come_first_then_the_way_from_which_one_came():
    at = place(CROSSING)
    assert at.here == "1(5,5)"
    # A diagonal way beside a straight one leads to the same cells.
    assert [way.direction for way in at.walked()] == ["north", "east", "south", "west"]

    def best(*notes, last=""):
        return [way.direction for way in at.walk(notes, last)]

    assert best() == ["south"]  # a door
    assert best("been at 1(5,6)") == ["north"]
    assert best("been at 1(5,6)", last="east") == ["east"]
    every = [f"been at {way.cell}" for way in at.ways]
    # Nothing is new: from where it came, as the first note of it says; but not straight back.
    assert best(*every, last="north") == ["north", "east", "west"]
    came = ["been at 1(5,5) from west", "been at 1(5,5) from north"]
    assert best(*every, *came, last="north") == ["west"]
    assert best(*every, *came, last="east") == ["north"]
    assert best(*every, *came[:1], last="east") == ["north", "east", "south"]


def test_a_note_tells_the_way_back():
    at = place(CROSSING)
    assert at.arrived([], "north") == "been at 1(5,5) from south"
    assert at.arrived([], "southwest") == "been at 1(5,5) from northeast"
    # No way leads back from there, or it was no step.
    assert at.arrived([], "southeast") == at.arrived([], "search") == "been at 1(5,5)"
    known = ["been at 1(5,55) from east", at.arrived([], "north"), "been at 1(5,5)"]
    assert at.arrived(known, "east") == "been at 1(5,5) from south"
    assert cells(BEEN, [*known, "stairs down at 1(9,9)"]) == {"1(5,55)", "1(5,5)"}


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_a_maze_without_loops_is_walked_wholly_and_no_way_of_it_more_than_twice(rng, size):
    step = {way: COMPASS[way] for way in ("north", "east", "south", "west")}
    ways = {(0, 0): {}}
    for _ in range(size):
        (x, y), way = rng.choice(list(ways)), rng.choice(list(step))
        there = (x + step[way][0], y + step[way][1])
        if there not in ways:
            back = next(name for name, by in step.items() if by == (-step[way][0], -step[way][1]))
            ways[x, y][way], ways[there] = there, {back: (x, y)}
    name = {(x, y): f"1({x + 45},{y + 45})" for x, y in ways}
    here, last, notes, met = (0, 0), "", [], set()
    for _ in range(2 * (len(ways) - 1) + 1):
        met.add(here)
        around = "\n".join(f"{way} {name[there]}" for way, there in ways[here].items())
        at = place(
            f"<observation>\nYou are at {name[here]}.\n</observation>\n"
            f"<surroundings>\n{around}\n</surroundings>\nYou are PLAN."
        )
        notes.append(at.arrived(notes, last))
        if met == set(ways):
            break
        last = rng.choice(at.walk(notes, last)).direction
        here = ways[here][last]
    assert met == set(ways)


def test_a_known_place_is_noted_again_by_habit_alone():
    scene = CROSSING.replace("You are PLAN.", "<files>\nmap.md 1\n</files>\nYou are LOG.")
    talk = [Message("system", SYSTEM), Message("user", scene)]
    look = ScriptedModel(Knobs()).generate(talk, seed=3).text
    assert look.startswith("<|SEARCH|>map.md|1(5,5)|")
    asked = look.removeprefix("<|SEARCH|>map.md|").removesuffix("<|END|>")
    found = f"SEARCH map.md '{asked}': 1 match\n[1] been at 1(5,5) from south"
    told = f"<results>\n{found}\n</results>"
    talk += [Message("assistant", look), Message("user", told)]
    again = "<|APPEND|>map.md|been at 1(5,5) from south<|END|>\n"
    for repeat, wanted in ((0.0, "<|DONE|>"), (1.0, f"{again}<|DONE|>")):
        assert ScriptedModel(Knobs(repeat=repeat)).generate(talk, seed=3).text == wanted


def test_a_sight_between_two_winds_is_reached_by_either():
    at = place(CROSSING)
    assert at.towards("stairs down").direction == "east"
    assert at.towards("stairs up") is None


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text())
def test_any_scene_is_a_place(scene, note):
    at = place(scene)
    assert isinstance(at.walk([note], note), list)
    assert isinstance(at.arrived([note], note), str)

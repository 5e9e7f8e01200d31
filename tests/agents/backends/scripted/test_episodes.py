"""Whole episodes of real games, through real scaffolds and the agents that use them."""

import gymnasium
import pytest

import examples.vault  # noqa: F401  (registers the id)
from agents import begin
from agents.backends.scripted import Knobs, ScriptedModel
from agents.chat_agent import ChatAgent
from agents.memory_agent import MemoryAgent, PairAgent
from agents.random_agent import RandomAgent
from automem_gym import MemoryConfig
from automem_gym.wrappers import MemoryWrapper

CRAFTER, MAZE = "AutoMem-Crafter-v0", "AutoMem-MiniHack-MazeWalk-9x9-v0"
VAULT = "examples.vault:AutoMem-Vault-v0"


def scripted(knobs=""):
    return ScriptedModel(Knobs.read(knobs, {}))


def alone(knobs="", **options):
    return MemoryAgent(models={"agent": scripted(knobs)}, **options)


@pytest.fixture
def mean(play):
    def mean(env_id, make_agent, steps, seeds=(1000, 1001, 1002)):
        played = [play(env_id, make_agent(), seed, steps).progression for seed in seeds]
        return sum(played) / len(played)

    return mean


def test_plays_better_than_chance_where_places_have_to_be_remembered(mean):
    assert mean(CRAFTER, alone, 120) > 2 * mean(CRAFTER, RandomAgent, 120) + 0.1


def test_finds_the_way_out_of_mazes(mean):
    seeds = (1000, 1002, 1003, 1004)
    assert mean(MAZE, alone, 100, seeds) >= 0.75
    assert mean(MAZE, RandomAgent, 100, seeds) <= 0.25


def test_remembers_the_sign_up_to_the_fork(mean):
    memento = "AutoMem-MiniHack-Memento-Short-F2-v0"
    assert mean(memento, alone, 100, (1000, 1001, 1002, 1003)) == 1


def test_learns_over_episodes_what_signs_mean():
    """Of four signs and four branches nothing is told; one that was wrong is not tried again."""
    env = gymnasium.make("AutoMem-MiniHack-Memento-F4-Untold-v0", disable_env_checker=True)
    agent, solved = alone(), []
    for number in range(20):
        observation, info = env.reset(
            seed=1000 + number % 5, options={"keep_memory": True} if number else None
        )
        agent.reset(observation, info, number)
        over = False
        while not over:
            observation, _, over, truncated, info = env.step(agent.act(observation, info).action)
            over = over or truncated
        solved.append(info["progression"])
    env.close()
    assert sum(solved[-5:]) >= 4


def test_solves_boxes_once_and_notes_how():
    """With other notes of a solution, it would push by those."""
    env = gymnasium.make(
        "AutoMem-MiniHack-Boxoban-Medium-v0", disable_env_checker=True, levels="generated"
    )
    agent = alone()
    observation, info = begin(env, agent, 1000, 0)
    over = truncated = False
    while not (over or truncated):
        observation, _, over, truncated, info = env.step(agent.act(observation, info).action)
    noted = env.get_wrapper_attr("memory").read("strategy.md")
    env.close()
    assert info["progression"] == 1
    assert noted.count("boxes from step 1: ") == noted.count("boxes from step") == 1


def test_delivers_parcels_as_a_courier(mean):
    assert mean("AutoMem-Crafter-Courier-v0", alone, 250, (1001, 1003)) > 0.1


def test_answers_what_a_terminal_asks(play, listener):
    episode = play("AutoMem-MiniHack-Quest-Easy-v0", alone(), 1001, 100)
    model = listener()
    play("AutoMem-MiniHack-Quest-Easy-v0", MemoryAgent(models={"agent": model}), 1001, 100)
    acted = [text for _, _, text in model.heard if "ACTION" in text]
    tool = next(at for at, text in enumerate(acted) if "zap" in text or "apply" in text)
    # The item's letter is typed by the command of that key, and then the direction.
    assert "ACTION" in acted[tool + 1]
    assert acted[tool + 2].split("|>")[1].split("<|")[0] in ("north", "east", "south", "west")
    assert episode.invalid == 0


def test_gets_down_in_the_dungeon_and_breaks_no_rule(play):
    episode = play("AutoMem-NetHack-v0", alone(), 1003, 250)
    assert episode.invalid == 0
    assert episode.refused == []
    assert episode.progression > 0


def test_what_it_reads_changes_what_it_does(mean):
    """Who does not recall, or never looks, plays worse."""
    informed = mean(CRAFTER, alone, 80, (1000, 1001))
    assert mean(CRAFTER, lambda: alone("forget=1"), 80, (1000, 1001)) < informed - 0.15
    assert mean(CRAFTER, lambda: alone("consult=0"), 40, (1000, 1001)) < informed - 0.15


def test_who_writes_blindly_writes_more_and_looks_less(play):
    informed, blind = (play(CRAFTER, alone(knobs), 1001, 80) for knobs in ("", "blind=1"))
    looks = [
        sum(episode.commands[op] for op in ("SEARCH", "READ", "TAIL")) / episode.steps
        for episode in (informed, blind)
    ]
    writes = [episode.commands["APPEND"] / episode.steps for episode in (informed, blind)]
    assert looks[1] < 0.7 * looks[0]
    assert writes[1] > 1.1 * writes[0]


@pytest.mark.parametrize("game", ["Crafter", "NetHack", "MiniHack-Corridor-R3"])
def test_the_same_seed_plays_the_same_episode(game, play, listener):
    heard = []
    for _ in range(2):
        model = listener("slip=0.2,verbose=0.3,consult=0.7")
        play(f"AutoMem-{game}-v0", MemoryAgent(models={"agent": model}), 1000, 15)
        heard.append(model.heard)
    assert heard[0] == heard[1]


@pytest.mark.parametrize("game", ["Crafter", "NetHack", "MiniHack-Quest-Medium"])
def test_two_instances_play_too(game, play, listener):
    specialist, gameplay = listener(), listener()
    agent = PairAgent(models={"specialist": specialist, "gameplay": gameplay})
    episode = play(f"AutoMem-{game}-v0", agent, 1000, 25)
    assert episode.invalid == 0
    assert episode.refused == []
    assert episode.events["hand-over"] == episode.steps
    assert episode.events["uncommitted"] == 0
    # Who takes over commits at once where something was read.
    assert all("ACTION" in text or len(m) == 2 for m, _, text in gameplay.heard)
    assert len(specialist.heard) > len(gameplay.heard)


def test_hesitation_ends_when_it_is_told_to_act(play):
    episode = play(CRAFTER, alone("linger=1"), 1000, 4)
    assert episode.events["uncommitted"] == 0
    assert episode.commands["READ"] > 20


def test_whatever_slips_the_episode_goes_on(play):
    for seed in (1000, 1001, 1002):
        knobs = "slip=1,early=0.5,verbose=0.5,linger=0.5"
        episode = play(CRAFTER, alone(knobs), seed, 12)
        assert episode.steps == 12
        assert episode.events["impossible"] + episode.events["rejected"] > 0


class Doors(gymnasium.Env[str, str]):
    """Rooms in a row, each with one way on."""

    KNOBS = ("red", "blue", "green", "white")
    ROOMS = 8

    def __init__(self):
        text = gymnasium.spaces.Text(100)
        self.observation_space = self.action_space = text

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.way = [str(self.np_random.choice(self.KNOBS)) for _ in range(self.ROOMS)]
        self.room = 0
        return "You are in room 0.", {}

    def step(self, action):
        self.room += action == self.way[self.room]
        over = self.room == self.ROOMS
        return f"You are in room {self.room}.", float(over), over, False, {}


def test_plays_a_game_that_it_does_not_know():
    """By trying what it has tried least, which it knows from its action log."""

    def steps(knobs, seed):
        env = MemoryWrapper(Doors(), actions=Doors.KNOBS, memory=MemoryConfig())
        agent, over = alone(knobs), False
        observation, info = begin(env, agent, seed, seed)
        while not over:
            observation, _, over, _, info = env.step(agent.act(observation, info).action)
        env.close()
        return info["game_step"]

    seeds = range(1000, 1010)
    informed = [steps("", seed) for seed in seeds]
    assert max(informed) <= Doors.ROOMS * len(Doors.KNOBS)
    assert sum(informed) < sum(steps("forget=1", seed) for seed in seeds)


@pytest.mark.parametrize("env_id", [CRAFTER, "AutoMem-NetHack-v0", MAZE, VAULT])
def test_plays_without_a_memory(env_id, play):
    episode = play(env_id, ChatAgent(models={"agent": scripted()}), 1000, 40)
    assert episode.invalid == 0
    assert not episode.commands


def test_plays_with_another_scaffold(play):
    """The general one: other files, other words."""
    episode = play(CRAFTER, alone(scaffold="generic/v0"), 1000, 120)
    assert episode.refused == []
    assert episode.progression > 0.3

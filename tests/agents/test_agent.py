import gymnasium
import pytest

import examples.vault  # noqa: F401  (registers the id)
from agents import Agent, Decision, as_agent, begin
from automem_gym import MemoryConfig


class Waiting:
    def reset(self, observation, info, seed):
        self.seed = seed

    def act(self, observation, info):
        return Decision("esc", calls=("one",))


def test_an_object_with_reset_and_act_is_an_agent_as_it_is():
    agent = Waiting()
    assert isinstance(agent, Agent)
    assert as_agent(agent) is agent


def test_a_function_becomes_an_agent_that_decides_what_the_function_returns():
    agent = as_agent(lambda observation, info: f"{observation['observation']} {info['n']}")
    agent.reset({"observation": ""}, {}, 0)
    assert agent.act({"observation": "go"}, {"n": 3}) == Decision("go 3")
    assert agent.act({"observation": "go"}, {"n": 3}).calls == ()


@pytest.mark.parametrize("thing", [3, "random", None])
def test_anything_else_is_refused_by_what_it_is(thing):
    with pytest.raises(TypeError, match=type(thing).__name__):
        as_agent(thing)


class Librarian(Waiting):
    def __init__(self, config):
        self.config, self.games = config, []

    def memory_config(self, game):
        self.games.append(game)
        return self.config


@pytest.fixture
def vault():
    env = gymnasium.make("AutoMem-Vault-v0", memory=MemoryConfig(durability="turn"))
    yield env
    env.close()


def test_an_episode_begins_with_the_memory_that_the_agent_brings(vault):
    agent = Librarian(MemoryConfig(files={"map.md": "west: door\n"}, vocabulary=("READ",)))
    observation, info = begin(vault, agent, 3, 5)
    assert agent.games == ["Vault"]
    assert agent.seed == 5
    assert info["vocabulary"] == ("READ",)
    assert "map.md (1 line" in observation["files"]
    assert vault.unwrapped.memory.read("map.md") == "west: door\n"
    assert vault.unwrapped.memory.config.durability == "turn"


def test_the_memory_that_the_agent_brings_takes_the_environments_own_place(tmp_path):
    root = tmp_path / "memory"
    env = gymnasium.make("AutoMem-Vault-v0", memory=MemoryConfig(root=root))
    agent = Librarian(MemoryConfig(files={"map.md": "west: door\n"}))
    for _ in range(2):
        begin(env, agent, 3, 5)
        assert (root / "map.md").read_text() == "west: door\n"
        env.step("<|APPEND|>map.md|east: wall<|END|>")
    with pytest.raises(ValueError, match="initial"):
        begin(env, Librarian(MemoryConfig(files={"../map.md": ""})), 3, 5)
    assert "east: wall" in (root / "map.md").read_text()
    env.step("<|APPEND|>map.md|north: wall<|END|>")
    assert "north: wall" in (root / "map.md").read_text()
    env.close()


@pytest.mark.parametrize("agent", [Waiting(), Librarian(None)])
def test_an_agent_without_a_memory_of_its_own_takes_the_environments(vault, agent):
    before = vault.unwrapped.memory.config
    begin(vault, agent, 3, 5)
    assert vault.unwrapped.memory.config is before


def test_an_environment_without_a_memory_is_begun_as_it_is():
    env = gymnasium.make("CartPole-v1")
    begin(env, Librarian(MemoryConfig()), 3, 5)
    env.close()

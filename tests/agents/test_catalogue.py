import sys
import types

import pytest

from agents import Agent, Decision, load_agent, roles
from agents.catalogue import AGENTS
from agents.random_agent import RandomAgent


class Duo:
    roles = ("left", "right")

    def __init__(self, models, volume=1):
        self.models, self.volume = models, volume

    def reset(self, observation, info, seed):
        pass

    def act(self, observation, info):
        return "north"


class Echo:
    name = "echo"

    def generate(self, messages, seed):
        raise NotImplementedError

    def call(self, system, messages, tools, seed, force=""):
        raise NotImplementedError

    def close(self):
        pass


def models_for(name):
    return {"models": {role: Echo() for role in roles(name)}} if roles(name) else {}


def north(observation, info):
    return "north"


def make_random(rate):
    return RandomAgent(memory_rate=rate)


@pytest.fixture(autouse=True)
def user_module(monkeypatch):
    module = types.ModuleType("user_agents")
    vars(module).update(
        Duo=Duo, north=north, make_random=make_random, ready=RandomAgent(0.25), number=3
    )
    monkeypatch.setitem(sys.modules, "user_agents", module)


@pytest.mark.parametrize("name", AGENTS)
def test_every_shipped_agent_loads_anew_each_time(name):
    options = models_for(name)
    assert isinstance(load_agent(name, **options), Agent)
    assert load_agent(name, **options) is not load_agent(name, **options)


def test_roles_say_what_an_agent_needs_models_for():
    assert [roles(name) for name in ("random", "explorer")] == [(), ()]
    assert [roles(name) for name in ("memory", "chat")] == [("agent",), ("agent",)]
    assert roles("pair") == ("specialist", "gameplay")
    assert roles("user_agents:Duo") == ("left", "right")
    assert roles("user_agents:north") == ()


@pytest.mark.parametrize("options", [{}, {"models": None}, {"models": {"gameplay": Echo()}}])
def test_an_agent_without_its_models_says_how_to_give_them(options):
    with pytest.raises(ValueError, match=r"agent pair needs models: .*--model MODEL") as caught:
        load_agent("pair", **options)
    assert "--specialist MODEL" in str(caught.value)
    assert "none is given for specialist" in str(caught.value)


def test_models_and_options_reach_an_agent_of_a_users_own():
    models = {"left": Echo(), "right": Echo()}
    agent = load_agent("user_agents:Duo", models=models, volume=3)
    assert agent.models is models
    assert agent.volume == 3
    with pytest.raises(ValueError, match="none is given for right"):
        load_agent("user_agents:Duo", models={"left": Echo()})


def test_options_reach_the_class():
    assert load_agent("random", memory_rate=0.5).memory_rate == 0.5


def test_a_plain_policy_function_of_a_user_is_an_agent():
    assert load_agent("user_agents:north").act({}, {}) == Decision("north")


def test_a_function_that_makes_an_agent_is_called_with_the_options():
    assert load_agent("user_agents:make_random", rate=0.1).memory_rate == 0.1


def test_an_object_that_is_an_agent_is_taken_as_it_is():
    assert load_agent("user_agents:ready").memory_rate == 0.25


def test_a_policy_function_takes_no_options():
    with pytest.raises(ValueError, match="takes no options"):
        load_agent("user_agents:north", rate=1)


def test_a_misspelt_name_gets_a_hint():
    with pytest.raises(ValueError, match=r"(?i)did you mean 'random'"):
        load_agent("randm")


def test_a_missing_attribute_names_the_module():
    with pytest.raises(ValueError, match=r"the module user_agents .* has no south"):
        load_agent("user_agents:south")


def test_a_missing_module_is_an_import_error():
    with pytest.raises(ImportError):
        load_agent("no_such_module_of_agents:Agent")


def test_what_is_no_agent_is_refused():
    with pytest.raises(TypeError, match="neither"):
        load_agent("user_agents:number")

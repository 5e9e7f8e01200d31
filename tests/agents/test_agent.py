import pytest

from agents import Agent, Decision, as_agent


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

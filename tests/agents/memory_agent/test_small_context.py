"""An episode goes on where a conversation does not fit, or stops and says what to do."""

import re
from pathlib import Path

import gymnasium
import pytest

from agents.memory_agent import MemoryAgent
from agents.model import ContextTooLongError, ModelSetupError
from automem_gym.wrappers import MemoryWrapper

EAST = "<|ACTION|>east<|END|>"
LEFT_OUT = re.compile(r"\n\[([\d,]+) characters left out\]\n")


@pytest.mark.parametrize("tells", [True, False])
def test_a_step_with_many_results_is_played_on_in_a_small_context(kit, make_scaffold, tells):
    scaffold = Path(make_scaffold())
    (scaffold / "memory").mkdir()
    (scaffold / "memory" / "map.md").write_text("room\n" * 200)
    model = kit.FakeModel(lambda messages: "<|READ|>map.md<|END|>", context=6_000, tells=tells)
    played = kit.play(MemoryAgent({"agent": model}, scaffold), 1)
    events = [event for event in played.events if event.name == "compacted"]
    assert events
    for event in events:
        before, after = re.search(r": ([\d,]+) to ([\d,]+) characters", event.detail).groups()
        assert int(before.replace(",", "")) > int(after.replace(",", ""))
    for call in played.calls:
        assert sum(len(message.text) for message in call.messages) <= 6_000
        roles = [message.role for message in call.messages]
        assert roles == ["system", *(["user", "assistant"] * len(roles))[: len(roles) - 1]]
    assert "earlier exchange" in played.calls[-1].messages[1].text


class Long(gymnasium.Env):
    """Shows more than fits."""

    observation_space = gymnasium.spaces.Text(100_000)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        return f"begin {'.' * 30_000} end", {}

    def step(self, action):
        return f"begin {'.' * 30_000} end", 0.0, False, False, {}


def long_env():
    return MemoryWrapper(Long(), actions=("east", "west"), game="Long")


def test_a_long_observation_is_cut_in_its_middle(kit):
    model = kit.FakeModel(lambda messages: EAST, context=8_000)
    played = kit.play(MemoryAgent({"agent": model}), 1, env=long_env())
    text = played.calls[0].messages[1].text
    assert "<observation>\nbegin" in text
    assert "end\n</observation>" in text
    assert LEFT_OUT.search(text)
    assert played.names == ["compacted"]


def test_a_call_that_is_repeated_keeps_its_seed_and_is_recorded_once(kit):
    model = kit.FakeModel(lambda messages: EAST, context=8_000)
    played = kit.play(MemoryAgent({"agent": model}), 1, env=long_env())
    assert len(played.calls) == 1
    assert len(model.asked) > 1
    assert set(model.seeds) == {played.calls[0].seed}
    assert played.calls[0].messages == model.asked[-1]


@pytest.mark.parametrize("tells", [True, False])
def test_where_nothing_more_can_be_cut_the_episode_stops_and_says_what_to_do(kit, tells):
    model = kit.FakeModel(lambda messages: EAST, name="tiny", context=500, tells=tells)
    with pytest.raises(ModelSetupError, match=r"plan of agent: .*tiny a larger context") as caught:
        kit.play(MemoryAgent({"agent": model}), 1)
    assert isinstance(caught.value.__cause__, ContextTooLongError)
    assert len(model.asked) < 15

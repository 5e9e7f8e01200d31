"""A conversation that does not fit is shortened visibly, or the episode stops."""

import re
import time
from pathlib import Path

import gymnasium
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.memory_agent import MemoryAgent
from agents.memory_agent.compaction import LEAST_CHARS, cut_middle, cut_pieces, piece_limit, pieces
from agents.memory_agent.conversation import Conversation
from agents.model import ContextTooLongError, ModelSetupError
from automem_gym.wrappers import MemoryWrapper

EAST = "<|ACTION|>east<|END|>"
LEFT_OUT = re.compile(r"\n\[([\d,]+) characters left out\]\n")
prompts = st.lists(st.sampled_from(["<a>", "</a>", "<b>", "</b>", "\n", "x", "words " * 99])).map(
    "".join
)


@given(st.text(max_size=300), st.integers(0, 320))
@example("a" * 100, 99)
def test_a_cut_text_fits_keeps_both_ends_and_tells_what_is_missing(text, limit):
    cut = cut_middle(text, limit)
    if len(text) <= limit:
        assert cut == text
        return
    mark = LEFT_OUT.search(cut)
    head, tail = cut[: mark.start()], cut[mark.end() :]
    assert text.startswith(head)
    assert text.endswith(tail)
    assert len(head) + len(tail) + int(mark[1].replace(",", "")) == len(text)
    assert len(cut) <= max(limit, len(mark[0]))


@given(prompts)
def test_the_pieces_of_a_prompt_are_the_prompt(text):
    assert "".join(pieces(text)) == text
    assert cut_pieces(text, len(text)) == text


@given(st.lists(prompts, max_size=4), st.integers(0, 5_000))
def test_the_limit_makes_all_fit_where_that_can_be(texts, room):
    limit = piece_limit(texts, room)
    size = sum(len(cut_pieces(text, limit)) for text in texts)
    assert limit >= LEAST_CHARS
    assert size <= room or limit == LEAST_CHARS


@pytest.mark.parametrize("tag", ["<a>\n", "<a>\n</b>\n", "<a>\nx\n"])
def test_tags_that_a_model_never_closes_cost_no_more_than_their_number(tag):
    text = tag * (200_000 // len(tag))
    started = time.process_time()
    assert pieces(text) == [text]
    assert time.process_time() - started < 2  # a search for each tag's end takes half a minute


def test_sections_are_cut_inside_their_tags():
    text = f"<step>3</step>\n<observation>\n{'o' * 900}\n</observation>\n<files>\nf\n</files>\nGo."
    cut = cut_pieces(text, 300)
    assert cut.startswith("<step>3</step>\n<observation>\no")
    assert cut.endswith("o\n</observation>\n<files>\nf\n</files>\nGo.")


def conversation(exchanges, size=100):
    made = Conversation("system")
    made.say("first")
    for at in range(exchanges):
        made.answer(f"answer {at}")
        made.say(f"results {at} {'x' * size}")
    return made


def test_the_oldest_exchanges_go_first_and_a_line_says_so():
    made = conversation(5)
    assert made.shorten(made.chars - 200)
    texts = [message.text for message in made.messages]
    assert texts[1] == "first\n\n[3 earlier exchanges left out: the conversation was too long]"
    assert texts[2] == "answer 3"
    assert [m.role for m in made.messages] == ["system", "user"] + ["assistant", "user"] * 2


def test_the_latest_exchange_is_cut_but_never_left_out():
    made = conversation(2, size=5_000)
    assert made.shorten(600)
    assert made.exchanges == 1
    assert "[1 earlier exchange left out" in made.messages[1].text
    assert LEFT_OUT.search(made.messages[-1].text)
    assert made.chars <= 700


def test_it_goes_on_shortened_and_can_be_shortened_again():
    made = conversation(3, size=5_000)
    assert made.shorten(5_000)
    made.answer("more")
    made.say("y" * 9_000)
    before = made.chars
    assert made.shorten(before // 2)
    assert "[3 earlier exchanges left out" in made.messages[1].text
    assert made.messages[-1].text.count("left out") == 1


def test_what_is_as_short_as_it_can_be_does_not_become_shorter():
    made = conversation(1, size=10)
    assert not made.shorten(0)


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

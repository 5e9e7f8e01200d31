"""The plain agent: the last steps as a conversation, and no memory."""

import gymnasium
import pytest

import examples.vault  # noqa: F401  (registers the id)
from agents import begin, load_agent
from agents.agent import BringsMemory
from agents.chat_agent import ChatAgent
from agents.model import Completion, ContextTooLongError, ModelSetupError, call_seed
from automem_gym.wrappers import MemoryWrapper

EAST = "<|ACTION|>east<|END|>"


class FakeModel:
    def __init__(self, *replies, context=None):
        self.name = "fake"
        self.asked, self.replies, self.context = [], iter(replies), context

    def generate(self, messages, seed):
        self.asked.append((messages, seed))
        size = sum(len(message.text) for message in messages)
        if self.context and size > self.context:
            raise ContextTooLongError(size, self.context)
        reply = next(self.replies, EAST)
        return reply if isinstance(reply, Completion) else Completion(reply)

    def close(self):
        pass


def play(model, steps=3, env=None, **options):
    made = env or gymnasium.make("AutoMem-Vault-v0")
    agent = ChatAgent({"agent": model}, **options)
    observation, info = begin(made, agent, 1, 7)
    turns = []
    for _ in range(steps):
        decision = agent.act(observation, info)
        observation, _, _, _, info = made.step(decision.action)
        turns.append((decision, observation, info))
    made.close()
    return turns


def messages(turns, at=-1):
    return turns[at][0].calls[0].messages


def test_it_brings_a_memory_that_cannot_be_used():
    agent = ChatAgent({"agent": FakeModel()})
    assert isinstance(agent, BringsMemory)
    assert agent.memory_config("Vault").vocabulary == ()
    assert agent.memory_config("Vault").files == {}


def test_one_call_is_one_game_step():
    turns = play(FakeModel(), 4)
    assert [info["game_step"] for _, _, info in turns] == [1, 2, 3, 4]
    assert [len(decision.calls) for decision, _, _ in turns] == [1] * 4
    assert [decision.calls[0].seed for decision, _, _ in turns] == [
        call_seed(7, turn, 0) for turn in (1, 2, 3, 4)
    ]


def test_the_system_message_tells_the_rules_and_the_actions():
    system = messages(play(FakeModel(), 1))[0]
    assert system.role == "system"
    assert "A vault door with a dial" in system.text
    assert "\nwest\neast\nread\ndial 0\n" in system.text
    assert "<|ACTION|>name<|END|>" in system.text
    assert "An answer without a valid action is taken as read." in system.text


def test_the_conversation_is_the_last_steps_and_the_current_one():
    turns = play(FakeModel("I go. <|ACTION|>east<|END|>", "west", "read"), 4)
    told = messages(turns)
    assert [m.role for m in told] == ["system", *["user", "assistant"] * 3, "user"]
    assert [m.text for m in told if m.role == "assistant"] == [
        EAST,
        "<|ACTION|>west<|END|>",
        "<|ACTION|>read<|END|>",
    ]
    assert "You enter the corridor." in told[1].text
    assert "You walk east." in told[3].text
    assert "There is no sign here." in told[7].text


@pytest.mark.parametrize("history", [0, 2])
def test_history_says_how_many_steps_are_shown(history):
    turns = play(FakeModel(), 5, history=history)
    assert len(messages(turns)) == 2 + 2 * history
    assert "<step>4</step>" in messages(turns)[-1].text
    assert f"<step>{4 - history}</step>" in messages(turns)[1].text


def test_a_history_that_is_none_is_refused():
    with pytest.raises(ValueError, match="history is a number of steps"):
        ChatAgent({"agent": FakeModel()}, history=-1)


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "I do not know.",
        "<|READ|>notes.md<|END|>",
        "<|DONE|>",
        "<|ACTION|>fly<|END|>",
        "word " * 20_000,
        f"east {'so ' * 100}",
        Completion(EAST, stop_reason="refusal"),
    ],
)
def test_an_answer_without_a_valid_action_follows_the_environments_rule(reply):
    _, observation, info = play(FakeModel(reply), 1)[0]
    assert info["invalid_action"] is not None
    assert info["executed_action"] == "read"
    assert info["game_step"] == 1
    assert info["commands"] == []
    assert "read was executed in its place" in observation["memory"]


def test_the_model_sees_what_was_wrong_with_its_answer():
    told = messages(play(FakeModel("<|ACTION|>eats<|END|>", "", "x" * 5_000), 4))
    assert "Did you mean 'east'?" in told[3].text
    answers = [message.text for message in told if message.role == "assistant"]
    assert answers[:2] == ["<|ACTION|>eats<|END|>", "(no answer)"]
    assert len(answers[2]) <= 1_000
    assert "characters left out]" in answers[2]


def test_events_tell_what_kind_of_answer_came():
    replies = [
        "<|ACTION|>fly<|END|>",
        Completion(EAST, stop_reason="length"),
        Completion("", stop_reason="refusal"),
        "I wait.",
    ]
    turns = play(FakeModel(*replies), 4)
    assert [[event.name for event in decision.events] for decision, _, _ in turns] == [
        ["impossible"],
        ["cut"],
        ["refusal"],
        [],
    ]


def test_the_oldest_steps_go_first_where_it_does_not_fit():
    model = FakeModel(context=2_500)
    turns = play(model, 30, history=30)
    assert "<step>29</step>" in messages(turns)[-1].text
    compacted = [decision for decision, _, _ in turns if decision.events]
    assert compacted
    for decision in compacted:
        assert [event.name for event in decision.events] == ["compacted"]
        assert "earlier exchange" in decision.calls[0].messages[1].text
    # What was left out stays left out, so that not every step is refused first.
    assert len(model.asked) - len(turns) == len(compacted) < 15
    for decision, _, _ in turns:
        assert sum(len(m.text) for m in decision.calls[0].messages) <= 2_500


def test_a_context_that_is_too_small_for_one_step_stops_the_episode():
    with pytest.raises(ModelSetupError, match="larger context"):
        play(FakeModel(context=300), 1)


def test_a_game_without_named_actions_takes_the_words_as_they_are():
    class Echo(gymnasium.Env):
        observation_space = action_space = gymnasium.spaces.Text(100)

        def reset(self, *, seed=None, options=None):
            return "say something", {}

        def step(self, action):
            return f"you said {action}", 0.0, False, False, {}

    env = MemoryWrapper(Echo(), game="Echo", instructions="Talk.")
    turns = play(FakeModel("good morning", "<|ACTION|>bye<|END|>"), 2, env=env)
    assert [info["executed_action"] for _, _, info in turns] == ["good morning", "bye"]
    assert "<actions>" not in messages(turns)[0].text


def test_the_catalogue_loads_it():
    agent = load_agent("chat", models={"agent": FakeModel()}, history=3)
    assert agent.history == 3

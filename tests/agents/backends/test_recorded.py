from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from agents.backends.recorded import (
    Overflow,
    RecordedToolModel,
    continued,
    open_recorded,
)
from agents.model import (
    Call,
    ChatModel,
    Completion,
    ContextTooLongError,
    Message,
    ModelSetupError,
    ToolCompletion,
    ToolModel,
    Usage,
)
from agents.model.tool_model import recorded_messages

SYSTEM = Message("system", "# PLAN\nplay well")


def call(role: str, number: int, said: str = "look\nthen act") -> Call:
    messages = (SYSTEM, Message("user", f"{said} {number}"))
    done = Completion(f"answer {number}", Usage(10, 5, 0, 2), "end", 1.5, (1, 2), (-0.5, -0.25))
    return Call(role, "plan", f"model of {role}", number, messages, done)


RECORDED = [
    (1, call("specialist", 1)),
    (1, call("gameplay", 2)),
    (2, call("specialist", 3)),
    (4, call("gameplay", 4)),
]


class Live:
    """Says who it is; counts what it is asked."""

    name = "live"

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[Message, ...], int]] = []
        self.closed = 0

    def generate(self, messages, seed):
        self.asked.append((tuple(messages), seed))
        return Completion("live")

    def close(self):
        self.closed += 1


class LiveTools(Live):
    def call(self, system, messages, tools, seed, force=""):
        self.asked.append((recorded_messages(system, messages), seed))
        return ToolCompletion(({"type": "text", "text": "live"},))


def ask(model: ChatModel, asked: Call | Overflow) -> Completion:
    return model.generate(asked.messages, asked.seed)


def test_each_role_gets_its_own_answers_in_order() -> None:
    models = open_recorded(RECORDED, ["specialist", "gameplay"])
    assert isinstance(models["gameplay"], ChatModel)
    assert models["specialist"].name == "model of specialist"
    # Not in the order of the record: roles do not wait for each other.
    for index in (0, 2, 1, 3):
        recorded = RECORDED[index][1]
        assert ask(models[recorded.role], recorded) == recorded.completion


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (
            replace(call("specialist", 3), messages=call("specialist", 3, "look\nAct").messages),
            "turn 2, specialist: message 2 (user), line 2 was 'then act 3' and is 'Act 3'",
        ),
        (
            replace(call("specialist", 3), messages=(SYSTEM,)),
            "turn 2, specialist: the conversation had 2 messages and has 1",
        ),
        (
            replace(
                call("specialist", 3),
                messages=(SYSTEM, Message("user", "look\nthen act 3\nmore")),
            ),
            "line 3 was not there and is 'more'",
        ),
        (
            replace(
                call("specialist", 3), messages=(SYSTEM, Message("assistant", "look\nthen act 3"))
            ),
            "message 2 was the user's and is the assistant's",
        ),
        (replace(call("specialist", 3), seed=9), "the seed of the call was 3 and is 9"),
    ],
)
def test_the_first_difference_is_named_with_its_turn(now: Call, told: str) -> None:
    model = open_recorded(RECORDED, ["specialist"])["specialist"]
    ask(model, RECORDED[0][1])
    with pytest.raises(ModelSetupError) as error:
        ask(model, now)
    assert told in str(error.value)
    assert "turn 2, specialist" in str(error.value)


def test_of_a_long_line_what_is_around_the_difference_is_shown() -> None:
    asked = [(5, call("agent", 1, f"{'same ' * 100}then{' more' * 100}"))]
    model = open_recorded(asked, ["agent"])["agent"]
    with pytest.raises(ModelSetupError) as error:
        ask(model, call("agent", 1, f"{'same ' * 100}when{' more' * 100}"))
    assert "same then more" in str(error.value)
    assert "same when more" in str(error.value)
    assert len(str(error.value)) < 400


def test_more_calls_than_were_recorded() -> None:
    models = open_recorded(RECORDED, ["specialist", "gameplay", "agent"])
    for _, recorded in RECORDED:
        ask(models[recorded.role], recorded)
    with pytest.raises(ModelSetupError, match="ends after turn 4, and gameplay is asked once more"):
        ask(models["gameplay"], RECORDED[1][1])
    with pytest.raises(ModelSetupError, match="agent is asked once more"):
        ask(models["agent"], RECORDED[1][1])


def test_a_conversation_that_did_not_fit_does_not_fit_again() -> None:
    long, short = call("agent", 1, "long " * 100), call("agent", 1)
    overflow = Overflow("agent", 1, long.messages, 900, 800)
    model = open_recorded([(1, overflow), (1, short)], ["agent"])["agent"]
    assert model.name == "model of agent"
    with pytest.raises(ContextTooLongError) as error:
        ask(model, long)
    assert (error.value.tokens, error.value.limit) == (900, 800)
    assert ask(model, short) == short.completion


def test_calls_of_tools_are_replayed() -> None:
    done = ToolCompletion(
        ({"type": "tool_use", "id": "1", "name": "act", "input": {"action": "wait"}},),
        Usage(5, 0, 0, 2),
    )
    messages = [{"role": "user", "content": [{"type": "text", "text": "go"}]}]
    recorded = Call(
        "agent", "act", "m", 7, recorded_messages("sys", messages), done.to_completion()
    )
    model = open_recorded([(1, recorded)] * 2, ["agent"])["agent"]
    assert isinstance(model, ToolModel)
    assert model.call("sys", messages, [{"name": "act"}], 7) == done
    with pytest.raises(ModelSetupError, match=r"message 1 \(system\), line 1 was 'sys'"):
        model.call("other", messages, [], 7)


def test_an_interrupted_episode_goes_on_live() -> None:
    live = {"specialist": Live(), "gameplay": Live()}
    models = continued(RECORDED, live)
    assert models["gameplay"].name == "live"
    for _, recorded in RECORDED:
        assert ask(models[recorded.role], recorded) == recorded.completion
    assert not live["specialist"].asked + live["gameplay"].asked
    more = call("gameplay", 5)
    assert ask(models["gameplay"], more).text == "live"
    assert live["gameplay"].asked == [(more.messages, 5)]
    for model in models.values():
        model.close()
    assert [model.closed for model in live.values()] == [1, 1]


def test_after_a_difference_nothing_recorded_is_used_any_more() -> None:
    live = {"specialist": Live(), "gameplay": Live()}
    models = continued(RECORDED, live)
    assert ask(models["specialist"], RECORDED[0][1]).text == "answer 1"
    assert ask(models["specialist"], call("specialist", 3, "something else")).text == "live"
    assert ask(models["specialist"], RECORDED[2][1]).text == "live"
    assert ask(models["gameplay"], RECORDED[1][1]).text == "live", "of the other role neither"


def test_a_model_can_call_tools_if_the_one_behind_it_can() -> None:
    models = continued([], {"specialist": LiveTools(), "gameplay": Live()})
    assert isinstance(models["specialist"], RecordedToolModel)
    assert not isinstance(models["gameplay"], ToolModel)
    assert models["specialist"].call("s", [], [], 1).content[0]["text"] == "live"


def test_only_the_roles_that_are_asked_live_are_kept() -> None:
    model = continued(RECORDED, {"gameplay": Live()})["gameplay"]
    assert ask(model, RECORDED[1][1]).text == "answer 2"
    assert ask(model, RECORDED[3][1]).text == "answer 4"


def test_many_threads_may_ask_at_once() -> None:
    recorded = [(turn, call("agent", 0)) for turn in range(200)]
    model = open_recorded(recorded, ["agent"])["agent"]
    answers: list[Completion] = []

    def work() -> None:
        for _ in range(50):
            answers.append(ask(model, recorded[0][1]))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 200
    with pytest.raises(ModelSetupError):
        ask(model, recorded[0][1])

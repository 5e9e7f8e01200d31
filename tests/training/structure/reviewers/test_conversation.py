from __future__ import annotations

from agents.model import Call, Completion
from agents.model.tool_model import to_json
from training.structure.reviewers.conversation import Conversation

USE = {"type": "tool_use", "name": "read_file", "input": {"path": "a"}}


def long_conversation(results: int = 5) -> Conversation:
    conversation = Conversation("system", "begin")
    for number in range(results):
        (use,) = conversation.answer([{**USE, "id": f"u{number}"}])
        conversation.tell(use["id"], f"{number}:" + "x" * 5_000)
    return conversation


def told(conversation: Conversation) -> list[str]:
    return [
        block["content"]
        for turn in conversation.turns
        for block in turn["content"]
        if block["type"] == "tool_result"
    ]


def test_old_results_are_shortened_first():
    conversation = long_conversation()
    assert conversation.forget(conversation.chars - 6_000)
    lengths = [len(text) for text in told(conversation)]
    assert [length > 5_000 for length in lengths] == [False, False, True, True, True]
    short = told(conversation)[0]
    assert short.startswith("0:xxx")
    assert short.endswith(
        "[shortened: 4,702 characters stood here; call the tool again if you need them]"
    )


def test_what_came_last_stays():
    conversation = long_conversation()
    assert conversation.forget(0)
    lengths = [len(text) for text in told(conversation)]
    assert lengths[-1] == 5_002
    assert max(lengths[:-1]) < 500
    assert not conversation.forget(0)


def test_what_does_not_fit_at_all_is_cut():
    conversation = long_conversation()
    assert conversation.shorten(3_000)
    assert conversation.chars <= 3_500
    assert len(told(conversation)[-1]) < 1_000


def test_a_recorded_conversation_is_taken_up_again():
    conversation = long_conversation(2)
    answer = [{"type": "text", "text": "Well."}, {**USE, "id": "a"}, {**USE, "id": "b"}]
    call = Call("reviewer", "review", "m", 1, conversation.messages, Completion(to_json(answer)))
    again = Conversation.of(call)
    assert again.unanswered == ["a", "b"]
    assert again.system == "system"
    conversation.answer(answer)
    for one in (conversation, again):
        one.tell("a", "1")
        one.tell("b", "2")
        one.say("go on")
    assert again.messages == conversation.messages
    assert again.unanswered == []

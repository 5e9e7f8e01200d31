"""What a scaffold's own code says reaches the model, and costs it a turn."""

import pytest

from agents.memory_agent import MemoryAgent
from agents.sandbox import confinement

EAST = "<|ACTION|>east<|END|>"
HOOKS = """
def check_action(action, context):
    if action.startswith("dial") and context["game"] == "Vault":
        return "the code is not known yet"

def check_command(command, context):
    if command["op"] == "APPEND" and len(command["text"]) > 10:
        return "lines have 10 characters at most"

def notices(context):
    return ["step " + str(context["game_step"]) + " of " + context["routine"]]
"""


def play(kit, make_scaffold, steps=2, toml="", hooks=HOOKS, trust=True, **replies):
    scaffold = make_scaffold(toml, hooks)
    agent = MemoryAgent({"agent": kit.scripted(**replies)}, scaffold, trust_hooks=trust)
    return kit.play(agent, steps)


needs_sandbox = pytest.mark.skipif(
    bool(confinement().open), reason=f"code cannot be confined here: {confinement().reasons}"
)


def test_a_rejected_command_comes_back_with_the_reason(kit, make_scaffold):
    log = ["<|APPEND|>map.md|a line of many words<|END|><|DONE|>", "<|APPEND|>map.md|a<|END|>"]
    played = play(kit, make_scaffold, log=log)
    calls = played.turns[1].decision.calls
    assert "APPEND map.md: lines have 10 characters at most" in calls[1].messages[-1].text
    assert played.files["map.md"] == "a\n"
    assert [event.name for event in played.turns[1].decision.events] == ["rejected"]


def test_of_a_reply_only_what_was_rejected_is_not_done(kit, make_scaffold):
    log = ["<|APPEND|>map.md|too long for this<|END|><|APPEND|>map.md|a<|END|><|DONE|>"]
    played = play(kit, make_scaffold, log=log)
    assert played.files["map.md"] == "a\n"
    text = played.turns[2].decision.calls[0].messages[-1].text
    assert "APPEND map.md: added" in text
    assert "10 characters at most" in text


def test_a_rejected_action_comes_back_with_the_reason(kit, make_scaffold):
    played = play(kit, make_scaffold, 1, plan=["<|ACTION|>dial 3<|END|>"])
    assert played.names == ["rejected"]
    assert "the code is not known yet" in played.calls[1].messages[-1].text
    assert played.actions == ["east"]


def test_an_action_that_is_rejected_to_the_end_gives_way_to_the_default(kit, make_scaffold):
    played = play(kit, make_scaffold, 2, plan=["<|ACTION|>dial 3<|END|>"] * 2)
    assert played.names == ["rejected", "rejected", "uncommitted"]
    assert played.actions == ["read", "east"]
    assert played.turns[0].info["invalid_action"] is None


def test_the_scaffold_says_how_often_an_action_may_be_tried(kit, make_scaffold):
    toml = "[limits]\naction_retries = 3\n"
    plan = ["<|ACTION|>dial 3<|END|>"] * 3
    played = play(kit, make_scaffold, 1, toml, plan=plan)
    assert len(played.calls) == 4
    assert played.actions == ["east"]


def test_notices_stand_in_the_first_prompt_of_each_routine(kit, make_scaffold):
    played = play(kit, make_scaffold)
    told = [call.messages[1].text for call in played.calls]
    assert [f"step {step}" in text for step, text in zip((0, 1, 1), told, strict=True)] == [
        True
    ] * 3
    assert "step 1 of log" in told[1]
    assert "step 1 of plan" in told[2]


def test_an_operation_of_the_scaffolds_own_is_used_like_any_other(kit, make_scaffold):
    hooks = """
OPERATIONS = {
    "PREPEND": {"fields": ["file", "text"], "summary": "add a line in front", "mutates": True},
    "FIRST": {"fields": ["file"], "summary": "the first line", "mutates": False},
}

def run_operation(name, key, text, content):
    if name == "FIRST":
        return {"result": content.split("\\n")[0]}
    return {"result": "added in front", "content": text + "\\n" + content}
"""
    toml = (
        'vocabulary = ["READ", "PREPEND", "FIRST"]\n'
        '[routines.log]\noperations = ["READ", "PREPEND"]\n'
        '[routines.plan]\noperations = ["READ", "FIRST"]\n'
    )
    played = play(
        kit,
        make_scaffold,
        2,
        toml,
        hooks,
        log=["<|PREPEND|>map.md|one<|END|><|PREPEND|>map.md|two<|END|><|DONE|>"],
        plan=[EAST, "<|PREPEND|>map.md|three<|END|>", "<|FIRST|>map.md<|END|>"],
    )
    assert played.files["map.md"] == "two\none\n"
    assert played.names == ["rejected"]
    assert "FIRST map.md: two" in played.calls[-1].messages[-1].text


@needs_sandbox
def test_an_episode_goes_on_when_hooks_die(kit, make_scaffold):
    hooks = """
import os
def check_action(action, context):
    os._exit(3)
def check_command(command, context):
    os.abort()
def notices(context):
    return [context["nothing"]]
"""
    log = ["<|APPEND|>map.md|a<|END|>"] * 3
    played = play(kit, make_scaffold, 4, hooks=hooks, trust=False, log=log)
    assert len(played.actions) == 4
    assert played.actions == [turn.info["executed_action"] for turn in played.turns if turn.text]
    assert {"rejected", "uncommitted"} <= {*played.names}
    assert played.files["map.md"] == ""
    texts = [call.messages[-1].text for call in played.calls]
    assert any("its process ended without an answer (status 3)" in text for text in texts)
    assert any("the hooks failed in check_command: its process was killed" in t for t in texts)
    assert any("KeyError: 'nothing'" in text for text in texts)
    assert "it had to be stopped 5 times, and is called no more" in texts[-1]


@needs_sandbox
def test_hooks_cannot_forge_a_score(kit, make_scaffold):
    hooks = """
import builtins, gc, os, sys
def notices(context):
    context["progression"] = context["reward"] = 1.0
    for one in gc.get_objects():
        if isinstance(one, dict) and "progression" in one:
            one["progression"] = 1.0
    for name in ("automem_gym", "automem_gym.env", "benchmarks", "memory_fs"):
        try:
            vars(__import__(name)).clear()
        except ImportError:
            pass
    for number in range(64):
        try:
            os.write(number, b'{"progression": 1.0, "reward": 1.0}\\n')
        except OSError:
            pass
    return []
"""
    honest = play(kit, lambda *_: "v0", 3)
    forged = play(kit, make_scaffold, 3, hooks=hooks, trust=False)
    assert forged.actions == honest.actions
    scores = [[turn.info["progression"] for turn in one.turns] for one in (honest, forged)]
    assert scores[0] == scores[1]


ASKS = """
def check_done(context):
    return None if context["wrote"] else "nothing was noted; SEARCH, then write"
"""


def test_log_is_asked_once_more_where_it_ends_without_a_note(kit, make_scaffold):
    log = ["<|DONE|>", "<|APPEND|>map.md|a<|END|><|DONE|>"]
    played = play(kit, make_scaffold, hooks=ASKS, log=log)
    assert played.files["map.md"] == "a\n"
    text = played.turns[1].decision.calls[1].messages[-1].text
    assert "DONE: nothing was noted; SEARCH, then write" in text


@pytest.mark.parametrize(
    ("log", "asked"),
    [
        (["<|DONE|>", "<|DONE|>", "<|APPEND|>map.md|never<|END|>"], 2),
        (["<|SEARCH|>map.md|a<|END|><|DONE|>", "<|DONE|>"], 2),
        (["<|APPEND|>map.md|a<|END|><|DONE|>", "never"], 1),
        (["<|APPEND|>map.md|a<|END|>", "<|DONE|>", "never"], 2),
        (["<|APPEND|>../map.md|a<|END|>", "<|DONE|>", "<|DONE|>", "never"], 3),  # refused
    ],
)
def test_it_is_asked_so_once_at_most_and_only_without_one(kit, make_scaffold, log, asked):
    played = play(kit, make_scaffold, hooks=ASKS, log=log)
    calls = [call for turn in played.turns for call in turn.decision.calls]
    assert sum(call.routine == "log" for call in calls) == asked

"""Models that do not answer as they should: each gets the behaviour that a user would want."""

import pytest

from agents.memory_agent import MemoryAgent, PairAgent
from agents.model import Completion

EAST = "<|ACTION|>east<|END|>"


def play(kit, steps=2, scaffold="v0", **replies):
    return kit.play(MemoryAgent({"agent": kit.scripted(**replies)}, scaffold), steps)


def always(kit, answer, steps=2, agent=MemoryAgent):
    model = kit.FakeModel(lambda messages: answer)
    return kit.play(agent(dict.fromkeys(agent.roles, model)), steps)


@pytest.mark.parametrize("agent", [MemoryAgent, PairAgent])
@pytest.mark.parametrize("answer", ["", "  \n ", "I think that I should look around."])
def test_a_model_that_never_commits_gets_the_default_action_and_is_counted(kit, answer, agent):
    played = always(kit, answer, agent=agent)
    assert played.actions == ["read", "read"]
    assert played.names.count("uncommitted") == 2
    assert all(turn.info["invalid_action"] is None for turn in played.turns)
    plan = [call for call in played.turns[0].decision.calls if call.role == agent.roles[-1]]
    assert "last" in plan[-1].messages[-1].text.splitlines()[-1].lower()
    assert len(played.turns[0].decision.calls) == 10
    assert (
        "No action was taken in the last step, so read was executed"
        in played.turns[1].decision.calls[0].messages[1].text
    )


def test_no_message_of_a_silent_model_is_empty(kit):
    for call in always(kit, "").calls:
        assert all(message.text.strip() for message in call.messages)
        assert [message.role for message in call.messages] == ["system", "user"]


def test_prose_is_answered_with_how_to_act(kit):
    played = play(kit, 1, plan=["Well."])
    assert "<|ACTION|>" in played.calls[1].messages[-1].text
    assert played.calls[1].messages[-2].text == "Well."


def test_a_very_long_answer_is_read_whole_and_kept_in_part(kit):
    long = f"{'so ' * 40_000}<|READ|>map.md<|END|>"
    played = play(kit, 1, plan=[long])
    assert played.texts[0] == "<|READ|>map.md<|END|>"
    kept = played.calls[1].messages[-2].text
    assert len(kept) <= 4_000
    assert "characters left out]" in kept
    assert kept.endswith("<|READ|>map.md<|END|>")


def test_an_answer_beyond_all_measure_is_no_command(kit):
    played = play(kit, 1, plan=["<|READ|>map.md<|END|>" * 60_000])
    assert played.texts == [EAST]


def test_more_commands_than_a_turn_takes_are_refused_and_told(kit):
    played = play(kit, 2, log=["<|APPEND|>map.md|a<|END|>" * 150])
    assert played.files["map.md"] == "a\n" * 100
    assert "50 commands more: 100 a turn" in played.calls[2].messages[-1].text


def test_one_command_that_would_not_fit_into_a_turn_is_refused_and_told(kit):
    played = play(kit, 2, log=[f"<|APPEND|>map.md|{'a' * 600_000}<|END|>"])
    assert played.files["map.md"] == ""
    assert "too much for one turn" in played.calls[2].messages[-1].text


def test_commands_in_a_code_fence_are_commands(kit):
    played = play(kit, 2, log=["```\n<|APPEND|>map.md|a\n```"], plan=["```\n<ACTION>east\n```"])
    assert played.files["map.md"] == "a\n"
    assert played.actions == ["east", "east"]


def test_commands_in_a_thought_are_none(kit):
    played = play(kit, 1, plan=[f"<think><|ACTION|>dial 1<|END|></think>{EAST}"])
    assert played.actions == ["east"]


def test_an_action_that_does_not_exist_comes_back_with_a_hint(kit):
    played = play(kit, 1, plan=["<|ACTION|>eats<|END|>"])
    assert played.names == ["impossible"]
    assert "Did you mean 'east'?" in played.calls[1].messages[-1].text
    assert played.actions == ["east"]


def test_an_action_that_does_not_exist_follows_the_environments_rule_in_the_end(kit):
    played = play(kit, 2, plan=["<|ACTION|>fly<|END|>"] * 2)
    assert played.names == ["impossible"] * 2
    assert played.turns[0].info["invalid_action"] == "fly"
    assert played.actions[0] == "read"
    log = played.turns[1].decision.calls[0].messages[1].text
    assert "fly" in log
    assert "<last_action>read</last_action>" in log


@pytest.mark.parametrize("name", ["", "a<\\|END|>b", "<|READ|>map.md", "|", "x" * 5_000, "\ud800"])
def test_any_text_can_be_passed_on_as_an_action(kit, name):
    played = play(kit, 1, plan=[f"<|ACTION|>{name}<|END|>"] * 2)
    assert played.turns[0].info["invalid_action"] is not None
    assert played.turns[0].info["commands"] == []


def test_reads_beside_an_impossible_action_are_answered_together_with_the_reason(kit):
    played = play(kit, 1, plan=["<|READ|>map.md<|END|><|ACTION|>fly<|END|>"])
    assert played.texts == ["<|READ|>map.md<|END|>", EAST]
    text = played.calls[1].messages[-1].text
    assert text.index("READ map.md") < text.index("'fly' is no valid action")


def test_the_last_turn_of_a_plan_passes_an_impossible_action_on(kit, make_scaffold):
    scaffold = make_scaffold("[routines.plan]\nturns = 1\n")
    played = play(kit, 1, scaffold, plan=["<|ACTION|>fly<|END|>"])
    assert played.turns[0].info["invalid_action"] == "fly"


def test_a_file_that_is_not_there_is_answered_by_the_memory(kit):
    played = play(kit, 1, plan=["<|READ|>mapp.md<|END|>"])
    assert "READ mapp.md: refused" in played.calls[1].messages[-1].text
    assert "map.md" in played.calls[1].messages[-1].text


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("<|APPEND|>map.md<|END|>", "APPEND: a field is missing; write <|APPEND|>file|line<|END|>"),
        ("<|SERCH|>map.md|a<|END|>", "SERCH: no such command. Did you mean 'SEARCH'?"),
        ("<|DELETE|>map.md<|END|>", "DELETE map.md: not offered here. There are SEARCH"),
        ("<|LIST|>", "LIST: not offered here"),
    ],
)
def test_what_is_no_command_is_told_and_costs_a_turn(kit, reply, told):
    played = play(kit, 2, log=[reply])
    assert told in played.calls[2].messages[-1].text
    assert played.texts == [EAST, EAST]
    assert played.names == ["rejected"]


def test_an_answer_that_was_cut_is_counted(kit):
    played = play(kit, 1, plan=[Completion(f"hm {EAST}", stop_reason="length")])
    assert played.names == ["cut"]
    assert played.actions == ["east"]


def test_half_a_command_at_the_end_of_a_cut_answer_is_not_done(kit):
    half = "<|APPEND|>map.md|one<|END|>\n<|WRITE|>rules.md|the first of many ru"
    played = play(kit, 2, log=[Completion(half, stop_reason="length")])
    assert played.files["map.md"] == "one\n"
    assert played.files["rules.md"] == ""
    assert "WRITE: the answer was cut off" in played.calls[2].messages[-1].text
    whole = play(kit, 2, log=[half])
    assert whole.files["rules.md"] == "the first of many ru\n"


def test_half_an_action_is_not_executed(kit):
    played = play(kit, 1, plan=[Completion("<|ACTION|>dial 1", stop_reason="length")])
    assert played.actions == ["east"]
    assert played.names == ["cut", "rejected"]


def test_a_refusal_is_an_answer_without_a_command(kit):
    refusal = Completion(f"I cannot. {EAST}", stop_reason="refusal")
    played = play(kit, 2, log=[refusal], plan=[refusal])
    assert played.actions == ["east", "east"]
    assert played.names == ["refusal", "refusal"]
    assert [call.routine for call in played.calls] == ["plan", "plan", "log", "plan"]


def test_a_second_refusal_ends_the_plan(kit):
    played = play(kit, 1, plan=[Completion("", stop_reason="refusal")] * 2)
    assert played.names == ["refusal", "refusal", "uncommitted"]
    assert played.actions == ["read"]


def test_a_refusal_of_the_specialist_hands_over(kit):
    specialist = kit.FakeModel(lambda messages: Completion("No.", stop_reason="refusal"))
    agent = PairAgent({"specialist": specialist, "gameplay": kit.scripted()})
    played = kit.play(agent, 1)
    assert played.names == ["refusal", "hand-over"]
    assert played.actions == ["east"]

"""Two instances: the specialist logs and consults, the gameplay model acts."""

import pytest

from agents.memory_agent import PairAgent

EAST = "<|ACTION|>east<|END|>"


def pair(kit, specialist=None, gameplay=None, **options):
    models = {
        "specialist": specialist or kit.scripted(),
        "gameplay": gameplay or kit.FakeModel(lambda messages: EAST, "base"),
    }
    return PairAgent(models, **options)


def roles(played):
    return [(call.role, call.routine) for call in played.calls]


def test_the_specialist_logs_and_consults_and_the_gameplay_model_commits(kit):
    played = kit.play(pair(kit), 2)
    consulted = [("specialist", "plan"), ("gameplay", "plan")]
    assert roles(played) == [*consulted, ("specialist", "log"), *consulted]
    assert [call.model for call in played.calls[:2]] == ["fake", "base"]


def test_the_gameplay_model_continues_the_same_conversation(kit):
    specialist = kit.scripted(plan=["<|READ|>map.md<|END|>", "The map is empty."])
    played = kit.play(pair(kit, specialist), 1)
    consulting, last, commit = played.calls
    assert last.messages[: len(consulting.messages)] == consulting.messages
    assert commit.messages[: len(last.messages)] == last.messages
    assert commit.messages[-2].text == "The map is empty."
    assert commit.messages[-1].text.startswith("The memory has been consulted.")
    assert played.names == ["hand-over"]


def test_what_the_specialist_writes_as_an_action_is_stripped(kit):
    specialist = kit.scripted(
        plan=["Go back! <|ACTION|>west<|END|> and then <|READ|>map.md<|END|>"]
    )
    played = kit.play(pair(kit, specialist), 1)
    assert played.texts == [EAST]
    assert played.names == ["stripped", "rejected", "hand-over"]
    kept, handover = played.calls[1].messages[-2:]
    assert kept.text == "Go back! "
    assert "west<|END|>" not in handover.text


@pytest.mark.parametrize("action", ["<|ACTION|>west<|END|>", "west", "<action>west"])
def test_a_reply_that_is_only_an_action_is_dropped_and_the_hand_over_merged(kit, action):
    played = kit.play(pair(kit, kit.scripted(plan=[action])), 1)
    first, commit = played.calls
    assert [message.role for message in commit.messages] == ["system", "user"]
    assert commit.messages[1].text.startswith(first.messages[1].text)
    assert "The memory has been consulted." in commit.messages[1].text
    assert "stripped" in played.names


def test_reads_before_the_stripped_action_are_answered_before_the_hand_over(kit):
    specialist = kit.scripted(plan=["<|READ|>map.md<|END|><|ACTION|>west<|END|>"])
    played = kit.play(pair(kit, specialist), 1)
    assert played.texts == ["<|READ|>map.md<|END|>", EAST]
    assert roles(played) == [("specialist", "plan"), ("gameplay", "plan")]
    text = played.calls[1].messages[-1].text
    assert text.index("READ map.md: 0 lines") < text.index("The memory has been consulted.")


def test_done_ends_the_consultation(kit):
    played = kit.play(pair(kit, kit.scripted(plan=["<|READ|>map.md<|END|><|DONE|>"])), 1)
    assert roles(played) == [("specialist", "plan"), ("gameplay", "plan")]
    assert played.texts == ["<|READ|>map.md<|END|>", EAST]


def test_the_consultation_ends_with_its_limit(kit):
    specialist = kit.FakeModel(lambda messages: "<|READ|>map.md<|END|>")
    agent = pair(kit, specialist)
    played = kit.play(agent, 1)
    limit = agent.scaffold("Vault").limits.consultation_turns
    assert [role for role, _ in roles(played)] == ["specialist"] * limit + ["gameplay"]
    assert len(played.turns) == limit + 1
    assert played.events[0].detail == f"after {limit} of {limit} turns"
    told = [call.messages[-1].text.casefold() for call in played.calls]
    # It is not the specialist who has to act at last.
    assert not any("last reply" in text or "last turn" in text for text in told)


def test_the_gameplay_model_has_a_turn_where_the_consultation_could_take_them_all(
    kit, make_scaffold
):
    specialist = kit.FakeModel(lambda messages: "<|READ|>map.md<|END|>")
    scaffold = make_scaffold("[limits]\nconsultation_turns = 9\n[routines.plan]\nturns = 2\n")
    played = kit.play(pair(kit, specialist, scaffold=scaffold), 1)
    assert [role for role, _ in roles(played)] == ["specialist", "gameplay"]
    assert "last" in played.calls[-1].messages[-1].text.splitlines()[-1].lower()


def test_a_plan_of_one_turn_is_the_gameplay_models_alone(kit, make_scaffold):
    played = kit.play(pair(kit, scaffold=make_scaffold("[routines.plan]\nturns = 1\n")), 1)
    assert roles(played) == [("gameplay", "plan")]
    assert played.names == ["hand-over"]
    assert "The memory has been consulted." in played.calls[0].messages[-1].text


def test_the_gameplay_model_may_still_read_and_never_writes(kit):
    replies = iter(["<|READ|>map.md<|END|>", "<|APPEND|>map.md|a<|END|>", EAST])
    gameplay = kit.FakeModel(lambda messages: next(replies))
    played = kit.play(pair(kit, gameplay=gameplay), 1)
    assert played.texts == ["<|READ|>map.md<|END|>", EAST]
    assert played.names == ["stripped", "hand-over", "rejected"]


def test_a_specialist_that_writes_in_plan_is_told_and_goes_on(kit):
    specialist = kit.scripted(plan=["<|WRITE|>map.md|a<|END|>", "<|READ|>map.md<|END|>", "ok"])
    played = kit.play(pair(kit, specialist), 1)
    assert "PLAN only reads" in played.calls[1].messages[-1].text
    assert played.texts == ["<|READ|>map.md<|END|>", EAST]


def test_what_was_refused_with_the_stripped_action_is_told_to_the_gameplay_model(kit):
    specialist = kit.scripted(plan=["<|WRITE|>map.md|a<|END|><|ACTION|>west<|END|>"])
    played = kit.play(pair(kit, specialist), 1)
    text = played.calls[1].messages[-1].text
    assert text.index("PLAN only reads") < text.index("The memory has been consulted.")


def test_one_model_may_play_both_roles(kit):
    model = kit.scripted()
    played = kit.play(PairAgent({"specialist": model, "gameplay": model}), 2)
    assert played.actions == ["east", "east"]
    assert played.names.count("hand-over") == 2


def test_both_models_are_needed(kit):
    with pytest.raises(ValueError, match="specialist and gameplay, and given for gameplay"):
        PairAgent({"gameplay": kit.scripted()})

"""One instance: LOG, then PLAN, turn by turn."""

import gymnasium
import pytest

from agents import Decision, load_agent
from agents.agent import Agent, BringsMemory
from agents.memory_agent import MemoryAgent
from agents.model import call_seed
from automem_gym import MemoryConfig
from automem_gym.wrappers import MemoryWrapper

EAST = "<|ACTION|>east<|END|>"


def agent_of(model, **options):
    return MemoryAgent({"agent": model}, **options)


def routines(played):
    return [(call.role, call.routine) for call in played.calls]


def last_words(call):
    return call.messages[-1].text


def test_it_is_an_agent_that_brings_its_memory(kit):
    agent = agent_of(kit.scripted())
    assert isinstance(agent, Agent)
    assert isinstance(agent, BringsMemory)
    config = agent.memory_config("Vault")
    assert config is agent.memory_config("Vault")
    assert config.vocabulary == agent.scaffold("Vault").vocabulary


def test_the_environment_gets_the_files_and_the_vocabulary_of_the_scaffold(kit):
    agent = agent_of(kit.scripted())
    played = kit.play(agent, 1)
    assert played.introduction["vocabulary"] == agent.scaffold("Vault").vocabulary
    assert set(played.files) == set(agent.memory_config("Vault").files)


def test_the_first_game_step_has_only_a_plan_and_every_later_one_a_log_before_it(kit):
    played = kit.play(agent_of(kit.scripted()), 3)
    log, plan = ("agent", "log"), ("agent", "plan")
    assert routines(played) == [plan, log, plan, log, plan]
    assert played.texts == [EAST] * 3


def test_the_log_sees_the_outcome_and_its_writes_come_before_the_next_action(kit):
    model = kit.scripted(log=["<|APPEND|>map.md|room 2<|END|>\n<|APPEND|>map.md|west: door<|END|>"])
    played = kit.play(agent_of(model), 2)
    first_log = next(call for call in played.calls if call.routine == "log")
    assert "You walk east." in last_words(first_log)
    assert "<last_action>east</last_action>" in last_words(first_log)
    write = "<|APPEND|>map.md|room 2<|END|>\n<|APPEND|>map.md|west: door<|END|>"
    assert played.texts == [EAST, write, EAST]


def test_the_plan_sees_the_files_as_the_log_has_left_them(kit):
    played = kit.play(agent_of(kit.scripted(log=["<|APPEND|>map.md|room 2<|END|><|DONE|>"])), 2)
    log, plan = played.calls[1:]
    assert "map.md (0 lines" in last_words(log)
    assert "map.md (1 line, 7 chars" in last_words(plan)


def test_answers_of_the_memory_come_into_the_same_conversation(kit):
    model = kit.scripted(log=["<|APPEND|>map.md|a<|END|>", "<|READ|>map.md<|END|>"])
    played = kit.play(agent_of(model), 2)
    logs = [call for call in played.calls if call.routine == "log"]
    assert len(logs) == 3
    assert logs[2].messages[: len(logs[1].messages)] == logs[1].messages
    assert [message.role for message in logs[2].messages][1:] == ["user", "assistant"] * 2 + [
        "user"
    ]
    assert "APPEND map.md: added; 1 line now" in logs[1].messages[-1].text
    assert "READ map.md: 1 line\na" in logs[2].messages[-1].text


def test_done_ends_the_log_and_what_follows_it_is_cut(kit):
    model = kit.scripted(log=["<|APPEND|>map.md|a<|END|><|DONE|><|APPEND|>map.md|b<|END|>"])
    played = kit.play(agent_of(model), 2)
    assert played.texts == [EAST, "<|APPEND|>map.md|a<|END|>", EAST]
    assert routines(played).count(("agent", "log")) == 1


def test_a_refusal_of_the_memory_comes_back_even_behind_done(kit):
    replies = [
        "<|CREATE|>map.md<|END|><|DONE|>",
        "<|APPEND|>map.md|a<|END|><|DONE|>",
    ]
    played = kit.play(agent_of(kit.scripted(log=replies)), 2)
    second = [call for call in played.calls if call.routine == "log"][1]
    assert "map.md" in last_words(second)
    assert "refused" in last_words(second)
    assert played.files["map.md"] == "a\n"


def test_the_log_ends_with_its_last_turn(kit, make_scaffold):
    model = kit.scripted(log=["<|APPEND|>map.md|a<|END|>"] * 9)
    agent = agent_of(model, scaffold=make_scaffold("[routines.log]\nturns = 2\n"))
    played = kit.play(agent, 2)
    assert played.files["map.md"] == "a\na\n"
    second = [call for call in played.calls if call.routine == "log"][1]
    assert "last" in last_words(second).splitlines()[-1].lower()


def test_an_action_in_the_log_is_stripped_and_never_executed(kit):
    model = kit.scripted(log=["<|APPEND|>map.md|a<|END|> go <|ACTION|>dial 9<|END|>"])
    played = kit.play(agent_of(model), 2)
    assert played.actions == ["east", "east"]
    assert played.names == ["stripped"]
    kept = [call for call in played.calls if call.routine == "log"][1].messages[2]
    assert kept.role == "assistant"
    assert kept.text == "<|APPEND|>map.md|a<|END|> go "


def test_commands_behind_an_action_in_the_log_are_refused_and_told(kit):
    model = kit.scripted(log=["<|ACTION|>east<|END|><|APPEND|>map.md|i went east<|END|>"])
    played = kit.play(agent_of(model), 2)
    assert played.files["map.md"] == ""
    assert played.names == ["stripped", "rejected"]
    second = [call for call in played.calls if call.routine == "log"][1]
    assert "1 command after ACTION" in last_words(second)


def test_reads_of_a_plan_are_answered_before_it_commits(kit):
    model = kit.scripted(plan=["<|SEARCH|>*|sign<|END|>"])
    played = kit.play(agent_of(model), 1)
    assert played.texts == ["<|SEARCH|>*|sign<|END|>", EAST]
    assert "no line holds 'sign'" in last_words(played.calls[1])


def test_reads_that_stand_before_the_action_are_executed_in_its_turn(kit):
    model = kit.scripted(plan=[f"<|READ|>map.md<|END|> now {EAST}"])
    played = kit.play(agent_of(model), 1)
    assert played.texts == [f"<|READ|>map.md<|END|>\n{EAST}"]
    assert played.turns[0].after["memory"] == "READ map.md: 0 lines"


def test_a_plan_that_writes_is_told_that_it_only_reads(kit):
    model = kit.scripted(plan=["<|APPEND|>map.md|a<|END|>"])
    played = kit.play(agent_of(model), 1)
    assert played.texts == [EAST]
    assert played.names == ["rejected"]
    assert "PLAN only reads" in last_words(played.calls[1])
    assert "APPEND map.md" in last_words(played.calls[1])


def test_writes_beside_an_action_are_refused_and_the_next_step_is_told(kit):
    for reply in (
        f"<|APPEND|>map.md|marker<|END|>{EAST}",
        f"{EAST}<|APPEND|>map.md|marker<|END|>",
    ):
        played = kit.play(agent_of(kit.scripted(plan=[reply])), 2)
        assert played.texts == [EAST, EAST]
        assert played.names == ["rejected"]
        for call in played.calls[1:3]:
            assert "were refused" in last_words(call)
            assert "marker" not in last_words(call)
        assert not any(played.files[name].count("marker") for name in played.files)


def test_a_notice_lasts_one_game_step(kit):
    model = kit.scripted(plan=[f"{EAST}<|APPEND|>map.md|a<|END|>"])
    played = kit.play(agent_of(model), 3)
    told = ["were refused" in last_words(call) for call in played.calls]
    assert told == [False, True, True, False, False]


def test_only_files_cross_game_steps(kit):
    model = kit.scripted(
        log=["log-marker <|APPEND|>map.md|a<|END|>", "log-marker <|DONE|>"],
        plan=[f"plan-marker {EAST}", "plan-marker <|READ|>map.md<|END|>", f"plan-marker {EAST}"],
    )
    played = kit.play(agent_of(model), 3)
    for call in played.calls[-2:]:
        text = "\n".join(message.text for message in call.messages)
        assert "-marker" not in text


def test_the_system_message_is_the_same_throughout_an_episode(kit):
    played = kit.play(agent_of(kit.scripted()), 4)
    for routine in ("log", "plan"):
        assert len({c.messages[0] for c in played.calls if c.routine == routine}) == 1


def test_calls_are_recorded_with_their_seeds_and_the_messages_that_were_sent(kit):
    model = kit.scripted(log=["", "<|READ|>map.md<|END|>"], plan=["hm"])
    played = kit.play(agent_of(model), 3)
    assert [call.messages for call in played.calls] == model.asked
    assert [call.seed for call in played.calls] == model.seeds
    expected = [
        call_seed(7, turn, call)
        for turn, played_turn in enumerate(played.turns, 1)
        for call in range(len(played_turn.decision.calls))
    ]
    assert [call.seed for call in played.calls] == expected


def test_a_routine_without_a_command_in_the_environment_is_left_out(kit):
    env = gymnasium.make("AutoMem-Vault-v0", memory=MemoryConfig(vocabulary=()))
    agent = agent_of(kit.scripted())
    observation, info = env.reset(seed=1)
    agent.reset(observation, info, 7)
    for _ in range(3):
        decision = agent.act(observation, info)
        assert [call.routine for call in decision.calls] == ["plan"]
        assert "<|READ|>" not in decision.calls[0].messages[0].text
        observation, _, _, _, info = env.step(decision.action)
    env.close()


def test_an_environment_that_offers_less_gets_only_what_both_have(kit):
    memory = MemoryConfig(files={"map.md": ""}, vocabulary=("READ", "APPEND", "UPSERT"))
    env = gymnasium.make("AutoMem-Vault-v0", memory=memory)
    model = kit.scripted(log=["<|WRITE|>map.md|a<|END|>", "<|APPEND|>map.md|a<|END|>"])
    agent = agent_of(model)
    observation, info = env.reset(seed=1)
    agent.reset(observation, info, 7)
    observation, _, _, _, info = env.step(agent.act(observation, info).action)
    decision = agent.act(observation, info)
    assert decision.action == "<|APPEND|>map.md|a<|END|>"
    assert [event.name for event in decision.events] == ["rejected"]
    system = decision.calls[0].messages[0].text
    assert "<|APPEND|>file" in system
    assert "<|WRITE|>file" not in system
    assert "<|UPSERT|>file" not in system
    assert "not offered here. There are READ, APPEND" in last_words(decision.calls[1])
    env.close()


def test_a_game_without_named_actions_takes_the_words_as_they_are(kit):
    class Echo(gymnasium.Env):
        observation_space = action_space = gymnasium.spaces.Text(100)

        def reset(self, *, seed=None, options=None):
            return "say something", {}

        def step(self, action):
            return f"you said {action}", 0.0, False, False, {}

    env = MemoryWrapper(Echo(), game="Echo", instructions="Talk.")
    model = kit.scripted(log=["nothing to note"], plan=["good morning", "<|ACTION|>bye<|END|>"])
    played = kit.play(agent_of(model), 2, env=env)
    assert played.actions == ["good morning", "bye"]
    assert played.names == []
    env.close()


def test_an_environment_that_forces_an_action_begins_a_new_game_step(kit):
    model = kit.scripted(log=["<|APPEND|>map.md|a<|END|>"] * 4, plan=["<|READ|>map.md<|END|>"] * 3)
    played = kit.play(agent_of(model), 4, max_turns_per_game_step=2)
    assert played.actions[0] == "read"
    assert [turn.step for turn in played.turns] == [0, 0, 1, 1, 2, 2, 3, 3]
    first_of_step = played.turns[2].decision.calls[0]
    assert first_of_step.routine == "log"
    assert len(first_of_step.messages) == 2


def test_two_episodes_of_one_agent_do_not_touch_each_other(kit):
    agent = agent_of(kit.FakeModel(lambda messages: EAST))
    first, second = kit.play(agent, 4), kit.play(agent, 4)
    assert [turn.decision for turn in first.turns] == [turn.decision for turn in second.turns]


def test_a_model_is_needed():
    with pytest.raises(ValueError, match="models are needed for agent, and given for nothing"):
        MemoryAgent({})
    with pytest.raises(ValueError, match="needed for agent, and given for agent, gameplay"):
        MemoryAgent({"agent": None, "gameplay": None})


def test_the_catalogue_loads_it_with_a_scaffold(kit):
    agent = load_agent("memory", models={"agent": kit.scripted()}, scaffold="generic/v0")
    assert agent.scaffold("Vault").name == "generic/v0"
    assert isinstance(kit.play(agent, 1).turns[0].decision, Decision)


def test_an_error_of_the_model_passes_through_unchanged(kit):
    from agents.model import ModelError

    error = ModelError("the server is gone")

    def fail(messages):
        raise error

    with pytest.raises(ModelError) as caught:
        kit.play(agent_of(kit.FakeModel(fail)), 1)
    assert caught.value is error

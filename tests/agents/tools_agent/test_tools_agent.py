"""Limits, refusals, cut answers and long conversations: what a model may do wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gymnasium
import pytest

import automem_gym  # noqa: F401
from agents import begin, load_agent
from agents.model import (
    Completion,
    ContextTooLongError,
    Message,
    ModelSetupError,
    ToolCompletion,
    Usage,
)
from agents.tools_agent import ToolsAgent
from automem_gym import GameAction, MemoryAction
from memory_fs import MemoryConfig

ACT = {"type": "tool_use", "id": "a", "name": "act", "input": {"action": "Move West"}}
WORDS = {"type": "text", "text": "Hm."}


def view(name: str = "v", path: str = "/memories") -> dict[str, Any]:
    given = {"command": "view", "path": path}
    return {"type": "tool_use", "id": name, "name": "memory", "input": given}


class Scripted:
    """Answers with one list of blocks after the other, then with the last one for ever."""

    name = "scripted"

    def __init__(self, *answers: list[dict[str, Any]] | ToolCompletion | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def call(
        self,
        system: str,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
        seed: int,
        force: str = "",
    ) -> ToolCompletion:
        asked = {"system": system, "messages": messages, "tools": tools}
        self.asked.append({**asked, "seed": seed, "force": force})
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, ToolCompletion) else ToolCompletion(tuple(answer))

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing to free."""


@pytest.fixture
def env():
    env = gymnasium.make("AutoMem-Crafter-v0")
    yield env
    env.close()


class Player:
    """Plays one environment with one agent, turn by turn."""

    def __init__(self, env: Any, model: Scripted, **arguments: Any) -> None:
        self.env, self.model = env, model
        self.agent = ToolsAgent({"agent": model}, **arguments)
        self.observation, self.info = begin(env, self.agent, 0, 1)
        self.events: list[tuple[str, str]] = []
        self.calls = 0

    def turn(self) -> GameAction | MemoryAction:
        decision = self.agent.act(self.observation, self.info)
        self.events += [(event.name, event.detail) for event in decision.events]
        self.calls += len(decision.calls)
        self.observation, _, _, _, self.info = self.env.step(decision.action)
        assert not isinstance(decision.action, str)
        return decision.action

    def step(self) -> list[GameAction | MemoryAction]:
        """The turns of one game step."""
        before, turns = self.info["game_step"], []
        while self.info["game_step"] == before:
            turns.append(self.turn())
        return turns

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.events]


def last_words(asked: dict[str, Any]) -> str:
    return str(asked["messages"][-1]["content"])


def test_a_model_that_never_acts_is_asked_so_often_and_no_more(env: Any) -> None:
    model = Scripted([view()])
    player = Player(env, model, turns=3)
    assert [type(turn) for turn in player.step()] == [*[MemoryAction] * 3, GameAction]
    assert player.info["executed_action"] == "Noop"
    assert [asked["force"] for asked in model.asked] == ["", "", "act"]
    assert "your last answer" in last_words(model.asked[2])
    assert "your last answer" not in last_words(model.asked[1])
    assert player.names == ["uncommitted"]
    player.step()
    assert "No action was taken in the last step, so Noop was executed" in last_words(
        model.asked[3]
    )
    assert player.calls == 6


def test_the_only_turn_is_the_last_one(env: Any) -> None:
    model = Scripted([ACT])
    assert Player(env, model, turns=1).step() == [GameAction("Move West")]
    assert model.asked[0]["force"] == "act"


def test_each_step_is_a_conversation_of_its_own(env: Any) -> None:
    model = Scripted([view()], [ACT])
    player = Player(env, model)
    player.step()
    player.step()
    first, second, third = (asked["messages"] for asked in model.asked)
    assert [len(first), len(second), len(third)] == [1, 3, 1]
    assert "<last_action></last_action>" in str(first)
    assert "<last_action>Move West</last_action>" in str(third)
    assert len({asked["system"] for asked in model.asked}) == 1
    assert len({asked["seed"] for asked in model.asked}) == 3


@pytest.mark.parametrize("answer", [[], [WORDS], [{"type": "text", "text": " "}]])
def test_answers_without_a_call(answer: list[dict[str, Any]], env: Any) -> None:
    model = Scripted(answer, answer, [ACT])
    player = Player(env, model)
    assert player.step() == [GameAction("Move West")]
    assert "No tool was called" in last_words(model.asked[1])
    roles = [message["role"] for message in model.asked[2]["messages"]]
    assert roles == (["user", "assistant"] * 2 + ["user"] if answer == [WORDS] else ["user"])
    assert player.events == []


def test_a_model_that_declines_twice_is_left_alone(env: Any) -> None:
    model = Scripted(ToolCompletion((ACT,), Usage(), "refusal"))
    player = Player(env, model)
    assert player.step() == [GameAction("Noop")]
    assert player.names == ["refusal", "refusal", "uncommitted"]
    assert all(message["role"] == "user" for message in model.asked[1]["messages"])


def test_a_call_that_was_cut_is_not_executed(env: Any) -> None:
    cut = ToolCompletion((view("whole"), view("cut", "/memories/a")), Usage(), "length")
    model = Scripted(cut, ToolCompletion((WORDS,), Usage(), "length"), [ACT])
    player = Player(env, model)
    assert len(player.step()) == 2
    assert player.names == ["cut", "rejected", "cut"]
    whole, broken = model.asked[1]["messages"][-1]["content"]
    assert "is_error" not in whole
    assert broken["is_error"]
    assert "Write less" in broken["content"]
    # Before the words that were cut, everything was written.
    model = Scripted(ToolCompletion((ACT, WORDS), Usage(), "length"))
    assert Player(env, model).step() == [GameAction("Move West")]


def test_what_follows_act_is_not_executed(env: Any) -> None:
    player = Player(env, Scripted([view(), ACT, view("w"), {**ACT, "id": "b"}]))
    assert [type(turn) for turn in player.step()] == [MemoryAction, GameAction]
    assert player.events == [("rejected", "2 calls after act: the step ends there")]


def test_the_environment_is_never_kept_from_its_game(env: Any) -> None:
    """A hundred calls of the memory in one answer: as many as the environment takes, no more."""
    model = Scripted([view(f"v{number}") for number in range(100)], [ACT])
    player = Player(env, model)
    turns = player.step()
    assert len(turns) == 32
    assert turns[-1] == GameAction("Move West")
    results = model.asked[1]["messages"][-1]["content"]
    assert [result.get("is_error", False) for result in results] == [False] * 31 + [True] * 69
    assert "act now" in results[-1]["content"]


def test_an_environment_that_takes_fewer_turns_ends_the_step_itself() -> None:
    env = gymnasium.make("AutoMem-Crafter-v0", max_turns_per_game_step=3)
    model = Scripted([view(f"v{number}") for number in range(9)], [ACT])
    player = Player(env, model)
    assert len(player.step()) == 3
    assert player.info["executed_action"] == "Noop"
    assert player.step() == [GameAction("Move West")]
    assert player.events == [("uncommitted", "the environment executed Noop")]
    assert "No action was taken in the last step" in last_words(model.asked[1])
    assert len(model.asked[1]["messages"]) == 1
    env.close()


def test_sloppy_actions_are_understood(env: Any) -> None:
    for written in ("move west", "`Move West`", "Move_West"):
        model = Scripted([{**ACT, "input": {"action": written}}])
        assert Player(env, model).step() == [GameAction("Move West")]


def test_a_conversation_that_is_too_long_is_cut_visibly(env: Any) -> None:
    model = Scripted(
        [view("v", "/memories/long.md")],
        ContextTooLongError(9000, 8000),
        ContextTooLongError(),
        [ACT],
    )
    player = Player(env, model)
    env.get_wrapper_attr("memory").write("long.md", "a line\n" * 1000)
    assert len(player.step()) == 2
    assert player.names == ["compacted", "compacted"]
    whole, cut, shorter = (len(str(asked["messages"])) for asked in model.asked[1:])
    assert whole > cut > shorter
    sent = str(model.asked[3]["messages"])
    assert "characters left out" in sent
    assert model.asked[3]["messages"][1]["content"] == [view("v", "/memories/long.md")]
    assert model.asked[3]["system"] == model.asked[1]["system"]


def test_a_context_that_nothing_fits_into_stops_the_run(env: Any) -> None:
    player = Player(env, Scripted(ContextTooLongError(9000, 10)))
    with pytest.raises(ModelSetupError, match="larger context"):
        player.turn()


def test_an_environment_without_these_operations_answers_so() -> None:
    env = gymnasium.make("AutoMem-Crafter-v0", memory=MemoryConfig(vocabulary=("READ",)))
    agent = ToolsAgent({"agent": Scripted([view()], [ACT])})
    observation, info = env.reset(seed=0)
    agent.reset(observation, info, 0)
    observation, _, _, _, info = env.step(agent.act(observation, info).action)
    assert agent.act(observation, info).action == GameAction("Move West")
    assert "not in the vocabulary" in info["commands"][0]["result"]
    env.close()


def test_the_tools(env: Any) -> None:
    model = Scripted([ACT])
    Player(env, model).step()
    native, act = model.asked[0]["tools"]
    assert native == {"type": "memory_20250818", "name": "memory"}
    assert act["input_schema"]["properties"]["action"]["enum"] == list(
        env.unwrapped.reset()[1]["actions"]
    )
    Player(env, model, memory_tool="schema").step()
    schema, _ = model.asked[1]["tools"]
    assert schema["name"] == "memory"
    assert schema["input_schema"]["properties"]["command"]["enum"][0] == "view"


def test_a_game_in_which_any_text_is_an_action() -> None:
    model = Scripted(
        [{**ACT, "input": {"action": "x <|END|>"}}], [{**ACT, "input": {"action": "open the door"}}]
    )
    agent = ToolsAgent({"agent": model})
    texts = {"observation": "A door.", "status": "", "memory": "", "files": ""}
    info = {"game_step": 0, "actions": (), "default_action": "", "commands": []}
    agent.reset(texts, info, 0)
    assert agent.act(texts, info).action == GameAction("open the door")
    schema = model.asked[0]["tools"][1]["input_schema"]["properties"]["action"]
    assert "enum" not in schema


def test_actions_that_are_too_many_for_a_schema_stand_in_the_prompt() -> None:
    model = Scripted([{**ACT, "input": {"action": "action 7"}}])
    agent = ToolsAgent({"agent": model})
    texts = {"observation": "A door.", "status": "", "memory": "", "files": ""}
    actions = tuple(f"action {number}" for number in range(1000))
    info = {"game_step": 0, "actions": actions, "default_action": "action 0", "commands": []}
    agent.reset(texts, info, 0)
    assert agent.act(texts, info).action == GameAction("action 7")
    assert "\naction 999\n" in model.asked[0]["system"]
    assert "enum" not in str(model.asked[0]["tools"][1])


def test_it_needs_a_model_that_calls_tools() -> None:
    class Plain:
        name = "plain"

        def generate(self, messages: Sequence[Message], seed: int) -> Completion:
            raise NotImplementedError

        def close(self) -> None:
            """Nothing to free."""

    with pytest.raises(ValueError, match="--model messages:NAME"):
        load_agent("tools", models={"agent": Plain()})
    with pytest.raises(ValueError, match="needs models"):
        load_agent("tools")
    with pytest.raises(ValueError, match="turns is a number from 1"):
        load_agent("tools", models={"agent": Scripted([])}, turns=0)
    with pytest.raises(ValueError, match="Did you mean 'schema'"):
        load_agent("tools", models={"agent": Scripted([])}, memory_tool="shema")


def test_calls_without_an_id_and_twice_with_the_same_get_one_of_their_own(env: Any) -> None:
    cut = ToolCompletion((view("v"), {**view(""), "name": "nothing"}), stop_reason="length")
    model = Scripted([view(""), view("")], [view("v"), view("v")], cut, [{**ACT, "id": ""}])
    player = Player(env, model)
    assert len(player.step()) == 6
    for asked in model.asked[1:]:
        *_, answer, results = asked["messages"]
        told = [block["tool_use_id"] for block in results["content"]]
        assert told == [block["id"] for block in answer["content"]]
    blocks = [
        block
        for message in model.asked[-1]["messages"]
        if message["role"] == "assistant"
        for block in message["content"]
    ]
    ids = [block["id"] for block in blocks]
    assert len(set(ids)) == len(ids) == 6
    assert all(ids)
    assert ids[2] == "v"
    assert [detail.partition(":")[0] for name, detail in player.events if name == "rejected"] == [
        "the call was cut"
    ]

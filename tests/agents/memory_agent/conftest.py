"""A model made of a function, a small real game, and a step loop that keeps what it saw."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import gymnasium
import pytest

import examples.vault  # noqa: F401  (registers the id)
from agents import Decision, as_decision, begin
from agents.model import Completion, ContextTooLongError, Message

LOG, PLAN = "log", "plan"


class FakeModel:
    """A chat model.

    Args:
        answer: From the messages to the answer.
        name: Its name.
        context: Characters that it takes, at most; None for any number.
        tells: Whether it says how long a conversation is that does not fit.
    """

    def __init__(
        self,
        answer: Callable[[Sequence[Message]], str | Completion],
        name: str = "fake",
        context: int | None = None,
        tells: bool = True,
    ) -> None:
        self._answer = answer
        self.name = name
        self.context = context
        self.tells = tells
        self.asked: list[tuple[Message, ...]] = []
        self.seeds: list[int] = []

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        self.asked.append(tuple(messages))
        self.seeds.append(seed)
        size = sum(len(message.text) for message in messages)
        if self.context is not None and size > self.context:
            raise ContextTooLongError(*((size, self.context) if self.tells else ()))
        answer = self._answer(messages)
        return answer if isinstance(answer, Completion) else Completion(answer)

    def close(self) -> None:
        pass


def routine_of(messages: Sequence[Message]) -> str:
    return LOG if "\n\nYou are LOG." in messages[1].text else PLAN


def scripted(
    log: Iterable[str | Completion] = (), plan: Iterable[str | Completion] = (), **options: Any
) -> FakeModel:
    """Answers with the next reply of a routine; then with DONE, or a step to the east."""
    replies = {LOG: iter(log), PLAN: iter(plan)}
    rest = {LOG: "<|DONE|>", PLAN: "<|ACTION|>east<|END|>"}

    def answer(messages: Sequence[Message]) -> str | Completion:
        routine = routine_of(messages)
        return next(replies[routine], rest[routine])

    return FakeModel(answer, **options)


@dataclass
class Turn:
    """One turn of a played episode."""

    before: dict[str, str]
    info_before: dict[str, Any]
    decision: Decision
    after: dict[str, str]
    info: dict[str, Any]

    @property
    def text(self) -> str:
        return str(self.decision.action)

    @property
    def step(self) -> int:
        return int(self.info_before["game_step"])

    @property
    def events(self) -> list[str]:
        return [event.name for event in self.decision.events]


@dataclass
class Played:
    """A played episode."""

    turns: list[Turn] = field(default_factory=list)
    introduction: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @property
    def events(self) -> list[Any]:
        return [event for turn in self.turns for event in turn.decision.events]

    @property
    def names(self) -> list[str]:
        return [event.name for event in self.events]

    @property
    def calls(self) -> list[Any]:
        return [call for turn in self.turns for call in turn.decision.calls]

    @property
    def texts(self) -> list[str]:
        return [turn.text for turn in self.turns]

    @property
    def actions(self) -> list[str]:
        return [t.info["executed_action"] for t in self.turns if t.info["executed_action"]]


def play(agent: Any, steps: int = 3, seed: int = 1, env: Any = None, **options: Any) -> Played:
    """Plays some game steps, as any step loop does."""
    made = env or gymnasium.make("AutoMem-Vault-v0", **options)
    played = Played()
    try:
        observation, info = begin(made, agent, seed, 7)
        played.introduction = dict(info)
        over = False
        while not over and info["game_step"] < steps:
            assert len(played.turns) < 40 * steps, "the agent does not come to an end"
            decision = as_decision(agent.act(observation, info))
            after, _, terminated, truncated, later = made.step(decision.action)
            played.turns.append(Turn(dict(observation), dict(info), decision, after, later))
            observation, info, over = after, later, terminated or truncated
        memory = made.get_wrapper_attr("memory")
        played.files = {entry.name: memory.read(entry.name) for entry in memory.files()}
    finally:
        if env is None:
            made.close()
    return played


@pytest.fixture(scope="session")
def kit() -> SimpleNamespace:
    return SimpleNamespace(FakeModel=FakeModel, scripted=scripted, play=play, routine_of=routine_of)


@pytest.fixture
def make_scaffold(tmp_path):
    """Writes a scaffold that differs from the generic one in what is passed."""

    def make(toml: str = "", hooks: str = "", **prompts: str) -> str:
        folder = tmp_path / "scaffold"
        (folder / "prompts").mkdir(parents=True)
        head = 'name = "test"\ngame = "*"\nextends = "generic/v0"\n'
        (folder / "scaffold.toml").write_text(head + toml)
        if hooks:
            (folder / "hooks.py").write_text(hooks)
        for name, text in prompts.items():
            (folder / "prompts" / f"{name}.j2").write_text(text)
        return str(folder)

    return make

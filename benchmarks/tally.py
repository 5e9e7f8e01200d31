"""What adds up while an episode is played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agents import Event
from agents.accounting import Account
from agents.backends.recorded import Asked
from agents.model import Call, Usage
from benchmarks.trace.recorder import written


@dataclass(slots=True)
class Tally:
    """What adds up while an episode is played.

    Attributes:
        turns: Steps of the environment.
        episode_return: Sum of the rewards.
        commands: Memory commands that were done, by operation.
        refused: Memory commands that were refused.
        invalid_actions: Game actions that were none.
        info: The last ``info``.
        events: What happened between the agent and its models, by name.
        models: What the calls of each role took.
    """

    turns: int = 0
    episode_return: float = 0.0
    commands: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    invalid_actions: int = 0
    info: Mapping[str, Any] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)
    models: dict[str, Account] = field(default_factory=dict)

    def add(self, reward: float, info: Mapping[str, Any]) -> None:
        """Counts what the environment gave in a turn."""
        self.turns += 1
        self.episode_return += reward
        self.info = info
        self.invalid_actions += info.get("invalid_action") is not None
        for done in info.get("commands", ()):
            if done["ok"]:
                self.commands[written(done["command"])] += 1
            else:
                self.refused += 1

    def heed(
        self,
        asked: Iterable[Asked],
        events: Iterable[Event],
        cost: Callable[[Call], float | None] = lambda _: None,
    ) -> None:
        """Counts what an agent asked its models for a turn, and what happened then.

        Args:
            asked: What it asked; calls without an answer took nothing.
            events: What happened.
            cost: What a call costs in USD; None where that is not known.
        """
        self.events.update(event.name for event in events)
        for call in asked:
            if isinstance(call, Call):
                usd, done = cost(call), call.completion
                taken = Account(1, done.usage, done.latency, usd or 0.0, int(usd is None))
                self.models[call.role] = self.models.get(call.role, Account()) + taken

    @property
    def calls(self) -> int:
        """Calls of models."""
        return sum(account.calls for account in self.models.values())

    @property
    def tokens(self) -> int:
        """Tokens of those calls, in and out."""
        return sum((account.usage for account in self.models.values()), Usage()).tokens

    @property
    def game_steps(self) -> int:
        """Steps of the game; the turns, where the environment does not count them."""
        steps: int = self.info.get("game_step", self.turns)
        return steps

    @property
    def progression(self) -> float | None:
        """How far the episode has come; None where the environment does not tell."""
        progression: float | None = self.info.get("progression")
        return progression

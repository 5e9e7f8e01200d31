"""What was played, and what it took, added up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from agents.model import Usage


@dataclass(frozen=True, slots=True)
class Played:
    """Some game steps of one environment, or of several added up.

    Attributes:
        game_steps: Steps of the game.
        turns: Steps of the environment, which those that only touch memory count as well.
        episodes: Episodes that were begun.
        seconds: Wall time: environment, agent and model.
        commands: Memory commands that were done, by operation.
        refused: Memory commands that were refused.
        events: What happened between agent and models, by name, such as ``hand-over``.
        calls: Model calls, by role.
        usage: What those calls took.
        actions: What was done in each turn, as text, in order.
    """

    game_steps: int = 0
    turns: int = 0
    episodes: int = 0
    seconds: float = 0.0
    commands: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    events: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    usage: Usage = field(default_factory=Usage)
    actions: tuple[str, ...] = ()

    def __add__(self, other: Played) -> Played:
        names = self.__dataclass_fields__
        return Played(**{name: getattr(self, name) + getattr(other, name) for name in names})

    def taking(self, seconds: float) -> Played:
        """The same, with other seconds: those of the wall, where several were played at once."""
        return replace(self, seconds=seconds)

    @property
    def prefilled(self) -> int:
        """Tokens of prompts that were computed: those that no cache held."""
        return self.usage.input_tokens - self.usage.cached_tokens

    @property
    def game_steps_per_second(self) -> float:
        """Rate of play."""
        return self.game_steps / self.seconds

    def per_game_step(self, number: float) -> float:
        """A number by game steps."""
        return number / self.game_steps

    def to_json(self) -> dict[str, Any]:
        """The figures as plain data, without the single actions."""
        usage = self.usage
        tokens = {
            "prompt": usage.input_tokens,
            "prefilled": self.prefilled,
            "reused": usage.cached_tokens,
            "decoded": usage.output_tokens,
        }
        return {
            "game_steps": self.game_steps,
            "turns": self.turns,
            "episodes": self.episodes,
            "seconds": round(self.seconds, 3),
            "ms_per_game_step": self.per_game_step(1e3 * self.seconds),
            "commands": dict(sorted(self.commands.items())),
            "refused": self.refused,
            "events": dict(sorted(self.events.items())),
            "calls": dict(sorted(self.calls.items())),
            "tokens": tokens,
            "tokens_per_game_step": {
                name: self.per_game_step(number) for name, number in tokens.items()
            },
        }

"""Episodes that executors are tried with, and a model that knows who asks it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from agents.model import Completion, ModelSpec, Usage
from benchmarks.episode import Episode
from benchmarks.executors.executor import Event, Outcome

VAULT = "examples.vault:AutoMem-Vault-v0"
STEPS = 6


def free() -> list[Episode]:
    """Episodes whose models cost nothing, and one without a model."""
    model = ModelSpec("scripted", "slip=0.2,blind=0.3").to_json()
    pairs = [
        Episode(
            VAULT,
            seed,
            agent="pair",
            models={"specialist": model, "gameplay": model},
            scaffold_source="v0",
            max_game_steps=STEPS,
        )
        for seed in (1, 2, 3)
    ]
    return [*pairs, Episode("AutoMem-MiniHack-Corridor-R3-v0", 4, agent="explorer")]


def recorded(run: Path) -> list[Episode]:
    """The same pairs, played by the answers of a run."""
    model = ModelSpec("recorded", str(run)).to_json()
    models = {"specialist": model, "gameplay": model}
    return [
        Episode(
            VAULT,
            seed,
            agent="pair",
            models=models,
            scaffold_source="v0",
            max_game_steps=STEPS,
        )
        for seed in (1, 2, 3)
    ]


def outcomes(events: Iterable[Event]) -> list[Outcome]:
    return [event for event in events if isinstance(event, Outcome)]


class Slow:
    """A model that takes a while, and knows how many it was asked by at the same time."""

    name = "m"

    def __init__(self) -> None:
        self.now = self.peak = self.calls = 0

    def generate(self, messages, seed):
        self.calls += 1
        self.now += 1
        self.peak = max(self.peak, self.now)
        time.sleep(0.1)
        self.now -= 1
        return Completion("east", Usage(100, 0, 0, 10))

    def close(self) -> None:
        pass


def asking(agent: str, count: int, **agent_args: object) -> list[Episode]:
    return [
        Episode(
            VAULT,
            seed,
            agent=f"asking_players:{agent}",
            agent_args=agent_args,
            models={"agent": ModelSpec("messages", "m").to_json()},
            max_game_steps=STEPS,
        )
        for seed in range(1, count + 1)
    ]


def pids(folder: Path) -> set[int]:
    return {int(path.name.removeprefix("pid ")) for path in folder.glob("pid *")}

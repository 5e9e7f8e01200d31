"""What a search does: the settings that decide how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from benchmarks.configuration import Configuration
from benchmarks.task import Task
from training.structure.seed_plan import SeedPlan

#: The limits of a search that may be raised when it goes on.
_LIMITS = frozenset({"iterations", "seeds"})


@dataclass(frozen=True)
class SearchSettings:
    """The settings of a search.

    Attributes:
        env: Environment ids, all of one game; the score of a seed is the mean over them.
        scaffold: Where the search starts.
        seeds: Which seeds are used for what.
        agent: Who plays.
        agent_arg: Arguments for the agent.
        models: Its models by role, each as :meth:`agents.model.ModelSpec.to_json` gives it.
        env_arg: Arguments for the environments.
        max_game_steps: Limit of game steps; None keeps the environments' own.
        reviewer: Who revises.
        reviewer_arg: Arguments for the reviewer.
        gate: Who decides.
        gate_arg: Arguments for the gate.
        iterations: How often a revision is sought that takes the scaffold's place.
        attempts: How often the reviewer begins anew in an iteration.
        continuations: How often it may go on from a revision that was turned down.
        seed: Seed of what the reviewer draws.

    Raises:
        ValueError: Something makes no sense.
    """

    env: tuple[str, ...]
    scaffold: str
    seeds: SeedPlan
    agent: str = "memory"
    agent_arg: Mapping[str, Any] = field(default_factory=dict)
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    env_arg: Mapping[str, Any] = field(default_factory=dict)
    max_game_steps: int | None = None
    reviewer: str = "heuristic"
    reviewer_arg: Mapping[str, Any] = field(default_factory=dict)
    gate: str = "confirmed"
    gate_arg: Mapping[str, Any] = field(default_factory=dict)
    iterations: int = 5
    attempts: int = 3
    continuations: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (("iterations", 1), ("attempts", 1), ("continuations", 0), ("seed", 0)):
            value = getattr(self, name)
            if type(value) is not int or value < least:
                raise ValueError(f"--{name} is at least {least}, not {value!r}")

    def configuration(self, scaffold: str, seeds: tuple[int, ...]) -> Configuration:
        """What is played to score a scaffold on some seeds.

        Args:
            scaffold: The directory of the scaffold.
            seeds: The seeds.
        """
        task = Task(self.env, seeds, max_game_steps=self.max_game_steps, env_arg=self.env_arg)
        return Configuration(
            tasks=(task,),
            agent=self.agent,
            agent_arg=self.agent_arg,
            models=self.models,
            scaffold=scaffold,
        )

    def differences(self, other: SearchSettings) -> list[str]:
        """What differs so that a search cannot go on with it: more iterations and seeds may come.

        Args:
            other: What the search was started with.
        """
        found = [
            f"{entry.name}: {getattr(other, entry.name)!r} there, {getattr(self, entry.name)!r}"
            for entry in fields(self)
            if entry.name not in _LIMITS and getattr(self, entry.name) != getattr(other, entry.name)
        ]
        if self.iterations < other.iterations:
            found.append(f"iterations: {other.iterations} there, {self.iterations} here")
        for purpose, seeds in vars_of(other.seeds).items():
            if getattr(self.seeds, purpose)[: len(seeds)] != seeds:
                found.append(f"{purpose} seeds: they may only be added to")
        return found

    def to_toml(self) -> dict[str, Any]:
        """It as plain data."""
        own = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        own["seeds"] = self.seeds.to_toml()
        return {name: value for name, value in own.items() if value is not None}

    @classmethod
    def from_toml(cls, data: Mapping[str, Any]) -> Self:
        """Reads what :meth:`to_toml` gave.

        Raises:
            KeyError: Something is missing.
            TypeError: There is an entry that is no setting.
            ValueError: Something makes no sense.
        """
        return cls(
            **{
                **data,
                "env": tuple(data["env"]),
                "seeds": SeedPlan.from_toml(data["seeds"]),
            }
        )


def vars_of(plan: SeedPlan) -> dict[str, tuple[int, ...]]:
    """The seeds of a plan by purpose."""
    return {entry.name: getattr(plan, entry.name) for entry in fields(plan)}

"""What loop 2 does: the settings that decide how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from agents.model import ModelSpec
from benchmarks.configuration import Configuration
from benchmarks.seeds import read_seeds, write_seeds
from benchmarks.task import Task
from training.structure.seed_plan import SeedPlan

#: Who plays: the specialist writes the memory, the other one acts.
AGENT, SPECIALIST, GAMEPLAY = "pair", "specialist", "gameplay"
#: Settings that may be raised when a search goes on.
_LIMITS = frozenset({"trials", "seeds", "training_seeds"})


@dataclass(frozen=True)
class ProficiencySettings:
    """The settings of loop 2.

    Attributes:
        env: Environment ids, all of one game; the score of a seed is the mean over them.
        scaffold: The scaffold, which stays as it is.
        model: The base model, as :meth:`agents.model.ModelSpec.to_json` gives it; both roles.
        training_seeds: Seeds of the episodes that are learnt from.
        seeds: Seeds that measure: for the screening, for confirmations, for the report.
        env_arg: Arguments for the environments.
        max_game_steps: Limit of game steps; None keeps the environments' own.
        engine: Who proposes recipes.
        engine_arg: Arguments for the engine.
        gate: Who decides.
        gate_arg: Arguments for the gate.
        trials: How many recipes are tried at most.
        seed: Seed of what engine and training draw.

    Raises:
        ValueError: Something makes no sense, or a seed serves two purposes.
    """

    env: tuple[str, ...]
    scaffold: str
    model: Mapping[str, Any]
    training_seeds: tuple[int, ...]
    seeds: SeedPlan
    env_arg: Mapping[str, Any] = field(default_factory=dict)
    max_game_steps: int | None = None
    engine: str = "halving"
    engine_arg: Mapping[str, Any] = field(default_factory=dict)
    gate: str = "confirmed"
    gate_arg: Mapping[str, Any] = field(default_factory=dict)
    trials: int = 7
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (("trials", 1), ("seed", 0)):
            value = getattr(self, name)
            if type(value) is not int or value < least:
                raise ValueError(f"--{name} is at least {least}, not {value!r}")
        spec = ModelSpec.from_json(self.model)
        if spec.backend not in ("local", "recorded", "scripted"):
            raise ValueError(
                f"--model {spec}: an adapter is trained for a local model, a directory or id of "
                "weights"
            )
        if spec.adapter:
            raise ValueError(
                f"--model {spec}: the base is named without an adapter: loop 2 trains the first one"
            )
        if not self.training_seeds:
            raise ValueError("--training-seeds: one seed at least is needed to learn from")
        for entry in fields(self.seeds):
            if both := set(self.training_seeds) & set(getattr(self.seeds, entry.name)):
                raise ValueError(
                    f"seed {min(both)} is named for training and for {entry.name}: what was learnt "
                    "from cannot measure what was learnt"
                )

    def configuration(self, adapter: str, seeds: tuple[int, ...]) -> Configuration:
        """What is played to score an adapter on some seeds.

        Args:
            adapter: Its directory; empty for the base in both roles.
            seeds: The seeds.
        """
        base = ModelSpec.from_json(self.model)
        specialist = replace(base, adapter=adapter)
        return Configuration(
            tasks=(
                Task(self.env, seeds, max_game_steps=self.max_game_steps, env_arg=self.env_arg),
            ),
            agent=AGENT,
            models={SPECIALIST: specialist.to_json(), GAMEPLAY: base.to_json()},
            scaffold=self.scaffold,
        )

    def differences(self, other: ProficiencySettings) -> list[str]:
        """What differs so that a search cannot go on with it; more trials and seeds may come.

        Args:
            other: What the search was started with.
        """
        found = [
            f"{entry.name}: {getattr(other, entry.name)!r} there, {getattr(self, entry.name)!r}"
            for entry in fields(self)
            if entry.name not in _LIMITS and getattr(self, entry.name) != getattr(other, entry.name)
        ]
        if self.trials < other.trials:
            found.append(f"trials: {other.trials} there, {self.trials} here")
        if self.training_seeds != other.training_seeds:
            found.append("training seeds: what is learnt from stays the same")
        for entry in fields(self.seeds):
            old = getattr(other.seeds, entry.name)
            if getattr(self.seeds, entry.name)[: len(old)] != old:
                found.append(f"{entry.name} seeds: they may only be added to")
        return found

    def to_toml(self) -> dict[str, Any]:
        """It as plain data."""
        own = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        own["seeds"] = self.seeds.to_toml()
        own["training_seeds"] = write_seeds(self.training_seeds)
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
                "training_seeds": read_seeds(data["training_seeds"]),
            }
        )

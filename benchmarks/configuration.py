"""What a run plays: the settings that decide its episodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from agents.model import ModelSpec
from benchmarks.episode import Episode, identity


@dataclass(frozen=True)
class Configuration:
    """The settings of a run.

    Attributes:
        env: Environment ids.
        seeds: Seeds of the environments.
        agent: Name of the agent.
        repeats: How often each seed is played.
        max_game_steps: Limit of game steps; None keeps each environment's own.
        agent_arg: Arguments for the agent.
        env_arg: Arguments for the environments.
        models: The models of the agent by role, each as :meth:`agents.model.ModelSpec.to_json`
            gives it.
        weights: Hashes of the weights that stand in local directories, by role.
        scaffold: Where the agent's scaffold is; empty where it has none.
        scaffolds: Digests of the scaffold's content, by environment.
        trust_hooks: Whether the scaffold's hooks may run.
    """

    env: tuple[str, ...]
    seeds: tuple[int, ...]
    agent: str = "random"
    repeats: int = 1
    max_game_steps: int | None = None
    agent_arg: Mapping[str, Any] = field(default_factory=dict)
    env_arg: Mapping[str, Any] = field(default_factory=dict)
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    weights: Mapping[str, str] = field(default_factory=dict)
    scaffold: str = ""
    scaffolds: Mapping[str, str] = field(default_factory=dict)
    trust_hooks: bool = False

    def __post_init__(self) -> None:
        if self.repeats < 1:
            raise ValueError(f"--repeats is at least 1, not {self.repeats}")
        if self.max_game_steps is not None and self.max_game_steps < 1:
            raise ValueError(f"--max-game-steps is at least 1, not {self.max_game_steps}")

    def episodes(self) -> list[Episode]:
        """All episodes of the run, in the order in which they are started."""
        return [
            Episode(
                env_id,
                seed,
                repeat,
                agent=self.agent,
                agent_args=self.agent_arg,
                env_args=self.env_arg,
                max_game_steps=self.max_game_steps,
                models=self.models,
                weights=self.weights,
                scaffold=self.scaffolds.get(env_id, ""),
                scaffold_source=self.scaffold,
                trust_hooks=self.trust_hooks,
            )
            for env_id in self.env
            for repeat in range(self.repeats)
            for seed in self.seeds
        ]

    def to_toml(self) -> dict[str, Any]:
        """The settings as plain data; those of models only where there are any."""
        return {
            name: value
            for name, value in asdict(self).items()
            if value is not None and (value or name not in _MODELS)
        }

    @classmethod
    def from_toml(cls, data: Mapping[str, Any]) -> Self:
        """Reads what :meth:`to_toml` gave; entries that are no settings are passed over."""
        settings = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        for name in ("env", "seeds"):
            settings[name] = tuple(settings[name])
        return cls(**settings)

    def covers(self, other: Configuration) -> bool:
        """Whether every episode of the other is one of this."""
        mine = {episode.digest for episode in self.episodes()}
        return all(episode.digest in mine for episode in other.episodes())

    def differences(self, other: Configuration) -> list[str]:
        """What differs, as ``--agent: random there, explorer here`` (other there, self here)."""
        here, there = _flat(self), _flat(other)
        return [
            f"{name}: {_shown(there.get(name))} there, {_shown(here.get(name))} here"
            for name in {**there, **here}
            if here.get(name) != there.get(name)
        ]


_MODELS = frozenset({"models", "weights", "scaffold", "scaffolds", "trust_hooks"})


def _flat(settings: Configuration) -> dict[str, Any]:
    """The settings by the names that a person knows them by."""
    found = {
        f"--{name.replace('_', '-')}": value
        for name, value in asdict(settings).items()
        if name not in _MODELS
    }
    if settings.scaffold:
        found["--scaffold"] = settings.scaffold
    for env_id, digest in settings.scaffolds.items():
        found[f"content of the scaffold for {env_id}"] = digest
    for role, model in settings.models.items():
        named = identity(model)
        found[f"{role}'s model"] = str(ModelSpec.from_json(named))
        for name, value in {**named["sampling"], **named["options"]}.items():
            found[f"{role}'s {name}"] = value
    for role, digest in settings.weights.items():
        found[f"{role}'s weights"] = digest
    return found


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key}={item}" for key, item in value.items()) or "none"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "the environment's own" if value is None else str(value)

"""What a run plays: the settings that decide its episodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from agents.model import ModelSpec
from benchmarks.episode import Episode, identity
from benchmarks.task import Task, check_apart


@dataclass(frozen=True)
class Configuration:
    """The settings of a run.

    Attributes:
        tasks: What is played.
        agent: Name of the agent.
        suite: Name of the suite that the tasks are of; empty where they are of none.
        agent_arg: Arguments for the agent.
        models: The models of the agent by role, each as :meth:`agents.model.ModelSpec.to_json`
            gives it.
        weights: Hashes of the weights that stand in local directories, by role.
        scaffold: Where the agent's scaffold is; empty where it has none.
        scaffolds: Digests of the scaffold's content, by environment.
        trust_hooks: Whether the scaffold's hooks run with all rights, not in a sandbox.

    Raises:
        ValueError: Two tasks name the same episode.
    """

    tasks: tuple[Task, ...]
    agent: str = "random"
    suite: str = ""
    agent_arg: Mapping[str, Any] = field(default_factory=dict)
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    weights: Mapping[str, str] = field(default_factory=dict)
    scaffold: str = ""
    scaffolds: Mapping[str, str] = field(default_factory=dict)
    trust_hooks: bool = False

    def __post_init__(self) -> None:
        check_apart(self.tasks)

    def episodes(self) -> list[Episode]:
        """All episodes of the run, in the order in which they are started."""
        episodes: list[Episode] = []
        for task in self.tasks:
            for env_id, seed, repeat, _, before in task.cells():
                # The one before it is the last that was made.
                after = None if before is None else (before, episodes[-1].digest)
                episodes.append(
                    Episode(
                        env_id,
                        seed,
                        repeat,
                        agent=self.agent,
                        agent_args=self.agent_arg,
                        env_args=task.env_arg,
                        max_game_steps=task.max_game_steps,
                        models=self.models,
                        weights=self.weights,
                        scaffold=self.scaffolds.get(env_id, ""),
                        scaffold_source=self.scaffold,
                        trust_hooks=self.trust_hooks,
                        after=after,
                    )
                )
        return episodes

    def to_toml(self) -> dict[str, Any]:
        """The settings as plain data; those that are empty only where readers look for them."""
        own = {name: value for name, value in vars(self).items() if value and name != "tasks"}
        return {
            "agent": self.agent,
            "agent_arg": self.agent_arg,
            **own,
            "task": [task.to_toml() for task in self.tasks],
        }

    @classmethod
    def from_toml(cls, data: Mapping[str, Any]) -> Self:
        """Reads what :meth:`to_toml` gave; entries that are no settings are passed over.

        Raises:
            KeyError: Something is missing.
            TypeError: Something is of the wrong type.
            ValueError: Something makes no sense.
        """
        settings = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        # Earlier versions knew one task, whose settings stood among the others.
        tasks = tuple(map(Task.from_toml, data.get("task") or [data]))
        return cls(**{**settings, "tasks": tasks})

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


def _flat(settings: Configuration) -> dict[str, Any]:
    """The settings by the names that a person knows them by."""
    found: dict[str, Any] = {"--suite": settings.suite} if settings.suite else {}
    for number, task in enumerate(settings.tasks, 1):
        of_task = f"task {number}: " if len(settings.tasks) > 1 else ""
        found |= {
            f"{of_task}--{name.replace('_', '-')}": value for name, value in vars(task).items()
        }
    found |= {"--agent": settings.agent, "--agent-arg": settings.agent_arg}
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

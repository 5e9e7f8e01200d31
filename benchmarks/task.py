"""A part of a run: some environments, each with the same seeds and limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self


class Cell(NamedTuple):
    """One episode of a task, before it is said who plays it.

    Attributes:
        env_id: Environment id.
        seed: Seed of the environment.
        repeat: Which playing of this seed, from 0.
        task: The task.
        before: The seed with whose memory it begins; None for its own.
    """

    env_id: str
    seed: int
    repeat: int
    task: Task
    before: int | None = None


@dataclass(frozen=True)
class Task:
    """Environments that are played alike.

    Attributes:
        env: Environment ids.
        seeds: Seeds of the environments.
        repeats: How often each seed is played.
        max_game_steps: Limit of game steps; None keeps each environment's own.
        env_arg: Arguments for the environments.
        carry_memory: Whether each seed begins with the memory with which the seed before it ended,
            as they are listed; else each begins anew.
    """

    env: tuple[str, ...]
    seeds: tuple[int, ...]
    repeats: int = 1
    max_game_steps: int | None = None
    env_arg: Mapping[str, Any] = field(default_factory=dict)
    carry_memory: bool = False

    def __post_init__(self) -> None:
        if not self.env:
            raise ValueError("a task names one environment at least")
        if not self.seeds:
            raise ValueError("a task names one seed at least")
        for name in ("repeats", "max_game_steps"):
            value = getattr(self, name)
            if value is not None and not (type(value) is int and value >= 1):
                raise ValueError(f"--{name.replace('_', '-')} is at least 1, not {value!r}")

    def cells(self) -> Iterator[Cell]:
        """Its episodes, in the order in which they are started."""
        for env_id in self.env:
            for repeat in range(self.repeats):
                before: int | None = None
                for seed in self.seeds:
                    yield Cell(env_id, seed, repeat, self, before)
                    before = seed if self.carry_memory else None

    def to_toml(self) -> dict[str, Any]:
        """It as plain data."""
        return {name: value for name, value in vars(self).items() if value not in (None, False)}

    @classmethod
    def from_toml(cls, data: Mapping[str, Any]) -> Self:
        """Reads what :meth:`to_toml` gave; entries that are no settings are passed over."""
        settings = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        for name in ("env", "seeds"):
            settings[name] = tuple(settings[name])
        return cls(**settings)


def check_apart(tasks: tuple[Task, ...]) -> None:
    """Checks that no episode is named twice: each has one place in a run directory.

    Raises:
        ValueError: One is; the message names it.
    """
    seen: set[tuple[str, int, int]] = set()
    for task in tasks:
        for env_id, seed, repeat, *_ in task.cells():
            if (env_id, seed, repeat) in seen:
                raise ValueError(
                    f"{env_id} with seed {seed} is named by two tasks, or twice by one; where they "
                    "differ in arguments or limits, play them as two runs, or register an id for "
                    "each"
                )
            seen.add((env_id, seed, repeat))

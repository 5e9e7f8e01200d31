"""What the experiment is: tasks, arms that play them, and what is compared with what."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import NormalDist
from typing import Any

#: In a scaffold, an adapter or the words of a stage: the folder of what both loops made.
MADE = "{made}"
#: A comparison should find an effect of that size so often, at a level of 5%.
POWER, LEVEL = 0.8, 0.05


@dataclass(frozen=True)
class Arm:
    """One way to play all tasks.

    Attributes:
        name: What it is called, also its folder.
        about: What it is, in a line.
        scaffold: The scaffold, as ``--scaffold`` takes it, or a directory under :data:`MADE`.
        scaffolds: The same for single parts, by their names, in its place.
        adapter: Directory of the specialist's adapter, which may be under :data:`MADE`; empty for
            none.
        memory: How long the memory lasts: ``full``, ``last-N`` or ``wiped``.
    """

    name: str
    about: str
    scaffold: str = "brief"
    scaffolds: Mapping[str, str] = field(default_factory=dict)
    adapter: str = ""
    memory: str = "full"

    def scaffold_of(self, part: Part) -> str:
        """The scaffold with which it plays a part."""
        return self.scaffolds.get(part.name, self.scaffold)

    @property
    def made(self) -> list[str]:
        """What it needs of what both loops made for one base, as paths in that folder."""
        named = (self.scaffold, *self.scaffolds.values(), self.adapter)
        return [it.removeprefix(f"{MADE}/") for it in named if it.startswith(MADE)]


@dataclass(frozen=True)
class Comparison:
    """What is compared.

    Attributes:
        arm: The arm.
        to: With which.
        question: What is asked, in a line.
        deviation: Standard deviation of the paired difference of a seed's mean over the memory
            suite that is assumed.
    """

    arm: str
    to: str
    question: str
    deviation: float

    def detectable(self, seeds: int) -> float:
        """The smallest true difference that is found with :data:`POWER`, by a normal test.

        Source: the usual formula, (z(1 - level/2) + z(power)) * deviation / sqrt(n).
        """
        normal = NormalDist()
        reach = normal.inv_cdf(1 - LEVEL / 2) + normal.inv_cdf(POWER)
        return reach * self.deviation / math.sqrt(seeds)


@dataclass(frozen=True)
class Stage:
    """A step on the way from nothing to the base.

    Attributes:
        name: What it is called.
        about: What it does, in a line.
        words: The ``automem`` command, in which :data:`MADE` stands for the folder of what is made.
    """

    name: str
    about: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """Tasks of one game that are played alike.

    Attributes:
        name: What it is called, also its folder.
        env: Environment ids.
        max_game_steps: Limit of game steps; None for each environment's own.
        suite: Whether they belong to the memory suite, over which the comparisons are made.
        seeds: On how many of a round's seeds it is played, the first ones; None for all.
    """

    name: str
    env: tuple[str, ...]
    max_game_steps: int | None = None
    suite: bool = True
    seeds: int | None = None


@dataclass(frozen=True)
class Experiment:
    """The experiment.

    Attributes:
        about: What it shows, in a few sentences.
        first_seed: The first seed; nothing else is ever played on these.
        seeds_a_round: All arms play so many seeds before any plays the next.
        rounds: How many rounds there are, at most.
        parts: What is played.
        arms: Who plays; the first is what the others are measured by.
        comparisons: What is asked.
        stages: What makes from scratch, in order: the base, and what both loops make.
        shows: What the report may conclude.
        cannot_show: What it may not.
        temperature: At which all models answer.
    """

    about: str
    first_seed: int
    seeds_a_round: int
    rounds: int
    parts: tuple[Part, ...]
    arms: tuple[Arm, ...]
    comparisons: tuple[Comparison, ...]
    stages: tuple[Stage, ...] = ()
    shows: str = ""
    cannot_show: str = ""
    temperature: float = 1.0

    def __post_init__(self) -> None:
        names = [arm.name for arm in self.arms]
        for it in self.comparisons:
            for name in (it.arm, it.to):
                if name not in names:
                    raise ValueError(f"there is no arm {name!r}; there are {', '.join(names)}")
        parts = [part.name for part in self.parts]
        if not any(part.suite and part.seeds is None for part in self.parts):
            raise ValueError("no part of the memory suite is played on all seeds")
        for arm in self.arms:
            for name in arm.scaffolds:
                if name not in parts:
                    raise ValueError(f"there is no part {name!r}; there are {', '.join(parts)}")

    @property
    def env_ids(self) -> tuple[str, ...]:
        """All environments."""
        return tuple(env_id for part in self.parts for env_id in part.env)

    @property
    def suite(self) -> tuple[str, ...]:
        """The environments of the memory suite."""
        return tuple(env_id for part in self.parts if part.suite for env_id in part.env)

    def playable(self, made: Path | None) -> Experiment:
        """What of it can be played.

        Args:
            made: The folder of what both loops made; None where they made nothing.
        """

        def is_there(part: str) -> bool:
            return made is not None and (made / part).is_dir()

        arms = tuple(arm for arm in self.arms if all(map(is_there, arm.made)))
        names = {arm.name for arm in arms}
        compared = tuple(it for it in self.comparisons if {it.arm, it.to} <= names)
        return replace(self, arms=arms, comparisons=compared)

    def of_rounds(self, rounds: int) -> Experiment:
        """The first rounds of it.

        Raises:
            ValueError: It has not so many, or none are asked for.
        """
        if not 1 <= rounds <= self.rounds:
            raise ValueError(f"--rounds is 1 to {self.rounds} here, not {rounds}")
        return replace(self, rounds=rounds)

    def player(self, arm: Arm, part: Part) -> Arm:
        """The first arm that plays a part just as this one does; its episodes count for both."""
        return next(
            other
            for other in self.arms
            if (other.scaffold_of(part), other.adapter, other.memory)
            == (arm.scaffold_of(part), arm.adapter, arm.memory)
        )

    def seeds(self, part: Part, round_number: int) -> range:
        """The seeds of a part in a round, counted from 0."""
        start = self.first_seed + round_number * self.seeds_a_round
        return range(start, start + self.seeds_a_round)[: part.seeds]


def shipped() -> dict[str, Path]:
    """The experiments that ship, name to file."""
    folder = Path(__file__).with_name("experiments")
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def load_experiment(name: str = "paper") -> Experiment:
    """Reads an experiment.

    Args:
        name: One of :func:`shipped`, or a TOML file.

    Raises:
        ValueError: It is none; the message tells why.
        OSError: It cannot be read.
    """
    path = shipped().get(name) or Path(name).expanduser()
    try:
        return _experiment(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise ValueError(f"{path}: is no experiment: {error}") from error


def _experiment(data: Mapping[str, Any]) -> Experiment:
    lists = ("part", "arm", "comparison", "stage")
    rest = {key: value for key, value in data.items() if key not in lists}
    return Experiment(
        parts=tuple(Part(**{**part, "env": tuple(part["env"])}) for part in data["part"]),
        arms=tuple(Arm(**arm) for arm in data["arm"]),
        comparisons=tuple(Comparison(**it) for it in data["comparison"]),
        stages=tuple(Stage(**{**it, "words": tuple(it["words"])}) for it in data.get("stage", ())),
        **rest,
    )

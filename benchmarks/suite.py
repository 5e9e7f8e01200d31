"""Suites: what is played for a table that others can compare theirs with, as TOML.

    about = "What it is for, in a line."

    [[task]]
    env = ["AutoMem-Crafter-v0"]
    seeds = "42-51"
    repeats = 1              # these three may be left out
    max_game_steps = 2000
    env_arg = {}

A suite that ships with the package is named by its name, any other by its file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from benchmarks.seeds import read_seeds
from benchmarks.task import Task, check_apart
from memory_fs.suggestion import did_you_mean, unknown_name

_SUFFIX = ".toml"
_KEYS = ("about", "task")
_TASK_KEYS = tuple(field.name for field in fields(Task))


class SuiteError(ValueError):
    """A suite that is none; the message names file and line."""


@dataclass(frozen=True)
class Suite:
    """A suite.

    Attributes:
        name: Its name, or its file.
        about: What it is for.
        tasks: What is played.
    """

    name: str
    about: str
    tasks: tuple[Task, ...]

    def narrowed(self, env: Sequence[str], seeds: Sequence[int]) -> Suite:
        """The part of it with some environments and seeds only; nothing named means all.

        Raises:
            ValueError: It has no such environment or seed.
        """
        known = [env_id for task in self.tasks for env_id in task.env]
        for env_id in env:
            if env_id not in known:
                raise unknown_name(f"environment of the suite {self.name}", env_id, known)
        tasks = [
            replace(
                task,
                env=tuple(env_id for env_id in task.env if not env or env_id in env),
                seeds=tuple(seed for seed in task.seeds if not seeds or seed in seeds),
            )
            for task in self.tasks
            if (not env or set(env) & set(task.env)) and (not seeds or set(seeds) & set(task.seeds))
        ]
        there = {seed for task in tasks for seed in task.seeds}
        if missing := [seed for seed in seeds if seed not in there]:
            raise ValueError(
                f"the suite {self.name} does not play seed {missing[0]}; a suite is compared on "
                "its own seeds. Play others without --suite"
            )
        return replace(self, tasks=tuple(tasks))


def shipped() -> list[str]:
    """Names of the suites that ship with the package."""
    found = files("benchmarks") / "suites"
    return sorted(
        path.name.removesuffix(_SUFFIX) for path in found.iterdir() if path.name.endswith(_SUFFIX)
    )


def load_suite(name: str) -> Suite:
    """Reads a suite.

    Args:
        name: Name of a shipped one, or the path of a TOML file.

    Raises:
        SuiteError: It is none.
        ValueError: There is no such suite.
        OSError: The file cannot be read.
    """
    if name in shipped():
        source = files("benchmarks") / "suites" / f"{name}{_SUFFIX}"
        return _read(name, str(source), source.read_text("utf-8"))
    path = Path(name).expanduser()
    if path.suffix != _SUFFIX and not path.exists():
        raise unknown_name("suite", name, shipped())
    return _read(name, name, path.read_text("utf-8"))


def _read(name: str, place: str, text: str) -> Suite:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SuiteError(f"{place} is no TOML: {error}") from error
    _check_keys(data, _KEYS, place, text)
    tables = data.get("task")
    if not (isinstance(tables, list) and tables and all(isinstance(t, dict) for t in tables)):
        raise SuiteError(f"{place}: a suite has one [[task]] at least")
    about = data.get("about", "")
    if not isinstance(about, str):
        raise SuiteError(f"{_at(place, text, 'about')}: about is a text, not {about!r}")
    tasks = tuple(_task(table, number, place, text) for number, table in enumerate(tables))
    try:
        check_apart(tasks)
    except ValueError as error:
        raise SuiteError(f"{place}: {error}") from error
    return Suite(name, about, tasks)


def _task(table: Mapping[str, Any], number: int, place: str, text: str) -> Task:
    _check_keys(table, _TASK_KEYS, place, text, number)
    env = table.get("env")
    if not (isinstance(env, list) and env and all(isinstance(env_id, str) for env_id in env)):
        raise SuiteError(
            f"{_at(place, text, 'env', number)}: env is a list of environment ids, not {env!r}"
        )
    seeds = table.get("seeds")
    if not isinstance(seeds, str):
        raise SuiteError(
            f'{_at(place, text, "seeds", number)}: seeds is a text such as "42-51", not {seeds!r}'
        )
    if not isinstance(table.get("env_arg", {}), dict):
        raise SuiteError(f"{_at(place, text, 'env_arg', number)}: env_arg is a table of arguments")
    try:
        return Task(**{**table, "env": tuple(env), "seeds": read_seeds(seeds)})
    except ValueError as error:
        key = next((key for key in table if key.replace("_", "-") in str(error)), "seeds")
        raise SuiteError(f"{_at(place, text, key, number)}: {error}") from error


def _check_keys(
    table: Mapping[str, Any], known: Sequence[str], place: str, text: str, number: int | None = None
) -> None:
    for key in table:
        if key not in known:
            raise SuiteError(
                f"{_at(place, text, key, number)}: there is no {key!r} here."
                f"{did_you_mean(key, known)} Known: {', '.join(known)}"
            )


def _at(place: str, text: str, key: str, number: int | None = None) -> str:
    """File and line of a key: of the n-th task, or of the suite; the task's own if it is absent."""
    lines = text.split("\n")
    heads = [n for n, line in enumerate(lines) if re.match(r"\s*\[\[\s*task\s*\]\]", line)]
    if number is None:
        first, last = 0, heads[0] if heads else len(lines)
    else:
        first = heads[number] if number < len(heads) else 0
        last = heads[number + 1] if number + 1 < len(heads) else len(lines)
    for n in range(first, last):
        if re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[=.\]]""", lines[n]):
            return f"{place}, line {n + 1}"
    return f"{place}, line {first + 1}"

"""The table of MiniHack tasks (``tasks.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

_TABLE = tomllib.loads((files(__package__) / "tasks.toml").read_text(encoding="utf-8"))

OPTIONS: Mapping[str, Any] = _TABLE["options"]
"""Arguments of MiniHack's environments that hold for every task."""


@dataclass(frozen=True)
class Task:
    """One task.

    Attributes:
        name: Its name without ``MiniHack-`` and the version.
        goal: What the player has to do, in words.
        actions: Names of its actions; None for those that MiniHack gives it.
        levels: For puzzles with published levels: the folder with those of this task.
        level: Name of MiniHack's task; empty where it is the same.
        steps: Limit of game steps; BALROG's by default.
    """

    name: str
    goal: str
    actions: tuple[str, ...] | None = None
    levels: str | None = None
    level: str = ""
    steps: int = 100

    @property
    def library_name(self) -> str:
        """MiniHack's own name of it, without ``MiniHack-`` and the version."""
        return self.level or self.name


TASKS: Mapping[str, Task] = {
    name: Task(
        name,
        _TABLE["goals"][row["goal"]],
        tuple(_TABLE["actions"][row["actions"]]),
        **{key: value for key, value in row.items() if key not in ("actions", "goal")},
    )
    for name, row in _TABLE["tasks"].items()
}
"""The tasks of the table, by name."""


def task_name(task: str) -> str:
    """Gives the short name of a task: ``Corridor-R3`` for ``MiniHack-Corridor-R3-v0``."""
    name, version, number = task.removeprefix("MiniHack-").rpartition("-v")
    return name if version and number.isdigit() else task.removeprefix("MiniHack-")


def find_task(task: str, registered: Iterable[str]) -> Task | None:
    """Looks up a task.

    Args:
        task: A short name, or the id of a MiniHack environment.
        registered: Short names of what MiniHack registers beyond the table.

    Returns:
        The task, or None where nothing has that name.
    """
    name = task_name(task)
    if name in TASKS:
        return TASKS[name]
    if name not in set(registered):
        return None
    other = _TABLE["other"]
    return Task(name, other["goal"].format(task=name), levels=other["levels"].get(name))

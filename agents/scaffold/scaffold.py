"""A scaffold, loaded and checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from agents.scaffold.hooks import Hooks
from agents.scaffold.limits import Limits
from agents.scaffold.prompts.prompts import Prompts
from agents.scaffold.routine import Routine
from memory_fs import MemoryConfig, form


@dataclass(frozen=True, eq=False)
class Scaffold:
    """A scaffold, loaded and checked.

    Attributes:
        name: What it is called.
        game: The game that it is for; ``*`` for any.
        parent: The scaffold that it was made from, as ``name@digest``; empty where there is none.
        summary: What it is, in a sentence.
        digest: Hash of all that changes what a model sees and may do.
        vocabulary: The memory operations that the environment offers.
        limits: Limits of the agent's routines.
        routines: The routines by name.
        memory_files: The files of the memory, name to purpose.
        memory: What the memory is made of.
        prompts: The templates.
        hooks: Its own code, as it is called.
        hooks_source: The text of that code; None where it has none.
    """

    name: str
    game: str
    parent: str
    summary: str
    digest: str
    limits: Limits
    routines: Mapping[str, Routine]
    memory_files: Mapping[str, str]
    memory: MemoryConfig
    prompts: Prompts
    hooks: Hooks
    hooks_source: str | None = None

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The memory operations that the environment offers."""
        return self.memory.vocabulary or ()

    @cached_property
    def _own(self) -> dict[str, dict[str, Any]]:
        """What it adds to the variables of every prompt, by routine."""
        files = [{"name": file, "purpose": why} for file, why in self.memory_files.items()]
        shared = {
            "routines": {
                name: {"turns": routine.turns, "operations": list(routine.operations)}
                for name, routine in self.routines.items()
            },
            "all_operations": self._told(
                dict.fromkeys(op for routine in self.routines.values() for op in routine.operations)
            ),
            "memory_files": files,
            "limits": dataclasses.asdict(self.limits),
        }
        return {
            name: {
                "routine": name,
                "turns": routine.turns,
                "operations": self._told(routine.operations),
                **shared,
            }
            for name, routine in self.routines.items()
        }

    def _told(self, operations: Iterable[str]) -> list[dict[str, Any]]:
        """Operations as a prompt can show them."""
        table = self.memory.table
        return [
            {
                "name": op,
                "form": form(op, table[op].fields),
                "summary": table[op].summary,
                "mutates": table[op].mutates,
            }
            for op in operations
        ]

    def memory_config(self) -> MemoryConfig:
        """The memory that the environment makes for it."""
        return self.memory

    def system(self, routine: str, facts: Mapping[str, Any]) -> str:
        """Renders the system message of a routine, which is the same throughout an episode.

        Args:
            routine: ``log`` or ``plan``.
            facts: What the first ``info`` of the episode tells; see
                :data:`agents.scaffold.prompts.variables.SYSTEM`.

        Raises:
            ScaffoldError: It cannot be rendered.
        """
        return self.prompts.render(f"system_{routine}", {**facts, **self._own[routine]})

    def prompt(self, name: str, variables: Mapping[str, Any]) -> str:
        """Renders another prompt.

        Args:
            name: One of :data:`agents.scaffold.prompts.variables.PROMPTS`.
            variables: See :data:`agents.scaffold.prompts.variables.DYNAMIC`; ``routine`` is one.

        Raises:
            ScaffoldError: It cannot be rendered.
        """
        return self.prompts.render(name, {**variables, **self._own[variables["routine"]]})

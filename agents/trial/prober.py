"""A model that takes every way through the routines, so that every prompt is rendered."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from agents.model import Completion, Message
from agents.scaffold.scaffold import Scaffold
from automem_gym import GameAction
from memory_fs.syntax import END, opening

#: The game step in which it uses all turns of LOG, and insists on an impossible action.
INSISTING = 2
#: The game step in which it uses all turns of PLAN, and takes no action.
SILENT = 3
_PROSE = "Let me think about this."
_IMPOSSIBLE = "no such action"


class Prober:
    """Answers for one role: each memory command, allowed or not; prose; impossible actions; DONE.

    Args:
        role: Whose answers it gives.
        scaffold: The scaffold that is tried.
        seed: Seed of its choice of actions.
    """

    def __init__(self, role: str, scaffold: Scaffold, seed: int) -> None:
        self.name = f"prober-{role}"
        self._acts = role == "gameplay"
        self._scaffold = scaffold
        self._random = random.Random(seed)
        self._answers: Counter[tuple[int, str]] = Counter()
        self._now: Mapping[str, Any] = {}

    def see(self, variables: Mapping[str, Any]) -> None:
        """Takes note of the variables of the prompt that it is asked with next."""
        self._now = variables

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        """Answers, by how often it was asked in this routine of this game step."""
        step, routine = self._now["game_step"], self._now["routine"]
        count = self._answers[step, routine]
        self._answers[step, routine] += 1
        if self._acts:
            return Completion(_PROSE if step == SILENT else self._action(count, step))
        if routine == "log":
            return Completion(self._log(count, step))
        return Completion(self._commands(self._scaffold.vocabulary) if count == 0 else _PROSE)

    def _action(self, count: int, step: int) -> str:
        if count == 0:
            return _PROSE
        actions = self._now["actions"]
        possible = self._random.choice(actions) if actions else "look around"
        # At even steps the first action is possible, and a hook may turn it down.
        wrong = actions and ((count == 1 and step % 2) or step == INSISTING)
        return str(GameAction(_IMPOSSIBLE if wrong else possible))

    def _log(self, count: int, step: int) -> str:
        operations = self._scaffold.routines["log"].operations
        if count == 0:
            return self._commands((*operations, "NO_SUCH_COMMAND"))
        return self._commands(operations[:1]) if step == INSISTING else opening("DONE")

    def _commands(self, operations: Sequence[str]) -> str:
        """One command of each operation."""
        table = self._scaffold.memory.table
        values = {"file": next(iter(self._scaffold.memory_files), "notes.md"), "key": "key"}
        blocks = []
        for name in operations:
            fields = table[name].fields if name in table else ("file",)
            payload = "|".join(values.get(field, "1") for field in fields)
            blocks.append(f"{opening(name)}{payload}{END}" if fields else opening(name))
        return "\n".join(blocks)

    def close(self) -> None:
        """Holds nothing."""

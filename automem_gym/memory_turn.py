"""The memory side of a turn, the same for the registered environments and for ``MemoryWrapper``.

One ``env.step`` is a turn. Its memory commands are executed here, in order; which game action
follows, if any, is decided here too, and executed by the environment.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gymnasium.spaces import Dict

from automem_gym.action import LONGEST_NAME, ActionNames, GameAction
from automem_gym.checks import check_count
from automem_gym.command import LONGEST_REPLY, CommandParser
from automem_gym.text_space import ActionSpace, TextSpace
from memory_fs import (
    FIELDS,
    Forgetting,
    Malformed,
    MemoryAction,
    MemoryConfig,
    MemoryStore,
    Result,
)
from memory_fs.suggestion import unknown_name

#: Turns without a game action, after which the default action is executed.
MAX_TURNS_PER_GAME_STEP = 32
#: Memory commands in one turn; a model that repeats itself endlessly must not hold up the episode.
MAX_COMMANDS_PER_TURN = 100
#: The parts of an observation and their lengths in characters; a longer text is cut, visibly.
PARTS = {"observation": 32_768, "status": 32_768, "memory": 65_536, "files": 32_768}


def observation_space() -> Dict:
    """The four texts of an observation, in the order in which a player reads them."""
    # Pairs, because Dict would sort the keys of a mapping.
    return Dict([(part, TextSpace(chars)) for part, chars in PARTS.items()])


def _cut(text: str, limit: int) -> str:
    note = f"\n[cut: {len(text):,} characters, {limit:,} at most]"
    return text[: limit - len(note)] + note


def _check_config(name: str, config: object) -> None:
    if config is not None and not isinstance(config, MemoryConfig):
        raise TypeError(f"{name} is a MemoryConfig, not {type(config).__name__}")


def copied(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The same facts in new containers: callers keep what they get, and may change it."""
    return {
        key: copy.copy(value) if isinstance(value, dict | list | set) else value
        for key, value in facts.items()
    }


@dataclass(slots=True)
class Turn:
    """What came of one turn's commands.

    Attributes:
        execute: The game action to execute now; None for a turn that only touches memory.
        invalid: What was written in place of a valid action, or None.
        results: The results of the memory commands.
        notes: What else the player should know.
        forgotten: Whether what the memory answered is forgotten with the step that came after it.
    """

    execute: str | None = None
    invalid: str | None = None
    results: Sequence[Result | Malformed] = ()
    notes: Sequence[str] = ()
    forgotten: bool = False

    @property
    def feedback(self) -> str:
        """The ``memory`` part of the observation."""
        if not (self.results or self.notes):
            return ""
        lines = [
            f"{done.name}: refused: {done.problem}" if isinstance(done, Malformed) else str(done)
            for done in self.results
            if not self.forgotten
        ]
        return "\n".join([*lines, *self.notes])

    @property
    def records(self) -> list[dict[str, Any]]:
        """The commands as plain data, for ``info["commands"]`` and traces."""
        return [
            {"command": done.name, "ok": False, "result": done.problem}
            if isinstance(done, Malformed)
            else {"command": str(done.action), "ok": done.ok, "result": done.text}
            for done in self.results
        ]


class MemoryTurns:
    """Executes turns on a memory.

    Args:
        config: The memory's configuration.
        actions: The valid game actions; None where any text is one.
        default_action: The action that is executed in place of an invalid one.
        max_turns_per_game_step: Turns without a game action, after which the default is executed.
        span: Game steps for which the memory lasts; None for the whole episode.
    """

    def __init__(
        self,
        config: MemoryConfig | None,
        actions: ActionNames | None,
        default_action: str,
        max_turns_per_game_step: int = MAX_TURNS_PER_GAME_STEP,
        span: int | None = None,
    ) -> None:
        check_count("max_turns_per_game_step", max_turns_per_game_step)
        if span is not None and (type(span) is not int or span < 0):
            raise ValueError(f"memory_span is a number of game steps, 0 or more, not {span!r}")
        _check_config("memory", config)
        self.actions = actions
        self.default_action = default_action
        self.max_turns_per_game_step = max_turns_per_game_step
        self.turn = 0
        self.game_step = 0
        self._idle = 0
        self.span = span
        self._forgetting: Forgetting | None = None
        # What another process left in a root of the user's own stays until an episode begins that
        # is not told to keep it.
        self._open(config, resume=config is not None and config.root is not None)

    def _open(self, config: MemoryConfig | None, resume: bool) -> None:
        self.store = MemoryStore(config, resume=resume)
        fields = {name: op.fields for name, op in self.store.config.table.items()}
        # Operations outside the vocabulary are still read, so that they are refused by name.
        self._parser = CommandParser(self.actions, {**FIELDS, **fields})

    def action_space(self) -> ActionSpace:
        """All that can be said in a turn."""
        config = self.store.config
        fields = {name: operation.fields for name, operation in config.table.items()}
        return ActionSpace(self.actions.names if self.actions else (), fields, tuple(config.files))

    def reset(self, options: dict[str, Any] | None) -> bool:
        """Starts an episode.

        Args:
            options: The options of ``env.reset``: ``memory`` (a MemoryConfig that replaces the one
                so far) and ``keep_memory`` (whether the files of the last episode stay).

        Raises:
            TypeError: An option has the wrong type.
            ValueError: There is no such option, or the two contradict each other.

        Returns:
            Whether there is a new memory, with which more or less can be said.
        """
        options = options or {}
        unknown = [name for name in options if name not in ("memory", "keep_memory")]
        if unknown:
            raise unknown_name("reset option", unknown[0], ("memory", "keep_memory"))
        config, keep = options.get("memory"), options.get("keep_memory", False)
        if not isinstance(keep, bool):
            raise TypeError(f"options['keep_memory'] is True or False, not {keep!r}")
        _check_config("options['memory']", config)
        if config is not None and keep:
            raise ValueError("keep_memory keeps the files of the memory that a new one replaces")
        new = config is not None and config != self.store.config
        if config is not None and new:
            self._replace(config)
        else:
            self.store.reset(keep=keep)
        self.turn = self.game_step = self._idle = 0
        self._forgetting = None if self.span is None else Forgetting(self.store, self.span)
        return new

    def _replace(self, config: MemoryConfig) -> None:
        """Begins with a new memory; where it cannot be had, the old one stays."""
        old = self.store
        if config.root is None or old.root.resolve() != Path(config.root).resolve():
            self._open(config, resume=False)
            old.close()
            return
        old.close()  # one root cannot be open twice
        try:
            self._open(config, resume=False)
        except BaseException:
            self._open(old.config, resume=True)
            raise

    def take(self, action: str | GameAction | MemoryAction) -> Turn:
        """Executes the memory commands of a turn and decides on the game action.

        Raises:
            TypeError: The action is neither text nor one of the action classes.
        """
        commands = self._parser.read(action)
        self.turn += 1
        results, notes = self._execute(commands.memory) if commands.memory else ([], [])
        turn = Turn(commands.action, None, results, notes)
        if commands.action is not None:
            if self.actions is not None and commands.action not in self.actions:
                self._match(commands.action, turn, notes)
        elif commands.empty:
            self._reject(action, self._no_command(action), turn, notes)
        else:
            self._idle += 1
            if self._idle >= self.max_turns_per_game_step:
                turn.execute = self.default_action
                notes.append(
                    f"{self._idle} turns without a game action: {self.default_action} was executed"
                )
        if commands.refused:
            notes.append(
                f"{commands.refused} commands after ACTION were refused: the turn ends with it"
            )
        if turn.execute is not None:
            self._idle = 0
            self.game_step += 1
            if self._forgetting is not None:
                self._forgetting.step(self.turn)
                turn.forgotten = not self.span
        return turn

    def show(self, observation: str, status: str, turn: Turn) -> dict[str, str]:
        """The whole observation: what the game shows, and what the memory answers."""
        shown = {
            "observation": observation,
            "status": status,
            "memory": turn.feedback,
            "files": self.store.index(),
        }
        for part, limit in PARTS.items():
            if len(shown[part]) > limit:
                shown[part] = _cut(shown[part], limit)
        return shown

    def introduction(self, game: str, instructions: str) -> dict[str, Any]:
        """What the first ``info`` of an episode tells a player about the game."""
        return {
            "game": game,
            "instructions": instructions,
            "actions": self.actions.names if self.actions else (),
            "default_action": self.default_action,
            "vocabulary": self.store.config.vocabulary,
        }

    def info(self, turn: Turn) -> dict[str, Any]:
        """The memory's part of ``info``."""
        return {
            "turn": self.turn,
            "game_step": self.game_step,
            "executed_action": turn.execute,
            "invalid_action": turn.invalid,
            "commands": turn.records,
        }

    def _execute(
        self, memory: tuple[MemoryAction | Malformed, ...]
    ) -> tuple[list[Result | Malformed], list[str]]:
        results = [
            command
            if isinstance(command, Malformed)
            else self.store.execute(command, self.turn, place)
            for place, command in enumerate(memory[:MAX_COMMANDS_PER_TURN])
        ]
        self.store.sync()
        left = len(memory) - MAX_COMMANDS_PER_TURN
        notes = (
            [f"{left} commands were refused: {MAX_COMMANDS_PER_TURN} a turn"] if left > 0 else []
        )
        return results, notes

    def _match(self, written: str, turn: Turn, notes: list[str]) -> None:
        assert self.actions is not None
        turn.execute = self.actions.match(written)
        if turn.execute is None:
            problem = f"{written[:80]!r} is no valid action.{self.actions.near(written)}"
            self._reject(written, problem, turn, notes)

    def _reject(self, written: object, problem: str, turn: Turn, notes: list[str]) -> None:
        turn.execute = self.default_action
        turn.invalid = str(written)[:LONGEST_NAME]
        notes.append(f"{problem} {self.default_action or '(nothing)'} was executed in its place")

    def _no_command(self, action: str | GameAction | MemoryAction) -> str:
        written = str(action)
        if len(written) > LONGEST_REPLY:
            return f"{len(written):,} characters are not read; {LONGEST_REPLY:,} at most."
        hint = self.actions.near(written) if self.actions else " Write a game action."
        return f"No command and no game action found.{hint}"

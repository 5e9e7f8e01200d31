"""The turns of a part of an episode, column by column; a block needs no other one to be read.

Its columns hold, as :mod:`benchmarks.replay.line_table` describes texts:

- ``texts``, by name: the text before the first turn, then that after each turn, with the one before
  it as the base; that of ``memory`` has the answers of the turn's commands, joined, where it has
  commands;
- ``files``: how many there are before the first turn, and of each the name and the text; then for
  each turn, how many it changed, and of each the name, 1 and the text with the old one as the base,
  or 0 where it is gone;
- ``actions``: for each turn, 1 where the action begins with its commands, which are then left out,
  else 0; and the text;
- ``commands``: for each turn, how many; of each, 1 where it was done, else 0; its text; 1 and a
  file's name where what that file holds after the turn is the base of the answer, else 0; the
  answer;
- ``outcomes``: for each turn, the sum of 1, 2 and 4 where there is an executed action, an invalid
  one, and an end, and each of those;
- ``events``: for each turn, how many, and of each the name and the detail.

So a reader goes through a turn in the order files, commands, texts, actions, outcomes, events: what
a number means depends on what was read before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.replay.line_table import Column, LineTable
from benchmarks.replay.memory_track import FileChange
from benchmarks.replay.runs import runs
from benchmarks.trace import Turn

#: Turns of a block, at most.
TURNS = 1000
#: Characters of its lines after which a block ends early, so that it is quick to open.
CHARS = 2_000_000
#: The index of the memory is not kept: the page knows all of it.
_LEFT_OUT = "files"
#: The text that holds what the commands of the turn answered.
_ANSWERS = "memory"
_OUTCOMES = ("executed_action", "invalid_action", "episode_end")


class Block:
    """Collects turns.

    Args:
        first: Number of its first turn.
        texts: What is to be seen before it, by name.
        files: The memory before it.
        origins: By file, the turn that wrote each of its lines.
    """

    def __init__(
        self,
        first: int,
        texts: Mapping[str, str],
        files: Mapping[str, str],
        origins: Mapping[str, list[int]],
    ) -> None:
        self.first, self.turns = first, 0
        self._table = LineTable()
        self._texts = {name: Column() for name in texts if name != _LEFT_OUT}
        self._old: Mapping[str, str] = texts
        self._origins = {name: runs(turns) for name, turns in origins.items()}
        self._files, self._actions, self._commands = Column(), Column(), Column()
        self._outcomes, self._events = Column(), Column()
        self._files.numbers.append(len(files))
        for name, text in files.items():
            self._table.write(self._files, name)
            self._table.write(self._files, text)
        for name, column in self._texts.items():
            self._table.write(column, texts[name])

    @property
    def full(self) -> bool:
        """Whether the next turn belongs into another block."""
        return self.turns == TURNS or self._table.chars >= CHARS

    def add(
        self,
        turn: Turn,
        texts: Mapping[str, str],
        changes: Sequence[FileChange],
        files: Mapping[str, str],
    ) -> None:
        """Adds a turn.

        Args:
            turn: The turn.
            texts: What is to be seen after it.
            changes: What it changed in the memory.
            files: The memory after it.
        """
        self.turns += 1
        self._add_files(changes)
        self._add_commands(turn.commands, files)
        self._add_texts(texts, turn.commands)
        self._add_action(turn)
        self._add_outcome(turn.info)
        self._events.numbers.append(len(turn.events))
        for event in turn.events:
            self._table.write(self._events, event.name)
            self._table.write(self._events, event.detail)

    def data(self) -> dict[str, Any]:
        """The block as plain data."""
        columns = {
            "files": self._files,
            "commands": self._commands,
            "actions": self._actions,
            "outcomes": self._outcomes,
            "events": self._events,
        }
        return {
            "first": self.first,
            "turns": self.turns,
            "origins": self._origins,
            "texts": {name: _plain(column) for name, column in self._texts.items()},
            **{name: _plain(column) for name, column in columns.items()},
        }

    def _add_files(self, changes: Sequence[FileChange]) -> None:
        numbers = self._files.numbers
        numbers.append(len(changes))
        for name, delta in changes:
            self._table.write(self._files, name)
            numbers.append(int(delta is not None))
            if delta is not None:
                self._table.write_delta(self._files, delta)

    def _add_commands(
        self, commands: Sequence[Mapping[str, Any]], files: Mapping[str, str]
    ) -> None:
        column, table = self._commands, self._table
        column.numbers.append(len(commands))
        for done in commands:
            command, result = done["command"], done["result"]
            column.numbers.append(int(done["ok"]))
            table.write(column, command)
            name = _file(command)
            # An answer of one line is shorter than a file's name.
            like = "\n" in result and name in files
            column.numbers.append(int(like))
            if like:
                table.write(column, name)
            table.write(column, result, files[name] if like else "")

    def _add_texts(self, texts: Mapping[str, str], commands: Sequence[Mapping[str, Any]]) -> None:
        for name, column in self._texts.items():
            answered = commands and name == _ANSWERS
            base = _joined(commands) if answered else self._old.get(name, "")
            self._table.write(column, texts.get(name, ""), base)
        self._old = texts

    def _add_action(self, turn: Turn) -> None:
        commands = "".join(done["command"] for done in turn.commands)
        begins = turn.action.startswith(commands)
        self._actions.numbers.append(int(begins))
        self._table.write(self._actions, turn.action[len(commands) * begins :])

    def _add_outcome(self, info: Mapping[str, Any]) -> None:
        told = [info.get(name) for name in _OUTCOMES]
        self._outcomes.numbers.append(
            sum(1 << place for place, text in enumerate(told) if text is not None)
        )
        for text in told:
            if text is not None:
                self._table.write(self._outcomes, str(text))


def _plain(column: Column) -> list[Any]:
    return [column.numbers, column.lines]


def _joined(commands: Sequence[Mapping[str, Any]]) -> str:
    """What commands answered, as a reader of the page has it."""
    return "\n".join(done["result"] for done in commands)


def _file(command: str) -> str:
    """The file that a command names, as far as it is written as commands are."""
    return command.partition("|>")[2].partition("<|")[0].partition("|")[0]

"""What one turn of text asks for: memory commands up to and including the first game action."""

from __future__ import annotations

from typing import NamedTuple

from automem_gym.action import ActionNames, GameAction
from memory_fs import FIELDS, Malformed, MemoryAction, Parser
from memory_fs.syntax import THOUGHT, Syntax

#: How much of a reply is read. No reply of a model comes near it; a mistake or an attack might.
LONGEST_REPLY = 1_000_000


class Commands(NamedTuple):
    """The commands of one turn.

    Attributes:
        memory: Memory commands in their order, and blocks that are no valid command.
        action: What was written as the game action; None where there is none.
        done: Whether DONE was written.
        refused: How many commands stood after the game action.
    """

    memory: tuple[MemoryAction | Malformed, ...] = ()
    action: str | None = None
    done: bool = False
    refused: int = 0

    @property
    def empty(self) -> bool:
        """Whether the text held no command at all."""
        return not (self.memory or self.done or self.action is not None)


class CommandParser:
    """Reads turns: the memory's commands, and ACTION and DONE beside them.

    Args:
        actions: The valid game actions; a bare one is a game action too.
        fields: The fields of each memory operation, by name.
    """

    def __init__(
        self, actions: ActionNames | None, fields: dict[str, tuple[str, ...]] | None = None
    ) -> None:
        self._actions = actions
        self._memory = Parser(FIELDS if fields is None else fields)
        bare = [name for name, taken in self._memory.fields.items() if not taken]
        self._syntax = Syntax([*self._memory.fields, "ACTION", "DONE"], [*bare, "DONE"])

    def read(self, action: str | GameAction | MemoryAction) -> Commands:
        """Reads one action of the environment. Total over all strings.

        Raises:
            TypeError: It is neither text nor one of the action classes.
        """
        if isinstance(action, str) and type(action) is not str:
            action = str.__str__(action)  # what a subclass makes of itself does not count
        # The plainest action first: it is the most frequent one, too.
        if self._actions is not None and type(action) is str and action in self._actions:
            return Commands(action=action)
        if isinstance(action, GameAction):
            return Commands(action=action.name)
        if isinstance(action, MemoryAction):
            return Commands(memory=(action,))
        if not isinstance(action, str):
            raise TypeError(
                f"an action is text (str), a GameAction or a MemoryAction, not "
                f"{type(action).__name__}: {action!r:.80}"
            )
        if len(action) > LONGEST_REPLY:
            return Commands()
        if "<" in action:
            commands = self._read_blocks(action)
            if not commands.empty:
                return commands
        bare = self._actions.match(action) if self._actions else action.strip() or None
        return Commands(action=bare)

    def _read_blocks(self, text: str) -> Commands:
        memory: list[MemoryAction | Malformed] = []
        action: str | None = None
        done, refused = False, 0
        for block in self._syntax.scan(text):
            if block.name == THOUGHT:
                memory, action, done, refused = [], None, False, 0
            elif action is not None:
                refused += 1
            elif block.name == "ACTION":
                action = block.payload.strip()
            elif block.name == "DONE":
                done = True
            else:
                memory.append(self._memory.read(block))
        return Commands(tuple(memory), action, done, refused)

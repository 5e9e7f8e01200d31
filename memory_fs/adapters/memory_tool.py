"""The Messages API's memory tool on a store: Claude's own commands, our quotas and journal.

Needs the anthropic SDK.

    tool = StoreMemoryTool(store)
    client.beta.messages.run_tools(model=..., messages=..., tools=[tool])
"""

from __future__ import annotations

from collections.abc import Callable

from anthropic import BaseModel
from anthropic.lib.tools import BetaAbstractMemoryTool, ToolError
from anthropic.types.beta import (
    BetaMemoryTool20250818CreateCommand,
    BetaMemoryTool20250818DeleteCommand,
    BetaMemoryTool20250818InsertCommand,
    BetaMemoryTool20250818RenameCommand,
    BetaMemoryTool20250818StrReplaceCommand,
    BetaMemoryTool20250818ViewCommand,
)

from memory_fs.adapters.memory_commands import MemoryCommands
from memory_fs.refusal import Refused
from memory_fs.texts import TextFiles


class StoreMemoryTool(BetaAbstractMemoryTool):
    """Claude's memory tool on the files of a store.

    Args:
        files: The store.
        clock: Gives the turn and the command's place in it, for the journal; without it everything
            happens in turn 0.
    """

    def __init__(
        self, files: TextFiles, clock: Callable[[], tuple[int, int]] | None = None
    ) -> None:
        super().__init__()
        self._files = files
        self._commands = MemoryCommands(files)
        self._clock = clock or (lambda: (0, 0))

    def view(self, command: BetaMemoryTool20250818ViewCommand) -> str:
        """A file with numbered lines, or the names in a folder."""
        return self._run(command)

    def create(self, command: BetaMemoryTool20250818CreateCommand) -> str:
        """A new file."""
        return self._run(command)

    def str_replace(self, command: BetaMemoryTool20250818StrReplaceCommand) -> str:
        """One place of a file replaced by another text."""
        return self._run(command)

    def insert(self, command: BetaMemoryTool20250818InsertCommand) -> str:
        """A text put behind a line of a file; 0 puts it first."""
        return self._run(command)

    def delete(self, command: BetaMemoryTool20250818DeleteCommand) -> str:
        """A file, or a folder with all in it, removed."""
        return self._run(command)

    def rename(self, command: BetaMemoryTool20250818RenameCommand) -> str:
        """A file or a folder moved to another name."""
        return self._run(command)

    def _run(self, command: BaseModel) -> str:
        """Stamps the command, and hands refusals to the model as the API wants them."""
        self._files.stamp(*self._clock())
        try:
            # The SDK builds commands without checking what the model put into them.
            return self._commands.run(command.to_dict(warnings=False))
        except Refused as refusal:
            raise ToolError(str(refusal)) from refusal

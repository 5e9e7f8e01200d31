"""The memory of an episode: its files, and the commands of its player."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from contextlib import ExitStack
from pathlib import Path

from memory_fs.action import MemoryAction
from memory_fs.config import MemoryConfig
from memory_fs.recovery import Recovery
from memory_fs.refusal import Refused
from memory_fs.result import Result
from memory_fs.texts import TextFiles


class MemoryStore(TextFiles):
    """A directory of text files with quotas and a journal, and the operations on it.

    Args:
        config: Its configuration.
        resume: Whether to go on with what is in the root, after a crash or in another process. Else
            a new episode starts, and the root is emptied.

    Attributes:
        recovery: What was found in the root; None without ``resume``.

    Raises:
        ValueError: The initial files break the quotas or have impossible names, or the root is a
            directory with files that no memory wrote.
        MemoryInUseError: Another store has the root open.
        DamagedJournalError: The journal in the root is not what a memory wrote.
    """

    def __init__(self, config: MemoryConfig | None = None, *, resume: bool = False) -> None:
        self.config = config or MemoryConfig()
        self._table = self.config.table
        resources = ExitStack()
        # Also runs when the object is forgotten, and at the end of the process.
        self._release = weakref.finalize(self, resources.close)
        root = self.config.root
        if root is None:
            root = tempfile.mkdtemp(prefix="memory_fs-")
            resources.callback(_remove, root, os.getpid())
        super().__init__(Path(root), self.config.quotas, self.config.durability)
        resources.push(self._resources)
        try:
            self.recovery: Recovery | None = self.recover() if resume else None
            self._begun = bool(self.recovery and self.recovery.mutations)
            if not self._begun:
                self.reset()
        except BaseException:
            self.close()  # the traceback keeps this object alive, and with it the lock
            raise

    def reset(self, keep: bool = False) -> None:
        """Starts a new episode: a new journal, and the initial files unless the old ones stay.

        Args:
            keep: Whether the files that are there stay. The initial ones are then not written,
                unless there has been nothing here yet.
        """
        self.stamp(0, 0)
        if keep and self._begun:
            self.forget()
            return
        try:
            self.begin(self.config.files)
        except Refused as refusal:
            raise ValueError(f"initial {refusal}") from None
        self._begun = True

    def close(self) -> None:
        """Closes what is open and removes a temporary root; may be called twice."""
        self._release()

    def execute(self, action: MemoryAction, turn: int = 0, command: int = 0) -> Result:
        """Executes one command of a player.

        Args:
            action: The command.
            turn: The turn, for the journal.
            command: Its place among the commands of the turn, for the journal.

        Returns:
            The result; a refusal is a result too.
        """
        operation = self._table.get(action.op)
        self._stamp = (turn, command)
        try:
            if operation is None:
                raise Refused(f"not in the vocabulary, which is {', '.join(self._table)}")
            text = operation.run(self, action)
        except Refused as refusal:
            return Result(action, False, str(refusal))
        except UnicodeDecodeError:
            return Result(action, False, "something else has changed the file: it is no text now")
        return Result(action, True, self._cut(text))

    def _cut(self, text: str) -> str:
        limit = self.config.quotas.result_chars
        if len(text) <= limit:
            return text
        note = (
            f"\n[cut: the first {limit:,} of {len(text):,} characters; SEARCH or TAIL show parts]"
        )
        return text[:limit] + note


def _remove(root: str, owner: int) -> None:
    """Removes a temporary root; a forked child, which has this object too, does not."""
    if os.getpid() == owner:
        shutil.rmtree(root, ignore_errors=True)

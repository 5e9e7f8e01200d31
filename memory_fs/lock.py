"""One holder for one directory: a second one is refused."""

from __future__ import annotations

import fcntl
import os


class MemoryInUseError(RuntimeError):
    """Another holds this directory."""


class Lock:
    """An advisory lock on an open file, freed by the operating system when its holder dies.

    Args:
        fd: The descriptor of the lock's file, open for reading and writing; the lock closes it.
        guarded: What it guards, for the error, such as ``the memory at runs/a``.

    Raises:
        MemoryInUseError: Another holds it.
    """

    def __init__(self, fd: int, guarded: str) -> None:
        self._fd = fd
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(fd, 20, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(fd)
            raise MemoryInUseError(
                f"{guarded} is in use by process {holder}: close it there, or name another "
                "directory"
            ) from None
        os.ftruncate(fd, 0)
        os.pwrite(fd, str(os.getpid()).encode(), 0)

    def close(self) -> None:
        """Frees the lock; may be called twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

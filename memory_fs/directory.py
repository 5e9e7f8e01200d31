"""The one place that touches files: a directory of texts, by checked name."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_NEW = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


class Directory:
    """Reads and writes files below a root, all through the root's own descriptor.

    Args:
        root: The directory; it exists.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def read(self, name: str) -> bytes:
        """The whole content of a file."""
        fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._fd)
        try:
            left = os.fstat(fd).st_size
            parts = []
            while left > 0 and (part := os.read(fd, left)):
                parts.append(part)
                left -= len(part)
            return b"".join(parts)
        finally:
            os.close(fd)

    def append(self, name: str, content: bytes) -> None:
        """Adds at the end of a file, which is made where it is not there."""
        fd = os.open(name, _NEW | os.O_APPEND, 0o644, dir_fd=self._fd)
        try:
            _write_all(fd, content)
        finally:
            os.close(fd)

    def write(self, name: str, content: bytes) -> None:
        """Replaces the content of a file, which is made where it is not there."""
        fd = os.open(name, _NEW, 0o644, dir_fd=self._fd)
        try:
            _write_all(fd, content)
            # Cut after writing: a file that is emptied first is flushed to the disk when it closes
            # (ext4's auto_da_alloc), which costs fifty times as much.
            os.ftruncate(fd, len(content))
        finally:
            os.close(fd)

    def make_parents(self, name: str) -> None:
        """Makes the folders that a nested name needs."""
        for depth, character in enumerate(name):
            if character == "/":
                try:
                    os.mkdir(name[:depth], dir_fd=self._fd)
                except FileExistsError:
                    continue

    def remove_empty_folder(self, name: str) -> None:
        """Removes a folder that holds no file, only folders, so that a file can have its name."""
        path = self.root / name
        if path.is_dir():
            for folder, _, _ in os.walk(path, topdown=False):
                Path(folder).rmdir()

    def delete(self, name: str) -> None:
        """Removes a file."""
        os.unlink(name, dir_fd=self._fd)

    def clear(self, keep: str) -> None:
        """Removes everything but one entry of the root."""
        for path in sorted(self.root.iterdir()):
            if path.name == keep:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    def close(self) -> None:
        """Frees the descriptor; may be called twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _write_all(fd: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(fd, view) :]

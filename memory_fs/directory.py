"""The one place that touches files: a directory of plain files, by checked name.

Names are walked one folder at a time from the root's own descriptor, without following links, and
what is opened is looked at again before it is used: so nothing that somebody plants in the root, at
whatever moment, leads out of it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from pathlib import Path

from memory_fs.refusal import Refused

_SAFE = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_NEW = os.O_CREAT | os.O_EXCL
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
#: What the operating system answers where something stands in the way; all else (a full or broken
#: disk, no more descriptors) is a failure of the machine, and is raised as it is.
_IN_THE_WAY = {
    errno.ELOOP,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.ENXIO,
    errno.ENOENT,
    errno.EEXIST,
    errno.ENODEV,
}


class Directory:
    """Reads and writes plain files below a root.

    Args:
        root: The directory; it exists.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def read(self, name: str, start: int = 0, most: int | None = None) -> bytes:
        """The content of a file.

        Args:
            name: The file.
            start: Where to begin; a negative position counts from the end.
            most: How many bytes at most; None for all.
        """
        fd, size = self._open(name, os.O_RDONLY)
        try:
            at = max(0, size + start) if start < 0 else start
            size = size if most is None else min(size, at + most)
            parts = []
            while at < size and (part := os.pread(fd, size - at, at)):
                parts.append(part)
                at += len(part)
            return b"".join(parts)
        finally:
            os.close(fd)

    def append(self, name: str, content: bytes, new: bool) -> None:
        """Adds at the end of a file.

        Args:
            name: The file.
            content: What is added.
            new: Whether it is to be made; it must not be there then, and must be there otherwise.
        """
        fd, size = self._open(name, os.O_WRONLY | (_NEW if new else 0))
        try:
            try:
                write_at(fd, content, size)
            except BaseException:
                os.ftruncate(fd, size)
                raise
        finally:
            os.close(fd)

    def write(self, name: str, content: bytes, new: bool, start: int = 0) -> None:
        """Replaces the content of a file from a position on; ``new`` as for :meth:`append`.

        In place, because the journal makes it safe and because a rename over a file, or emptying it
        first, is flushed to the disk by ext4 and costs forty times as much.
        """
        fd, size = self._open(name, os.O_RDWR | (_NEW if new else 0))
        try:
            old = os.pread(fd, size - start, start) if size > start else b""
            try:
                write_at(fd, content, start)
                if size > start + len(content):
                    os.ftruncate(fd, start + len(content))
            except BaseException:
                write_at(fd, old, start)
                os.ftruncate(fd, size)
                raise
        finally:
            os.close(fd)

    def open(self, name: str, flags: int) -> int:
        """Opens a plain file.

        Args:
            name: Its checked name.
            flags: For ``os.open``.

        Returns:
            The descriptor; the caller closes it.

        Raises:
            Refused: Something that is no plain file of this memory stands at its place.
        """
        return self._open(name, flags)[0]

    def _open(self, name: str, flags: int) -> tuple[int, int]:
        """Opens a plain file; gives its size too, which is looked up in any case."""
        parent, leaf = self._fd, name
        try:
            try:
                if "/" in name:
                    parent, leaf = self._parent(name)
                fd = os.open(leaf, flags | _SAFE, 0o644, dir_fd=parent)
            finally:
                if parent != self._fd:
                    os.close(parent)
        except OSError as error:
            if error.errno in _IN_THE_WAY:
                raise _in_the_way(name) from error
            raise
        status = os.fstat(fd)
        # A second name may lie outside the root, and writing here would write there.
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            os.close(fd)
            raise _in_the_way(name)
        return fd, status.st_size

    def _parent(self, name: str) -> tuple[int, str]:
        """Opens the folder of a nested name; the caller closes it."""
        *folders, leaf = name.split("/")
        parent = self._fd
        for folder in folders:
            try:
                fd = os.open(folder, _FOLDER, dir_fd=parent)
            finally:
                if parent != self._fd:
                    os.close(parent)
            parent = fd
        return parent, leaf

    def replace(self, name: str, new: str) -> None:
        """Puts one file in the place of another, at once."""
        os.replace(name, new, src_dir_fd=self._fd, dst_dir_fd=self._fd)

    def rename(self, name: str, new: str) -> None:
        """Moves a plain file to a name at which nothing stands, and whose folders are there."""
        os.close(self.open(name, os.O_RDONLY))
        old_parent, old_leaf = self._parent(name)
        try:
            new_parent, new_leaf = self._parent(new)
            try:
                with contextlib.suppress(FileNotFoundError):
                    os.lstat(new_leaf, dir_fd=new_parent)
                    raise _in_the_way(new)
                os.rename(old_leaf, new_leaf, src_dir_fd=old_parent, dst_dir_fd=new_parent)
            finally:
                if new_parent != self._fd:
                    os.close(new_parent)
        finally:
            if old_parent != self._fd:
                os.close(old_parent)

    def sync(self) -> None:
        """Forces the names in the root to the disk."""
        os.fsync(self._fd)

    def make_parents(self, name: str) -> None:
        """Makes the folders that a nested name needs."""
        parent = self._fd
        try:
            for folder in name.split("/")[:-1]:
                with contextlib.suppress(FileExistsError):  # what is no folder, opening refuses
                    os.mkdir(folder, 0o755, dir_fd=parent)
                fd = os.open(folder, _FOLDER, dir_fd=parent)
                if parent != self._fd:
                    os.close(parent)
                parent = fd
        except OSError as error:
            if error.errno in _IN_THE_WAY:
                raise _in_the_way(name) from error
            raise
        finally:
            if parent != self._fd:
                os.close(parent)

    def delete(self, name: str) -> None:
        """Removes a file; of a link only itself goes."""
        try:
            parent, leaf = self._parent(name)
            try:
                os.unlink(leaf, dir_fd=parent)
            finally:
                if parent != self._fd:
                    os.close(parent)
        except OSError as error:
            if error.errno in _IN_THE_WAY:
                raise _in_the_way(name) from error
            raise

    def remove_empty_folder(self, name: str) -> None:
        """Removes a folder that holds no file, so that a file can have its name."""
        try:
            parent, leaf = self._parent(name)
        except OSError as error:
            if error.errno in _IN_THE_WAY:
                return  # making its parents tells what is wrong, if anything is
            raise
        try:
            # What is no folder, or not empty, stays: opening it will be refused.
            with contextlib.suppress(OSError):
                if not stat.S_ISDIR(os.lstat(leaf, dir_fd=parent).st_mode):
                    return
                for _, folders, _, fd in os.fwalk(leaf, topdown=False, dir_fd=parent):
                    for folder in folders:
                        os.rmdir(folder, dir_fd=fd)
                os.rmdir(leaf, dir_fd=parent)
        finally:
            if parent != self._fd:
                os.close(parent)

    def discard(self, name: str) -> None:
        """Removes whatever stands at a name or in its way; of links only themselves go."""
        parent = self._fd
        *folders, leaf = name.split("/")
        try:
            for folder in folders:
                try:
                    fd = os.open(folder, _FOLDER, dir_fd=parent)
                except OSError as error:
                    if error.errno not in _IN_THE_WAY:
                        raise
                    with contextlib.suppress(FileNotFoundError):
                        os.unlink(folder, dir_fd=parent)
                    return
                if parent != self._fd:
                    os.close(parent)
                parent = fd
            try:
                os.unlink(leaf, dir_fd=parent)
            except FileNotFoundError:
                pass
            except (IsADirectoryError, PermissionError):
                shutil.rmtree(leaf, dir_fd=parent)
        finally:
            if parent != self._fd:
                os.close(parent)

    def names(self) -> set[str]:
        """The names of all files and links below the root, without the private folder's."""
        found = set()
        for folder, folders, files, fd in os.fwalk(".", dir_fd=self._fd, follow_symlinks=False):
            inside = folder.removeprefix(".").removeprefix("/")
            if not inside:
                folders[:] = [name for name in folders if not name.startswith(".")]
            links = [name for name in folders if stat.S_ISLNK(os.lstat(name, dir_fd=fd).st_mode)]
            found |= {f"{inside}/{name}".lstrip("/") for name in [*files, *links]}
        return found

    def clear(self, keep: str) -> None:
        """Removes everything but one entry of the root."""
        with os.scandir(self._fd) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        for name, is_folder in found:
            if name == keep:
                continue
            if is_folder:
                shutil.rmtree(name, dir_fd=self._fd)
            else:
                os.unlink(name, dir_fd=self._fd)

    def close(self) -> None:
        """Frees the descriptor; may be called twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def write_at(fd: int, content: bytes, position: int) -> None:
    """Writes all bytes at a position, in as many calls as it takes."""
    written = os.pwrite(fd, content, position)
    while written < len(content):
        written += os.pwrite(fd, memoryview(content)[written:], position + written)


def _in_the_way(name: str) -> Refused:
    return Refused(
        f"at {name} stands something that is no plain file of this memory; use another name"
    )

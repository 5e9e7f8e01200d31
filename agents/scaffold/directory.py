"""Reads a scaffold's directory, which anybody may have written."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from agents.scaffold.prompts.prompts import SUFFIX
from memory_fs.name import ALLOWED, is_name
from memory_fs.suggestion import did_you_mean

MANIFEST = "scaffold.toml"
HOOKS = "hooks.py"
README = "README.md"
#: Which seeds the scaffold was made with; read by who measures it, and no part of what it is.
USED_SEEDS = "used_seeds.toml"
#: All that a scaffold is made of. Hidden files and caches of Python do not belong to it.
PARTS = (MANIFEST, "prompts", "memory", HOOKS, README, USED_SEEDS)
FILES = 200
#: Folders within folders, below ``prompts`` and ``memory``.
DEPTH = 8
#: What is parsed or compiled is kept small: compiling a template takes about 20 us a character.
FILE_BYTES = 64_000
MEMORY_FILE_BYTES = 256_000
TOTAL_CHARS = 512_000


@dataclass
class Layer:
    """What one directory holds of a scaffold.

    Attributes:
        root: The directory, as it was named.
        texts: Path in the directory, with ``/``, to text: the manifest, the hooks, the prompts and
            the memory's first files.
        problems: What is wrong with it.
    """

    root: Path
    texts: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def place(self, name: str) -> str:
        """How a file is called in messages."""
        return (self.root / name).as_posix()


def read_directory(root: Path) -> Layer:
    """Reads one directory.

    Args:
        root: The directory.

    Returns:
        What it holds, and what is wrong with it. It is never read outside of it.
    """
    layer = Layer(root)
    if not root.is_dir():
        layer.problems.append(f"{root}: there is no such directory")
        return layer
    try:
        for count, path in enumerate(_files(root, layer)):
            if count >= FILES:
                layer.problems.append(f"{root}: holds more than {FILES} files")
                break
            _read(path, layer)
        total = sum(map(len, layer.texts.values()))
        if total > TOTAL_CHARS:
            layer.problems.append(f"{root}: holds {total:,} characters; {TOTAL_CHARS:,} at most")
    except OSError as error:
        layer.problems.append(f"{error.filename or root}: cannot be read: {error.strerror}")
    return layer


def _files(root: Path, layer: Layer) -> Iterator[Path]:
    for entry in sorted(os.scandir(root), key=lambda entry: entry.name):
        if _ignored(entry.name) or entry.name in (README, USED_SEEDS):
            continue
        if entry.name not in PARTS:
            hint = did_you_mean(entry.name, PARTS)
            layer.problems.append(
                f"{layer.place(entry.name)}: is no part of a scaffold.{hint} There are "
                f"{', '.join(PARTS)}"
            )
        elif entry.name in (MANIFEST, HOOKS):
            yield Path(entry.path)
        elif not entry.is_dir(follow_symlinks=False):
            layer.problems.append(f"{layer.place(entry.name)}: must be a directory, and no link")
        else:
            yield from _below(Path(entry.path), layer)


def _below(folder: Path, layer: Layer, depth: int = 0) -> Iterator[Path]:
    if depth > DEPTH:
        name = folder.relative_to(layer.root).as_posix()
        layer.problems.append(f"{layer.place(name)}: lies deeper than {DEPTH} folders")
        return
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if _ignored(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry.path), layer, depth + 1)
        else:
            yield Path(entry.path)


def _ignored(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__"


def _read(path: Path, layer: Layer) -> None:
    name = path.relative_to(layer.root).as_posix()
    if problem := _refused(path, name, layer.root):
        layer.problems.append(f"{layer.place(name)}: {problem}")
        return
    try:
        layer.texts[name] = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        layer.problems.append(f"{layer.place(name)}:{line}: is no UTF-8 text: {error.reason}")


def _refused(path: Path, name: str, root: Path) -> str | None:
    try:
        target = path.resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError):
        return "is a link to nothing"
    except (RuntimeError, OSError) as error:  # up to Python 3.12 a circle is a RuntimeError
        if isinstance(error, OSError) and error.errno != errno.ELOOP:
            raise
        return "is a link that leads back to itself"
    if path.is_symlink() and not target.is_relative_to(root.resolve()):
        return "links to a place outside the scaffold; put a copy of the file there"
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        return "is no plain file"
    return file_problem(name, status.st_size)


def file_problem(name: str, size: int) -> str | None:
    """What is wrong with a file, wherever it stands.

    Args:
        name: Its path in the scaffold's directory; the first part of it is one of :data:`PARTS`.
        size: Its length in bytes.

    Returns:
        What is wrong, and what is allowed; None where nothing is.
    """
    most = MEMORY_FILE_BYTES if name.startswith("memory/") else FILE_BYTES
    if size > most:
        return f"has {size:,} bytes; {most:,} at most"
    if name.startswith("prompts/") and not name.endswith(SUFFIX):
        return f"is no template; the names of templates end with {SUFFIX}"
    if name.startswith("memory/") and not is_name(name.removeprefix("memory/")):
        return f"is no name of a memory file: {ALLOWED}"
    return None

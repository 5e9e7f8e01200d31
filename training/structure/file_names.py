"""The names that the files of a revision may have: what a scaffold holds and a disk can take."""

from __future__ import annotations

import re
from collections.abc import Collection

from agents.scaffold.directory import HOOKS, MANIFEST

#: What most file systems take of a name between two slashes.
PART_CHARS = 255
#: Longest path: where the shortest limit is 1,024 (macOS), half of it is left for the folders in
#: which a scaffold is laid down.
PATH_CHARS = 500
#: What a revision is made of; what else a scaffold's directory may hold is for people.
FOLDERS = ("prompts", "memory")
SINGLE = (MANIFEST, HOOKS)
#: A name within a folder: not hidden, and nothing that a file system takes otherwise.
_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_. -]*")


def name_problem(name: str) -> str | None:
    """What is wrong with the path of a file; None where nothing is.

    Args:
        name: The path in the scaffold's directory, with ``/``.

    Example:
        >>> name_problem("prompts/parts/system.j2")
        >>> name_problem("memory/" + 300 * "a")
        'has a part of 300 characters; 255 at most'
    """
    top, *below = name.split("/")
    if len(name) > PATH_CHARS:
        return f"is a path of {len(name):,} characters; {PATH_CHARS} at most"
    if longest := max((len(part) for part in below if len(part) > PART_CHARS), default=0):
        return f"has a part of {longest} characters; {PART_CHARS} at most"
    if name in SINGLE:
        return None
    if top not in FOLDERS or not below or not all(map(_PART.fullmatch, below)):
        return (
            f"is no path of a scaffold; there are {', '.join(SINGLE)}, and files in "
            f"{' and '.join(f'{folder}/' for folder in FOLDERS)} whose names have letters a-z A-Z, "
            "digits, '_', '-', '.' and blanks, and begin with none of the last two"
        )
    if "__pycache__" in below:
        return "stands in a folder that no scaffold reads"
    return None


def folder_problem(name: str, names: Collection[str]) -> str | None:
    """What is wrong with a path beside others; None where nothing is.

    Args:
        name: The path.
        names: All paths.
    """
    parts = name.split("/")
    for count in range(1, len(parts)):
        if (folder := "/".join(parts[:count])) in names:
            return f"stands in {shown(folder)}, which is a file itself; rename one of the two"
    return None


def name_problems(names: Collection[str]) -> list[str]:
    """What is wrong with the paths of a whole scaffold, each with the path; nothing where it is.

    Args:
        names: All paths.
    """
    known = frozenset(names)
    return [
        f"{shown(name)}: {problem}"
        for name in names
        if (problem := name_problem(name) or folder_problem(name, known))
    ]


def shown(name: str) -> str:
    """A path that anybody may have written, for a message: cut, and it steers no terminal."""
    return repr(name if len(name) <= 100 else f"{name[:97]}...")

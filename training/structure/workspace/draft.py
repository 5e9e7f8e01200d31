"""The working copy of a revision."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from agents.scaffold.directory import FILES, TOTAL_CHARS, file_problem
from memory_fs import Refused
from memory_fs.name import ALLOWED, is_name
from training.structure.file_names import FOLDERS, SINGLE, folder_problem, name_problem, shown


class Draft:
    """The files of a revision while it is written.

    Args:
        parent: The files of the scaffold that is revised, path to text.
        files: The files that it begins with; those of the parent by default.

    Attributes:
        files: The files as they are.
    """

    def __init__(self, parent: Mapping[str, str], files: Mapping[str, str] | None = None) -> None:
        self._parent = dict(parent)
        self.files = dict(parent if files is None else files)

    def write(self, path: str, text: str) -> None:
        """Writes a whole file.

        Raises:
            Refused: A scaffold has no such file, or it is too large.
        """
        try:
            size = len(text.encode("utf-8"))
        except UnicodeEncodeError as error:
            raise Refused(
                f"{shown(path)}: the text holds what UTF-8 cannot: {error.reason}"
            ) from None
        problem = _path_problem(path) or self._place_problem(path) or file_problem(path, size)
        if problem:
            raise Refused(f"{shown(path)} {problem}")
        after = {**self.files, path: text}
        if len(after) > FILES:
            raise Refused(f"a scaffold holds {FILES} files at most; delete one that is not needed")
        total = sum(map(len, after.values()))
        if total > TOTAL_CHARS and total > sum(map(len, self.files.values())):
            raise Refused(
                f"all files together would have {total:,} characters; {TOTAL_CHARS:,} at most"
            )
        self.files = dict(sorted(after.items()))

    def delete(self, path: str) -> None:
        """Takes a file away.

        Raises:
            Refused: There is none.
        """
        if path not in self.files:
            raise Refused(f"the revision has no file {shown(path)}; list_files shows them")
        del self.files[path]

    def _place_problem(self, path: str) -> str | None:
        """What is wrong with a path beside the other files."""
        if below := next((name for name in self.files if name.startswith(f"{path}/")), None):
            return f"is the folder of {shown(below)}; rename one of the two"
        return folder_problem(path, self.files)

    @property
    def changed(self) -> bool:
        """Whether it differs from its parent."""
        return self.files != self._parent

    def diff(self) -> str:
        """What differs from its parent; empty where nothing does."""
        return difference(self._parent, self.files)


def difference(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Two scaffolds as one unified diff, file by file."""
    return "".join(
        _file_difference(path, old.get(path), new.get(path))
        for path in sorted({*old, *new})
        if old.get(path) != new.get(path)
    )


def _file_difference(path: str, old: str | None, new: str | None) -> str:
    lines = difflib.unified_diff(
        _lines(old),
        _lines(new),
        "(none)" if old is None else f"scaffold/{path}",
        "(none)" if new is None else f"revision/{path}",
        lineterm="",
    )
    return "".join(f"{line}\n" for line in lines)


def _lines(text: str | None) -> list[str]:
    # An empty text has one line, so that it differs from a file that is not there.
    return [] if text is None else text.split("\n")


def _path_problem(path: str) -> str | None:
    folder, slash, name = path.partition("/")
    if path in SINGLE:
        return None
    if folder not in FOLDERS or not slash:
        return (
            f"is no file of a scaffold; there are {', '.join(SINGLE)}, and files in "
            f"{' and '.join(f'{folder}/' for folder in FOLDERS)}"
        )
    if not is_name(name):
        return f"is no path that can be written: {ALLOWED}"
    return name_problem(path)

"""The files that a reviewer can read: folders of texts that stand nowhere on a disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from memory_fs import Refused
from memory_fs.index import plural
from memory_fs.suggestion import did_you_mean

#: A search shows this many lines, and this much of each.
LINES = 400
LINE_CHARS = 300


class Files:
    """Reads them. A path is a key of a table, never a place on a disk.

    Args:
        folders: By name: gives the files of the folder as they are now, path to text.
    """

    def __init__(self, folders: Mapping[str, Callable[[], Mapping[str, str]]]) -> None:
        self._folders = dict(folders)

    def list(self, folder: str = "") -> str:
        """The files of a folder, or of all, each with its length.

        Raises:
            Refused: There is no such folder.
        """
        found = self._below(folder)
        return "\n".join(
            f"{path}  {plural(text.count(chr(10)), 'line')}, {plural(len(text), 'character')}"
            for path, text in found.items()
        )

    def read(self, path: str) -> str:
        """A file.

        Raises:
            Refused: There is none.
        """
        files = self._all()
        if path not in files:
            raise Refused(f"there is no file {path[:200]!r}.{did_you_mean(path, files)}")
        return files[path]

    def search(self, text: str, where: str = "") -> str:
        """The lines that hold a text, whatever its case.

        Args:
            text: The text, as it is; nothing in it has a meaning.
            where: A folder or a file; empty for all.

        Raises:
            Refused: There is nothing to search.
        """
        wanted = text.casefold()
        if not wanted.strip() or "\n" in wanted:
            raise Refused("text is what a line may hold, and not empty")
        hits, shown = 0, []
        for path, content in self._below(where).items():
            for number, line in enumerate(content.split("\n"), 1):
                if wanted in line.casefold():
                    hits += 1
                    if hits <= LINES:
                        shown.append(f"{path}:{number}: {line[:LINE_CHARS]}")
        if not hits:
            return f"no line holds {text[:200]!r}"
        cut = f" [the first {LINES} are shown; search for more]" if hits > LINES else ""
        return "\n".join([f"{plural(hits, 'line')}{cut}", *shown])

    def _all(self) -> dict[str, str]:
        return {
            f"{folder}/{path}": text
            for folder, files in self._folders.items()
            for path, text in files().items()
        }

    def _below(self, place: str) -> dict[str, str]:
        place = place.strip().strip("/")
        files = self._all()
        found = {
            path: text
            for path, text in files.items()
            if not place or path == place or path.startswith(f"{place}/")
        }
        if not found and place not in self._folders:
            hint = did_you_mean(place, [*self._folders, *files])
            raise Refused(
                f"there is no {place[:200]!r}.{hint} The folders are {', '.join(self._folders)}"
            )
        return found

"""Sends a recording that grows in one place to another, as it grows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Copied:
    """A piece of a recording.

    Attributes:
        place: Where it begins in the file; 0 begins the file anew.
        content: What stands there.
    """

    place: int
    content: bytes

    def put(self, path: Path) -> None:
        """Writes it into a copy, whose earlier pieces are there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if self.place else "wb") as file:
            file.seek(self.place)
            file.write(self.content)


class Mirror:
    """Reads what has been added to a file since the last time.

    Args:
        path: The file, which may not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._place = 0

    def news(self) -> Copied | None:
        """What has been added; None where that is nothing."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._place)
                content = file.read()
        except FileNotFoundError:
            return None
        if not content:
            return None
        copied = Copied(self._place, content)
        self._place += len(content)
        return copied

"""Files that are written in one go: whoever reads one sees the old text or the new one."""

from __future__ import annotations

import os
from pathlib import Path


def replace_file(path: Path, text: str, sync: bool = False) -> None:
    """Writes a text in the place of a file.

    Args:
        path: The file.
        text: What it holds from now on.
        sync: Whether it must survive a power failure.

    Raises:
        OSError: It cannot be written; the old one is there still.
    """
    draft = path.with_name(f"{path.name}.new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        if sync:
            file.flush()
            os.fsync(file.fileno())
    draft.replace(path)

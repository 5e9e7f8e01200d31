"""Checkpoints: which one is whole, and goes on.

transformers writes the files of a checkpoint one after the other, so a process that is killed may
leave half of one. A checkpoint counts once its list of files is written, which comes last.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from benchmarks.whole_file import replace_file

#: The list: file to size in bytes.
LIST = "whole.json"
_PREFIX = "checkpoint-"


def mark_whole(folder: Path) -> None:
    """Says that a checkpoint is whole.

    Args:
        folder: The checkpoint.
    """
    sizes = {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    replace_file(folder / LIST, json.dumps(sizes) + "\n", sync=True)


def step_of(folder: Path) -> int:
    """The step that a checkpoint was written after."""
    return int(folder.name.removeprefix(_PREFIX))


def last_whole(root: Path) -> Path | None:
    """The newest whole checkpoint; None where there is none.

    Args:
        root: The directory that checkpoints stand in; it need not be there.
    """
    return max(filter(_is_whole, _checkpoints(root)), key=step_of, default=None)


def discard_parts(root: Path) -> None:
    """Deletes what is no whole checkpoint.

    Args:
        root: As in :func:`last_whole`.
    """
    for folder in _checkpoints(root):
        if not _is_whole(folder):
            shutil.rmtree(folder)


def _checkpoints(root: Path) -> list[Path]:
    found = root.glob(f"{_PREFIX}*")
    return [path for path in found if path.name.removeprefix(_PREFIX).isdecimal()]


def _is_whole(folder: Path) -> bool:
    try:
        sizes = json.loads((folder / LIST).read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (FileNotFoundError, json.JSONDecodeError):
        return False

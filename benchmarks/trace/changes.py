"""Which files of a memory changed between two moments."""

from __future__ import annotations

from collections.abc import Sequence

from memory_fs import FileEntry


def changed_files(before: Sequence[FileEntry], after: Sequence[FileEntry]) -> dict[str, bool]:
    """Compares two indexes of the same memory.

    Args:
        before: The older index.
        after: The newer one.

    Returns:
        Names of the files that changed, and whether they are still there.
    """
    old = {entry.name: entry for entry in before}
    # The store makes a new entry at every change, so the same object means the same text.
    changed = {entry.name: True for entry in after if old.pop(entry.name, None) is not entry}
    return changed | dict.fromkeys(old, False)

"""Where Boxoban levels come from: the published files, or our own generator.

The published format is that of https://github.com/google-deepmind/boxoban-levels: text files in
which each level follows a line ``; NUMBER``, one character for a cell: ``#`` wall, a space for
floor, ``$`` box, ``.`` goal, ``@`` player.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

from automem_gym.games.minihack.boxoban_generator import SIZES, generate

GENERATED = "generated"
VARIABLE = "AUTOMEM_BOXOBAN_LEVELS"

LevelSource = Callable[[int], str]
"""Gives the level of a seed, as rows of equal length joined by newlines."""


def level_source(folder: str, levels: str | os.PathLike[str] | None = None) -> LevelSource:
    """Finds the levels of a task.

    Args:
        folder: The folder of the task's levels in the published directory, such as
            ``medium/train``. Its first part is the difficulty.
        levels: The directory: the published one, or one that itself holds level files. The word
            ``generated`` stands for levels of our own. By default, what the environment variable
            ``AUTOMEM_BOXOBAN_LEVELS`` says.

    Raises:
        FileNotFoundError: There are no level files, or no place was named.
    """
    levels = levels or os.environ.get(VARIABLE)
    if levels == GENERATED:
        return partial(generate, size=SIZES[folder.partition("/")[0]])
    advice = (
        "Get the published levels from https://github.com/google-deepmind/boxoban-levels and name "
        f"their directory by levels=... or by the environment variable {VARIABLE}; or play levels "
        f"that we generate, with levels={GENERATED!r}."
    )
    if levels is None:
        raise FileNotFoundError(f"Boxoban needs levels, and MiniHack brings none. {advice}")
    for directory in (Path(levels) / folder, Path(levels)):
        files = sorted(directory.glob("*.txt"))
        if files:
            return partial(_published_level, files)
    raise FileNotFoundError(
        f"There are no level files (*.txt) in {Path(levels) / folder} or in {levels}. {advice}"
    )


def read_levels(text: str) -> list[str]:
    """Reads the levels of a file in the published format."""
    levels: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith(";"):
            levels.append([])
        elif line.strip() and levels:
            levels[-1].append(line)
    return ["\n".join(rows) for rows in levels if rows]


def _published_level(files: list[Path], seed: int) -> str:
    # A file first, then a level in it: the published sets are too large to read at once.
    draw = random.Random(seed)
    levels = read_levels(draw.choice(files).read_text(encoding="ascii"))
    return draw.choice(levels)

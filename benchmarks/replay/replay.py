"""Puts the episodes of runs into a replay page."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from automem_gym.tileset import tileset_of
from benchmarks.replay.caption import caption
from benchmarks.replay.mark import Mark
from benchmarks.replay.page import Page
from benchmarks.replay.recording import Recording
from benchmarks.replay.run_names import run_names
from benchmarks.run_directory import RunDirectory
from benchmarks.trace import Trace, TraceError
from memory_fs import OPERATIONS


def write_replay(
    runs: Sequence[Path], out: Path, warn: Callable[[str], None] = lambda _: None
) -> int:
    """Writes the page.

    Args:
        runs: The run directories, in the order of the page's columns.
        out: The file.
        warn: Is told, in a line, what is wrong with an episode; it is shown as far as it goes.

    Returns:
        How many episodes are in it.

    Raises:
        RunError: A directory is no run.
        OSError: A file cannot be read, or the page not be written.
    """
    names = run_names(runs)
    found = [RunDirectory(run).results() for run in runs]  # before anything is written
    with Page(out, " · ".join(names)) as page:
        writer = _Writer(page, warn)
        for number, run in enumerate(runs):
            directory = RunDirectory(run)
            for episode, result in found[number]:
                path = directory.trace(episode)
                if path.exists():
                    writer.add({"run": number, **caption(episode, result)}, path)
        page.finish(
            {
                "runs": names,
                "episodes": writer.episodes,
                "instructions": list(writer.instructions),
                "tiles": writer.tiles,
                "marks": {str(mark.name).lower(): int(mark) for mark in Mark},
                "operations": {
                    name: {"fields": operation.fields, "writes": operation.mutates}
                    for name, operation in OPERATIONS.items()
                },
            }
        )
    return len(writer.episodes)


class _Writer:
    """Adds episodes to a page; what several share stands in it once.

    Attributes:
        episodes: What the page has to know of each.
        instructions: The texts with which games introduce themselves, and their numbers.
        tiles: The tiles by environment, where its game has them: for each character, its name and
            its picture as a data URI.
    """

    def __init__(self, page: Page, warn: Callable[[str], None]) -> None:
        self._page, self._warn = page, warn
        self.episodes: list[dict[str, Any]] = []
        self.instructions: dict[str, int] = {}
        self.tiles: dict[str, dict[str, tuple[str, str]]] = {}

    def add(self, told: dict[str, Any], path: Path) -> None:
        try:
            trace = Trace(path)
        except TraceError as error:
            self._warn(str(error))
            self.episodes.append({**told, "problem": str(error), "turns": 0})
            return
        recording = Recording(trace, self._page.store)
        written = recording.write()
        if recording.problem:
            self._warn(f"{path}: {recording.problem}")
        header = trace.header
        instructions = header["info"].get("instructions", "")
        scene = header.get("scene", {}).get("kind", "")
        if scene == "tiles" and told["env"] not in self.tiles:
            self.tiles[told["env"]] = _tiles(told["env"])
        self.episodes.append(
            {
                **told,
                **written,
                "problem": told["problem"] or recording.problem,
                "scene": scene,
                "instructions": self.instructions.setdefault(instructions, len(self.instructions)),
            }
        )


def _tiles(env_id: str) -> dict[str, tuple[str, str]]:
    return {
        character: (tile.name, f"data:image/png;base64,{base64.b64encode(tile.png).decode()}")
        for character, tile in tileset_of(env_id).items()
    }

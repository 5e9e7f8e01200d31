"""Writes an episode as an asciicast, the recording that terminal players and web pages show.

The format is version 2 of https://docs.asciinema.org/manual/asciicast/v2/: a header, then a line
``[seconds, "o", text]`` for each change of the screen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.terminal.frame import HEIGHT, WIDTH, Frames
from benchmarks.terminal.plain_text import PLAIN, plain
from benchmarks.trace import Trace

_CLEAR = "\x1b[?25l\x1b[2J"


def write_cast(trace: Trace, out: Path, speed: float) -> int:
    """Writes the file. Equal traces give equal bytes.

    Args:
        trace: The episode.
        out: The file.
        speed: Turns per second.

    Returns:
        How many turns are in it.

    Raises:
        OSError: The file cannot be written.
        TraceError: The trace is damaged before its last line; the turns before it are written.
    """
    frames = Frames(trace)
    episode = trace.header["episode"]
    title = plain(f"{episode['env_id']}, seed {episode['seed']}, {episode['agent']}")
    count = 0
    with out.open("w", encoding="utf-8") as file:
        header = {"version": 2, "width": WIDTH, "height": HEIGHT, "title": title}
        file.write(json.dumps(header) + "\n")
        shown = frames.first()
        file.write(_event(0, _CLEAR + "".join(_changes([], shown))))
        for turn in trace.turns():
            count += 1
            drawn = frames.draw(turn)
            changes = "".join(_changes(shown, drawn))
            if changes:
                file.write(_event(count / speed, changes))
            shown = drawn
    return count


def _event(seconds: float, text: str) -> str:
    return json.dumps([round(seconds, 3), "o", text], ensure_ascii=False) + "\n"


def _changes(shown: Sequence[str], drawn: Sequence[str]) -> Iterator[str]:
    """Goes to each line that differs, and writes it anew."""
    for row in range(max(len(shown), len(drawn))):
        old = shown[row] if row < len(shown) else ""
        new = drawn[row] if row < len(drawn) else ""
        if old != new:
            yield f"\x1b[{row + 1};1H{PLAIN}{new}\x1b[K"

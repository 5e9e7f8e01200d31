"""Where turns are shown: in place on a terminal, a line for each anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.live import Live
from rich.text import Text

from benchmarks.terminal.frame import Frames
from benchmarks.trace import Turn


class Screen(Protocol):
    """Shows turns."""

    def show(self, frames: Frames, turn: Turn) -> None:
        """Shows a turn in place of the one before."""

    def say(self, words: str) -> None:
        """Shows words."""


@contextmanager
def screen_on(console: Console) -> Iterator[Screen]:
    """A screen on a console."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    with Live(console=console, auto_refresh=False) as live:
        yield _Terminal(live)


class _Terminal:
    def __init__(self, live: Live) -> None:
        self._live = live

    def show(self, frames: Frames, turn: Turn) -> None:
        self.say("\n".join(frames.draw(turn)))

    def say(self, words: str) -> None:
        self._live.update(Text.from_ansi(words, no_wrap=True, overflow="crop"), refresh=True)


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console

    def show(self, frames: Frames, turn: Turn) -> None:
        self.say(frames.line(turn))

    def say(self, words: str) -> None:
        self._console.print(words, markup=False, highlight=False, soft_wrap=True)

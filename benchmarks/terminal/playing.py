"""Shows episodes on a terminal: while they are recorded, or afterwards."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console

from benchmarks.campaign import owed
from benchmarks.run_directory import RunDirectory, RunError
from benchmarks.terminal.choice import Choice
from benchmarks.terminal.frame import Frames
from benchmarks.terminal.screen import Screen, screen_on
from benchmarks.trace import Trace, Turn

#: Seconds between two looks for more, and between two drawings.
_PAUSE, _DRAW = 0.1, 0.05
#: Seconds without news after which it is looked whether another episode, or none, is played.
_QUIET = 1.0


def follow(run: Path, choice: Choice, console: Console) -> None:
    """Watches a run until all its episodes are finished; it need not have begun.

    A run that was stopped is waited for: it may go on. Ctrl-C ends the watching.

    Args:
        run: The run directory.
        choice: Which episode; the one that was written to last, where several fit.
        console: Where it is shown.
    """
    with screen_on(console) as screen:
        told = ""
        # By file and not by name: a run that goes on writes a trace anew under the same name. Once
        # the old file is gone, a new one may get its number.
        watched: tuple[Path, int] | None = None
        while True:
            path = choice.newest(run)
            try:
                found = None if path is None else (path, path.stat().st_ino)
                if found is None:
                    watched = None
                elif found != watched or not Trace(found[0]).finished:
                    watched = found
                    _watch(*found, run, choice, screen)
            except FileNotFoundError:  # it is being written anew just now
                continue
            if _ended(run):
                return
            if path is not None and choice.newest(run) != path:
                continue
            words = f"waiting for {run}: " + (
                "its next episode" if path else f"no episode yet ({choice})"
            )
            if words != told:
                screen.say(words)
                told = words
            time.sleep(_QUIET)


def _watch(path: Path, inode: int, run: Path, choice: Choice, screen: Screen) -> None:
    """Shows an episode until it ends, or another one is played in its place."""
    trace = Trace(path)
    frames = Frames(trace)
    latest: list[Turn] = []
    news = time.monotonic()

    def more() -> bool:
        # All that was recorded has been read: it is shown, and not what lies before it.
        if latest:
            screen.show(frames, latest.pop())
        time.sleep(_PAUSE)
        if time.monotonic() - news < _QUIET:
            return True
        # Where a trace is written anew, the old file would grow no more.
        return choice.newest(run) == path and path.stat().st_ino == inode and not _ended(run)

    for turn in trace.turns(more):
        latest[:] = [turn]
        news = time.monotonic()
    if latest:
        screen.show(frames, latest.pop())


def _ended(run: Path) -> bool:
    try:
        return not owed(RunDirectory(run))
    except RunError:  # there is no run yet
        return False


def play_back(path: Path, speed: float, console: Console) -> None:
    """Shows a recorded episode, turn by turn.

    Args:
        path: Its trace.
        speed: Turns per second.
        console: Where it is shown.

    Raises:
        TraceError: The trace is damaged; what lies before that is shown.
    """
    trace = Trace(path)
    frames = Frames(trace)
    with screen_on(console) as screen:
        due = drawn = time.monotonic()
        for turn in trace.turns():
            due += 1 / speed
            # At a high speed most turns are over before an eye could see them.
            if due - drawn >= _DRAW or turn.info.get("episode_end") is not None:
                screen.show(frames, turn)
                drawn = due
            time.sleep(max(0.0, due - time.monotonic()))

"""What an interrupted attempt at an episode has recorded, kept for the next one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from agents.backends.recorded import Asked
from benchmarks.episode import Episode
from benchmarks.trace import TRACE, Trace, TraceError

#: Name under which the trace of an earlier attempt is kept, beside the one that is written.
EARLIER = "earlier.jsonl"


def keep_earlier(episode: Episode, folder: Path) -> Trace | None:
    """Puts the trace of an earlier attempt aside, before the next attempt writes its own.

    Of two, the larger is kept: an attempt may end before it comes to where the one before it was.

    Args:
        episode: The episode that is to be played.
        folder: Its folder.

    Returns:
        The trace; None where none is of this episode.
    """
    kept, last = folder / EARLIER, folder / TRACE
    sizes = {path: path.stat().st_size for path in (kept, last) if _of(path, episode)}
    if not sizes:
        kept.unlink(missing_ok=True)
        return None
    if max(sizes, key=sizes.__getitem__) == last:
        last.replace(kept)
    return Trace(kept)


def forget_earlier(folder: Path) -> None:
    """Removes what is no longer needed, since the episode was played to its end."""
    (folder / EARLIER).unlink(missing_ok=True)


def asked_of(trace: Trace) -> Iterator[tuple[int, Asked]]:
    """What the models of a recorded episode were asked, with the turn of each call, in order.

    It stops where the trace is damaged: what comes after that cannot be told.
    """
    try:
        last = 0
        for turn in trace.turns():
            last = turn.turn
            for asked in turn.asked:
                yield last, asked
        for asked in trace.unfinished:
            yield last + 1, asked
    except TraceError:
        return


def _of(path: Path, episode: Episode) -> bool:
    try:
        return bool(Trace(path).header.get("digest") == episode.digest)
    except (FileNotFoundError, TraceError):
        return False

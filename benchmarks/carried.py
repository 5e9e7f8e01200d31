"""The memory with which one episode ends and the next one begins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.episode import Episode
from benchmarks.trace import TRACE, MemoryReplay, Trace, TraceError


def carried_files(root: Path, episode: Episode) -> dict[str, str] | None:
    """The files that an episode begins with; None where it begins with its own.

    Args:
        root: The run directory, in which the episode before it has been recorded.
        episode: The episode.

    Raises:
        TraceError: The recording of the episode before it is not there, or is another one.
    """
    if episode.after is None:
        return None
    seed, digest = episode.after
    path = root / replace(episode, seed=seed).folder / TRACE
    try:
        trace = Trace(path)
    except FileNotFoundError:
        raise TraceError(f"{path} is missing, with whose memory {episode.name} begins") from None
    if trace.header["digest"] != digest or not trace.finished:
        raise TraceError(
            f"{path} is not the recording of the episode with whose memory {episode.name} begins"
        )
    with MemoryReplay(trace.header) as memory:
        for turn in trace.turns():
            memory.apply(turn)
        return dict(memory.files)

"""A stretch of a recorded episode as a game: a scaffold can be tried on what really came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from automem_gym.game import EpisodeEnd, Frame, Sight
from benchmarks.trace import Trace

#: Frames of a stretch.
LENGTH = 8


class RecordedGame:
    """Shows frames one after the other, whatever is done.

    Args:
        info: The first ``info`` of the episode: actions, instructions.
        frames: What it shows; the last one is the end.
    """

    def __init__(self, info: Mapping[str, Any], frames: Sequence[Frame]) -> None:
        self.actions: Sequence[str] = tuple(info["actions"])
        self.default_action: str = info["default_action"]
        self.instructions: str = info["instructions"]
        self.progression = 0.0
        self._frames = frames
        self._at = 0

    def reset(self, seed: int) -> Frame:
        """Begins with the first frame."""
        self._at = 0
        return self._frames[0]

    def step(self, action: str) -> Frame:
        """Shows the next frame."""
        self._at = min(self._at + 1, len(self._frames) - 1)
        return self._frames[self._at]

    def render(self, mode: str) -> Any:
        """Nobody looks."""
        raise NotImplementedError

    def close(self) -> None:
        """Nothing to free."""


def stretches(trace: Trace, count: int) -> Iterator[tuple[str, RecordedGame]]:
    """Stretches of a recorded episode: its beginning, its end, and others between them.

    Args:
        trace: The recording.
        count: How many at most.

    Yields:
        Where each begins (``step 120``), and the stretch.
    """
    frames = list(_frames(trace))
    info = trace.header["info"]
    last = max(0, len(frames) - LENGTH)
    for start in sorted({round(last * at / max(1, count - 1)) for at in range(count)}):
        window = frames[start : start + LENGTH]
        if len(window) > 1:
            window[-1].end = window[-1].end or EpisodeEnd.STEP_LIMIT
            yield f"step {start}", RecordedGame(info, window)


def _frames(trace: Trace) -> Iterator[Frame]:
    header = trace.header
    yield _frame(header["texts"], header["info"])
    for turn in trace.turns():
        if turn.info.get("executed_action") is not None:
            yield _frame(turn.observation, turn.info)


def _frame(texts: Mapping[str, str], info: Mapping[str, Any]) -> Frame:
    sights = info.get("surroundings")
    return Frame(
        texts["observation"],
        texts.get("status", ""),
        surroundings=None
        if sights is None
        else {way: Sight(*sight) for way, sight in sights.items()},
    )

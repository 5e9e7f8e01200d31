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


def stretches(
    trace: Trace, count: int, surroundings: Mapping[str, Sight] | None
) -> Iterator[tuple[str, RecordedGame]]:
    """Stretches of a recorded episode: its beginning, its end, and others between them.

    Args:
        trace: The recording.
        count: How many at most.
        surroundings: What the game tells of the surroundings, which are not recorded; None where it
            tells nothing. Every other frame has nothing around.

    Yields:
        Where each begins (``step 120``), and the stretch.
    """
    frames = list(_frames(trace))
    if surroundings is not None:
        for at, frame in enumerate(frames):
            frame.surroundings = {} if at % 2 else surroundings
    info = trace.header["info"]
    last = max(0, len(frames) - LENGTH)
    for start in sorted({round(last * at / max(1, count - 1)) for at in range(count)}):
        window = frames[start : start + LENGTH]
        if len(window) > 1:
            window[-1].end = window[-1].end or EpisodeEnd.STEP_LIMIT
            yield f"step {start}", RecordedGame(info, window)


def _frames(trace: Trace) -> Iterator[Frame]:
    header = trace.header
    yield _frame(header["texts"])
    for turn in trace.turns():
        if turn.info.get("executed_action") is not None:
            yield _frame(turn.observation)


def _frame(texts: Mapping[str, str]) -> Frame:
    return Frame(texts["observation"], texts.get("status", ""))

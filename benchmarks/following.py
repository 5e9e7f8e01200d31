"""Follows the recording of an interrupted attempt while the same episode is played again.

The agent decides anew, with the recorded answers of its models; the game is played anew. Both must
come to what was recorded. So an interrupted episode goes on where it stopped, without a model being
asked for anything twice, and what is recorded in the end is what would have been without the
interruption.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from benchmarks.trace import Trace, TraceError, Turn

#: Entries of ``info`` that are compared, beside the observation and the reward.
_FACTS = ("game_step", "progression", "executed_action", "episode_end")
#: Characters of a line that a message shows.
_SHOWN = 120


class EpisodeChangedError(ValueError):
    """The game does not go as it was recorded."""


class Following:
    """Compares an episode with an earlier recording, as far as that goes.

    Args:
        trace: The recording; None where there is none.

    Attributes:
        turns: Turns that were as recorded.
        game_steps: Game steps of those.
        left: Why the recording was left before its end; empty where it was not.
    """

    def __init__(self, trace: Trace | None) -> None:
        self._trace = trace
        self._turns: Iterator[Turn] = iter(()) if trace is None else trace.turns()
        self._next: Turn | None = None
        self.turns = self.game_steps = 0
        self.left = ""

    @property
    def goes_on(self) -> bool:
        """Whether the next turn has been recorded."""
        return self._next is not None

    def begin(self, observation: Mapping[str, str]) -> None:
        """Compares the start of the episode.

        Raises:
            EpisodeChangedError: It is another one than was recorded.
            TraceError: The recording is damaged.
        """
        if self._trace is not None:
            self._check("at the start", self._trace.header["texts"], observation)
            self._read()

    def decide(self, action: str) -> str:
        """Compares what the agent does next; an agent may decide anew, and then goes its own way.

        Returns:
            Why the recording is left here; empty where it is not.
        """
        if self._next is not None and action != self._next.action:
            turn = self._next.turn
            self.left = f"turn {turn}: it was {_quoted(self._next.action)}, is {_quoted(action)}"
            self._next = None
            return self.left
        return ""

    def compare(
        self, observation: Mapping[str, str], reward: float, info: Mapping[str, Any]
    ) -> None:
        """Compares what the game answered, and looks at what was recorded next.

        Raises:
            EpisodeChangedError: It is not what was recorded.
            TraceError: The recording is damaged.
        """
        turn = self._next
        if turn is None:
            return
        where = f"in turn {turn.turn}"
        self._check(where, turn.observation, observation)
        then = {"reward": turn.reward, **{name: turn.info.get(name) for name in _FACTS}}
        now = {"reward": reward, **{name: info.get(name) for name in _FACTS}}
        for name, value in then.items():
            if value != now[name]:
                raise self._changed(f"{where}, {name} was {value!r} and is {now[name]!r}")
        self.turns = turn.turn
        self.game_steps = info.get("game_step", turn.turn)
        self._read()

    def _read(self) -> None:
        assert self._trace is not None
        try:
            self._next = next(self._turns, None)
        except TraceError as error:
            raise TraceError(
                f"{error}. It is the recording of an interrupted attempt: restore it, or remove it "
                "to play the episode from its start"
            ) from error

    def _check(self, where: str, then: Mapping[str, str], now: Mapping[str, str]) -> None:
        for name in {**then, **now}:
            old, new = then.get(name, ""), now.get(name, "")
            if old == new:
                continue
            for number, (was, reads) in enumerate(zip_longest(old.split("\n"), new.split("\n")), 1):
                if was != reads:
                    raise self._changed(
                        f"{where}, line {number} of {name} was {_quoted(was)} and is "
                        f"{_quoted(reads)}"
                    )

    def _changed(self, difference: str) -> EpisodeChangedError:
        assert self._trace is not None
        return EpisodeChangedError(
            f"the game does not go as it was recorded in {self._trace.path}: {difference}. Go on "
            "with the code that recorded it (run.toml tells which), or remove that file to play "
            "the episode from its start"
        )


def _quoted(line: str | None) -> str:
    if line is None:
        return "not there"
    return repr(line if len(line) <= _SHOWN else f"{line[:_SHOWN]}...")

"""Makes what a run needs once, so that a mistyped setting is told before anything starts."""

from __future__ import annotations

from collections.abc import Sequence

import gymnasium

from agents import load_agent
from benchmarks.environments import make
from benchmarks.episode import Episode

#: What a wrong setting raises. Anything else is a fault in somebody's code: it keeps its traceback.
_MISTAKES = (gymnasium.error.Error, ValueError, TypeError, ImportError, OSError)


class RehearsalError(ValueError):
    """An agent or an environment that cannot be made; the message is one line."""


def rehearse(episodes: Sequence[Episode]) -> None:
    """Makes the agent of some episodes, and each of their environments.

    Args:
        episodes: The episodes of one run, which share the agent and its arguments.

    Raises:
        RehearsalError: One of them cannot be made.
    """
    try:
        load_agent(episodes[0].agent, **episodes[0].agent_args)
    except _MISTAKES as error:
        raise RehearsalError(f"--agent {episodes[0].agent}: {_line(error)}") from error
    for episode in {episode.env_id: episode for episode in episodes}.values():
        try:
            make(episode).close()  # type: ignore[no-untyped-call]
        except _MISTAKES as error:
            raise RehearsalError(f"--env {episode.env_id}: {_line(error)}") from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__

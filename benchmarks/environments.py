"""Makes the environments that episodes are played in."""

from __future__ import annotations

from typing import Any

import gymnasium
from gymnasium.spaces import Dict

import automem_gym  # noqa: F401  (registers the ids)
from benchmarks.episode import Episode


def make(episode: Episode) -> gymnasium.Env[Any, Any]:
    """Makes the environment of an episode.

    Raises:
        TypeError: It does not give the texts that agents read.
        Exception: Whatever ``gymnasium.make`` raises.
    """
    # The checker would look at the spaces of every environment anew; tests have done so.
    env = gymnasium.make(episode.env_id, disable_env_checker=True, **episode.make_args)
    space = env.observation_space
    if not isinstance(space, Dict) or "observation" not in space.spaces:
        env.close()  # type: ignore[no-untyped-call]
        raise TypeError(
            f"its observations are {space}, not the texts that agents read; wrap it in "
            "automem_gym.wrappers.MemoryWrapper, and register what that gives"
        )
    return env

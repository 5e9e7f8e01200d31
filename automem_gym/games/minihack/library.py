"""The MiniHack library: which tasks it registers, and making one of its environments."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from typing import Any

import gymnasium
import numpy as np
from gymnasium.envs.registration import load_env_creator

from automem_gym.games.minihack.tasks import OPTIONS, Task, task_name
from automem_gym.games.nethack.actions import KEYS
from automem_gym.games.nethack.character import check_character
from memory_fs.suggestion import unknown_name

with warnings.catch_warnings():
    # MiniHack imports pkg_resources, which warns on every import that it is deprecated.
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
    from minihack import MiniHack
    from minihack import MiniHackNavigation as MiniHackNavigation
    from minihack.envs.boxohack import MOVE_ACTIONS as MOVE_ACTIONS
    from minihack.envs.boxohack import BoxoHack as BoxoHack
    from minihack.envs.minigrid import MiniGridHack

# Arguments of MiniHack's environments that are not the caller's to choose.
_RESERVED = {
    "actions": "the task decides which actions there are",
    "fix_moon_phase": "an episode is the same on every day",
    "max_episode_steps": "the step limit is the environment's, not the game's",
    "observation_keys": "the text is made of fixed arrays",
    "render_mode": "render() takes the mode as its argument",
    "savedir": "MiniHack's own recordings are off",
    "save_ttyrec_every": "MiniHack's own recordings are off",
    "seeds": "the seed given to reset() decides the level",
}
_PENALTY_MODES = ("constant", "exp", "square", "linear", "always")

# Arrays whose last values rewards may look at.
_COMPARED = frozenset({"blstats", "chars", "glyphs", "message"})


def registered() -> dict[str, str]:
    """The tasks that MiniHack registers: short name to environment id."""
    return {
        task_name(id): id
        for id in gymnasium.registry
        if id.startswith("MiniHack-") and "-Custom-" not in id
    }


def arguments(task: Task, options: Mapping[str, Any]) -> dict[str, Any]:
    """Puts together the arguments of a task's environment.

    Args:
        task: The task.
        options: What the caller wants to be different, such as ``autopickup=False``.

    Raises:
        TypeError: One of them is not the caller's to choose.
        ValueError: One of them has no meaning.
    """
    for name in options:
        if name in _RESERVED:
            raise TypeError(f"A MiniHack game does not take {name!r}: {_RESERVED[name]}.")
    # MiniHack itself notices a wrong mode in the first step, and a wrong character never.
    if options.get("penalty_mode", "constant") not in _PENALTY_MODES:
        raise unknown_name("penalty_mode", options["penalty_mode"], _PENALTY_MODES)
    for name in ("penalty_step", "penalty_time"):
        if not isinstance(options.get(name, 0.0), int | float):
            raise ValueError(f"{name} is a number, not {options[name]!r}")
    check_character(options.get("character", "@"))
    chosen = {
        **OPTIONS,
        **options,
        # The arrays that MiniHack returns are not used; its own choice has crops, which are slow.
        "observation_keys": ("message",),
        "max_episode_steps": sys.maxsize,
        # Otherwise the moon of the day on which it is played changes luck and the greeting.
        "fix_moon_phase": True,
    }
    if task.actions is not None:
        chosen["actions"] = tuple(KEYS[name] for name in task.actions)
    return chosen


def make(task: Task, options: Mapping[str, Any]) -> Any:
    """Makes MiniHack's environment of a task, without Gymnasium's wrappers.

    Raises:
        TypeError: The environment does not take one of the options.
        ValueError: The task's levels cannot be seeded.
    """
    spec = gymnasium.spec(registered()[task.library_name])
    assert spec.entry_point is not None
    creator: Any = (
        load_env_creator(spec.entry_point)
        if isinstance(spec.entry_point, str)
        else spec.entry_point
    )
    if isinstance(creator, type) and issubclass(creator, MiniGridHack):
        raise ValueError(
            f"{spec.id} draws its levels with the package minigrid, out of reach of the seed: "
            "it cannot be played here."
        )
    return construct(creator, {**spec.kwargs, **arguments(task, options)}, options)


def construct(creator: Any, chosen: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    """Makes an environment of a MiniHack class.

    Args:
        creator: The class.
        chosen: All arguments.
        options: Those that the caller chose; an error is told in these terms.

    Raises:
        TypeError: The class does not take one of the options.
    """
    try:
        env = creator(**chosen)
    except TypeError as error:
        if "unexpected keyword" not in str(error) or not options:
            raise
        raise TypeError(
            f"MiniHack does not take all of these options: {', '.join(sorted(options))} ({error})."
        ) from error
    _lighten(env)
    return env


class _Uncopied(np.ndarray[Any, np.dtype[Any]]):
    """A view whose copy is itself."""

    def copy(self, order: Any = "C") -> _Uncopied:
        """Gives the view itself."""
        return self


def _lighten(env: Any) -> None:
    """Spares an environment work whose results nobody reads: a third of the time of its steps.

    MiniHack copies all arrays twice in every step, although rewards compare only few of them with
    what they were; and it writes a description of every cell, 130 kB, which only some rewards read.
    """
    process = env.nethack
    arrays = process._obs_buffers
    if env.reward_manager is None and type(env).step is MiniHack.step:
        process._pynethack.set_buffers(
            **{name: array for name, array in arrays.items() if name != "screen_descriptions"}
        )
    process._obs = tuple(
        array if name in _COMPARED else array.view(_Uncopied) for name, array in arrays.items()
    )

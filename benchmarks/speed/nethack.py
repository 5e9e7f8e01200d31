"""NetHack and MiniHack against the raw environments of nle and minihack."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import gymnasium
from nle.env.tasks import NetHackChallenge
from nle.nethack import Nethack

from automem_gym.games.minihack import library
from automem_gym.games.minihack.tasks import find_task
from automem_gym.games.nethack.actions import KEYS
from automem_gym.games.nethack.engine import RETURN, Engine
from automem_gym.games.nethack.game import ARRAYS
from benchmarks.speed.engines import make_ours
from benchmarks.speed.rounds import compare
from benchmarks.speed.subject import Measurement

#: What nle asks its process for in any case, and warns of where it is told to.
_ALWAYS = ("program_state", "internal")
#: What is played: walking about, as menus would make the two differ in what a step is.
_WALK = (
    *("north", "east", "south", "west", "northeast", "southeast", "southwest", "northwest"),
    "search",
)
_STEPS = 300


def make_raw() -> Any:
    """The raw NetHackChallenge with the same arrays."""
    arrays = tuple(name for name in ARRAYS if name not in _ALWAYS)
    return NetHackChallenge(savedir=None, character="@", observation_keys=arrays)


def make_raw_minihack(task: str) -> Any:
    """The raw MiniHack environment of a task, asked for the same arrays, and so for no crops."""
    found = find_task(task, library.registered())
    assert found is not None
    asked = library.arguments(found, {"character": "@"})
    return gymnasium.make(
        f"MiniHack-{task}-v0",
        disable_env_checker=True,
        **{name: asked[name] for name in ("character", "observation_keys")},
    ).unwrapped


def steps(seconds: float) -> Measurement:
    """Steps per second: ours by the raw NetHackChallenge, random walks on the same seeds."""
    return _compare(make_ours("nethack"), make_raw(), _WALK, seconds)


def minihack_steps(seconds: float, task: str) -> Measurement:
    """Steps per second: ours by the raw MiniHack task, random walks on the same seeds."""
    env = gymnasium.make(f"AutoMem-MiniHack-{task}-v0", disable_env_checker=True)
    walk = tuple(name for name in _WALK if name in env.unwrapped.actions)  # type: ignore[attr-defined]
    return _compare(env, make_raw_minihack(task), walk, seconds)


def _compare(env: Any, raw: Any, names: tuple[str, ...], seconds: float) -> Measurement:
    keys = [int(key) for key in raw.actions]
    more = keys.index(RETURN) if RETURN in keys else 0
    indices = [keys.index(KEYS[name]) for name in names]
    screen = Engine(raw.nethack, lambda _: None)  # reads it, and types nothing

    def reset_raw(seed: int) -> None:
        # NetHackChallenge puts a refusal in the place of the method.
        Nethack.set_initial_seeds(raw.nethack, seed, seed, False)
        raw.reset()

    def step_raw(index: int) -> Any:
        """A step, and the pages that it led to: on them, no other key would do anything."""
        done = raw.step(index)
        while screen.waits and not done[2]:
            done = raw.step(more)
        return done

    def walk(
        number: int, reset: Callable[[int], Any], step: Callable[[Any], Any], actions: Any
    ) -> tuple[int, float]:
        chosen = random.Random(number).choices(actions, k=_STEPS)
        reset(number)
        spent, episodes, start = 0.0, 1, time.perf_counter()
        for action in chosen:
            _, _, over, cut, _ = step(action)
            if over or cut:  # resets are not steps
                spent += time.perf_counter() - start
                reset(number + 1000 * episodes)
                episodes, start = episodes + 1, time.perf_counter()
        return _STEPS, spent + time.perf_counter() - start

    measured = compare(
        lambda number: walk(number, lambda seed: env.reset(seed=seed), env.step, names),
        lambda number: walk(number, reset_raw, step_raw, indices),
        seconds,
    )
    env.close()
    raw.close()
    return measured

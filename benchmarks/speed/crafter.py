"""Crafter against the stock ``crafter.Env``."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import crafter
import numpy as np

from automem_gym.games.crafter.draws import Draws
from automem_gym.games.crafter.game import WORDS_PER_NIGHT_STEP
from benchmarks.speed.engines import make_ours
from benchmarks.speed.rounds import compare
from benchmarks.speed.subject import Measurement

#: Steps from the reset on that are certainly by day: night falls at step 148.
_DAY_STEPS = 120
#: What BALROG renders, and how often per step.
_PICTURE, _PICTURES = (256, 256), 2
#: How many steps' draws a round makes.
_NIGHTS = 100


def make_stock(seed: int, pictures: bool = False) -> Any:
    """A stock environment; without pictures, its rendering does nothing."""
    env = crafter.Env(seed=seed, size=_PICTURE)
    if not pictures:
        env.render = lambda size=None: None
    return env


def _choices(seed: int, count: int) -> list[int]:
    """Indices of random actions; both engines list their actions in the same order."""
    return random.Random(seed).choices(range(len(crafter.constants.actions)), k=count)


def steps_by_day(seconds: float) -> Measurement:
    """Steps per second by day: ours by stock without rendering, same seeds and actions."""
    env = make_ours("crafter")
    names = env.unwrapped.actions

    def play(
        number: int, step: Callable[[Any], tuple[Any, ...]], actions: Any
    ) -> tuple[int, float]:
        chosen = [actions[index] for index in _choices(number, _DAY_STEPS)]
        steps = 0
        start = time.perf_counter()
        for action in chosen:
            steps += 1
            if step(action)[2]:
                break
        return steps, time.perf_counter() - start

    def ours(number: int) -> tuple[int, float]:
        env.reset(seed=number)
        return play(number, env.step, names)

    def stock(number: int) -> tuple[int, float]:
        raw = make_stock(number)
        raw.reset()
        return play(number, raw.step, range(len(names)))

    return compare(ours, stock, seconds)


def reset_time(seconds: float) -> Measurement:
    """Time of a reset: ours by stock without rendering, same seeds."""
    env = make_ours("crafter")

    def ours(number: int) -> tuple[int, float]:
        start = time.perf_counter()
        env.reset(seed=number)
        return 1, time.perf_counter() - start

    def stock(number: int) -> tuple[int, float]:
        raw = make_stock(number)
        start = time.perf_counter()
        raw.reset()
        return 1, time.perf_counter() - start

    rates = compare(ours, stock, seconds)
    return Measurement(1 / rates.value, rates.details)


def whole_episodes(seconds: float) -> Measurement:
    """Steps per second of whole episodes with their resets: ours by stock with BALROG's pictures.

    Both play the same number of random actions on the same seed, until the player dies; nights are
    part of it.
    """
    env = make_ours("crafter")
    names = env.unwrapped.actions

    def ours(number: int) -> tuple[int, float]:
        actions = [names[index] for index in _choices(number, 10_000)]
        start = time.perf_counter()
        env.reset(seed=number)
        over = cut = False
        steps = 0
        while not (over or cut):
            _, _, over, cut, _ = env.step(actions[steps])
            steps += 1
        return steps, time.perf_counter() - start

    def stock(number: int) -> tuple[int, float]:
        raw = make_stock(number, pictures=True)
        actions = _choices(number, 10_000)
        start = time.perf_counter()
        raw.reset()
        raw.step(0)  # BALROG plays a Noop at the reset
        done = False
        steps = 0
        while not done:
            _, _, done, _ = raw.step(actions[steps])
            for _ in range(_PICTURES - 1):
                raw.render()
            steps += 1
        return steps, time.perf_counter() - start

    return compare(ours, stock, seconds)


def night_draws(seconds: float) -> Measurement:
    """Night steps' worth of draws per second: skipped as ours are, by drawn as stock draws them."""
    draws, stock = Draws(1), np.random.RandomState(1)
    picture = (WORDS_PER_NIGHT_STEP // (2 * _PICTURES),)  # a number takes two words

    def skipped(number: int) -> tuple[int, float]:
        start = time.perf_counter()
        for _ in range(_NIGHTS):
            draws.skip(WORDS_PER_NIGHT_STEP)
        return _NIGHTS, time.perf_counter() - start

    def drawn(number: int) -> tuple[int, float]:
        start = time.perf_counter()
        for _ in range(_NIGHTS * _PICTURES):
            stock.uniform(-1, 1, picture)
        return _NIGHTS, time.perf_counter() - start

    return compare(skipped, drawn, seconds)

"""What a memory command adds to a turn, in an environment whose game costs nothing."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

from automem_gym import AutoMemEnv, Frame, MemoryConfig
from benchmarks.speed.subject import Measurement

_LINES = "".join(f"key {n}: this is line {n} of the notes\n" for n in range(20))
_COMMANDS = {
    "SEARCH": "<|SEARCH|>notes.md|line 7<|END|>",
    "READ": "<|READ|>notes.md<|END|>",
    "TAIL": "<|TAIL|>notes.md|5<|END|>",
    "APPEND": "<|APPEND|>notes.md|one more line of the same length<|END|>",
    "WRITE": f"<|WRITE|>notes.md|{_LINES}<|END|>",
    "UPSERT": "<|UPSERT|>notes.md|key 7|this is line 7, written anew<|END|>",
}
_ACTION = "<|ACTION|>wait<|END|>"
#: Turns of each kind between two resets, so that the store stays small.
_TURNS = 25


class _StillGame:
    """A game in which nothing happens."""

    actions = ("wait",)
    default_action = "wait"
    instructions = ""
    progression = 0.0

    def reset(self, seed: int) -> Frame:
        return Frame("nothing")

    def step(self, action: str) -> Frame:
        return Frame("nothing")

    def render(self, mode: str) -> Any:
        return "nothing"

    def close(self) -> None:
        pass


def command_cost(seconds: float) -> Measurement:
    """Microseconds that the dearest command adds to a turn; the details have each.

    Turns with and without the command alternate; the medians of both are compared.
    """
    env = AutoMemEnv(_StillGame, memory=MemoryConfig(files={"notes.md": _LINES}))
    costs = {
        f"{name}_us": _cost(env, command, seconds / len(_COMMANDS))
        for name, command in _COMMANDS.items()
    }
    env.close()
    return Measurement(max(costs.values()), costs)


def _cost(env: AutoMemEnv, command: str, seconds: float) -> float:
    plain: list[float] = []
    more: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or not plain:
        env.reset(seed=0)
        for _ in range(_TURNS):
            start = time.perf_counter()
            env.step(_ACTION)
            middle = time.perf_counter()
            env.step(command + _ACTION)
            more.append(time.perf_counter() - middle)
            plain.append(middle - start)
    return 1e6 * (median(more) - median(plain))

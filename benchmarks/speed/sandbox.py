"""What a call of a hook costs that runs in the sandbox."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Sequence
from statistics import median
from typing import Any

from agents import as_decision, begin
from agents.memory_agent import MemoryAgent
from agents.model import Completion, Message
from agents.scaffold import Scaffold
from agents.scaffold.hooks import Hooks
from agents.scaffold.hooks.module import HookModule
from agents.scaffold.hooks.runner import HookRunner
from agents.scaffold.hooks.sandboxed import SandboxedHooks
from benchmarks.speed.engines import make_ours
from benchmarks.speed.subject import Measurement

#: A hook as models write them: patterns, a table, a look at the observation.
_HOOKS = """
import json
import re
from collections import Counter

WAYS = re.compile(r"\\b(north|south|east|west)\\b")
TRIED = {"search": 5, "kick": 3}

def _count(text):
    return Counter(WAYS.findall(text))

def check_action(action, context):
    if action in TRIED and context["stuck"] > TRIED[action]:
        return f"{action} has been tried {context['stuck']} times"
    ways = _count(context["observation"])
    if ways and not context["actions"]:
        return json.dumps(ways)
    return None
"""
#: Characters of the observation and the list of files together, as deep in an episode.
_TEXT_CHARS = 10_000
_STEPS = 3
#: Between two calls a game makes a step, or a model writes; that takes longer.
_PAUSE = 0.005
_STARTS = 5


class _Silent:
    """A model that says nothing."""

    name = "silent"

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        return Completion("")

    def close(self) -> None:
        pass


class _Keeper:
    """Hooks that keep the variables that they are given."""

    def __init__(self) -> None:
        self.context: dict[str, Any] = {}

    def begin_episode(self) -> None:
        pass

    def defined(self) -> tuple[str, ...]:
        return ("notices",)

    def table(self) -> Any:
        return {}

    def call(self, name: str, arguments: list[Any]) -> Any:
        self.context = arguments[0]
        return []


class _Agent(MemoryAgent):
    """An agent whose hooks keep what they are given."""

    def __init__(self, keeper: _Keeper) -> None:
        super().__init__({"agent": _Silent()})
        self._keeper = keeper

    def scaffold(self, game: str) -> Scaffold:
        return dataclasses.replace(super().scaffold(game), hooks=Hooks(self._keeper))


def call_cost(seconds: float, game: str) -> Measurement:
    """Microseconds that the sandbox adds to a call, with the variables of a real prompt.

    Args:
        seconds: Time to spend.
        game: Name of the game whose prompts are taken.

    Returns:
        The median of calls as an agent makes them, which something else comes between, less that
        of calls in this process. The details have both, calls in the sandbox at once after each
        other, and the time from nothing to the first answer.
    """
    context = _context(game)
    arguments = ["north", context]
    starts = [_start_time(arguments) for _ in range(_STARTS)]
    hooks = SandboxedHooks(_HOOKS, "hooks.py")
    hooks.call("check_action", arguments)
    here = HookModule(_HOOKS, "hooks.py")
    apart: list[float] = []
    together: list[float] = []
    in_process: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or not apart:
        ways: tuple[tuple[HookRunner, list[float], float], ...] = (
            (hooks, apart, _PAUSE),
            (hooks, together, 0.0),
            (here, in_process, _PAUSE),
        )
        for runner, times, pause in ways:
            for _ in range(20):
                time.sleep(pause)
                start = time.perf_counter()
                runner.call("check_action", arguments)
                times.append(time.perf_counter() - start)
    hooks.close()
    return Measurement(
        1e6 * (median(apart) - median(in_process)),
        {
            "sandbox_us": 1e6 * median(apart),
            "in_process_us": 1e6 * median(in_process),
            "at_once_us": 1e6 * median(together),
            "start_ms": 1e3 * median(starts),
            "bytes": len(json.dumps(arguments)),
            "calls": len(apart),
        },
    )


def _start_time(arguments: list[Any]) -> float:
    start = time.perf_counter()
    hooks = SandboxedHooks(_HOOKS, "hooks.py")
    hooks.call("check_action", arguments)
    took = time.perf_counter() - start
    hooks.close()
    return took


def _context(game: str) -> dict[str, Any]:
    """The variables of a prompt some steps into an episode, with texts of the usual length."""
    env, keeper = make_ours(game), _Keeper()
    agent = _Agent(keeper)
    try:
        observation, info = begin(env, agent, 1, 0)
        while info["game_step"] < _STEPS:
            decision = as_decision(agent.act(observation, info))
            observation, _, over, cut, info = env.step(decision.action)
            if over or cut:
                break
    finally:
        env.close()
    context = json.loads(json.dumps(keeper.context))
    missing = _TEXT_CHARS - len(context["observation"]) - len(context["files"])
    text = context["observation"] or " "
    more = text * (1 + max(0, missing) // len(text))
    context["observation"] += more[: max(0, missing)]
    return dict(context)

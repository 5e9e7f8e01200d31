"""A short game in which every prompt of a scaffold is rendered and every hook is called."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import gymnasium

from agents.agent import begin
from agents.memory_agent import PairAgent
from agents.scaffold.error import ScaffoldError, ScaffoldHookError
from agents.scaffold.hooks import Hooks
from agents.scaffold.hooks.runner import HookRunner, check_returned
from agents.scaffold.prompts.prompts import Prompts
from agents.scaffold.prompts.variables import OF_ROUTINE
from agents.scaffold.scaffold import Scaffold
from agents.trial.prober import Prober

#: Game steps that are played.
STEPS = 6


@dataclass(frozen=True)
class Rendered:
    """A prompt as it was rendered.

    Attributes:
        name: Its name.
        routine: ``log`` or ``plan``.
        text: What came out; empty where it could not be rendered.
        played: Whether it came up in the game; else it was rendered with variables of the game.
    """

    name: str
    routine: str
    text: str
    played: bool = True


@dataclass
class Trial:
    """What a short game has shown.

    Attributes:
        rendered: The prompts, in the order in which they were rendered.
        problems: What failed, in prompts and hooks.
        steps: Game steps that were played.
    """

    rendered: list[Rendered] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    steps: int = 0

    def blame(self, problem: str) -> None:
        """Adds a problem, once."""
        if problem not in self.problems:
            self.problems.append(problem)


def try_scaffold(scaffold: Scaffold, env: gymnasium.Env[Any, Any], seed: int) -> Trial:
    """Plays a short game with a model that takes every way through the routines.

    Args:
        scaffold: The scaffold.
        env: An environment with a memory, of a game that it is made for.
        seed: Seed of the episode and of the actions.
    """
    trial = Trial()
    probers = {role: Prober(role, scaffold, seed) for role in PairAgent.roles}
    seen: dict[str, Mapping[str, Any]] = {}

    def see(values: Mapping[str, Any]) -> None:
        if "game_step" in values:
            seen[values["routine"]] = values
            for prober in probers.values():
                prober.see(values)

    watched = _watched(scaffold, trial, see)
    agent = _TrialAgent(probers, watched)
    observation, info = begin(env, agent, seed, seed)
    while trial.steps < STEPS and info["episode_end"] is None:
        observation, _, _, _, info = env.step(agent.act(observation, info).action)
        trial.steps = info["game_step"]
    _render_others(watched, trial, seen)
    return trial


def _render_others(scaffold: Scaffold, trial: Trial, seen: Mapping[str, Mapping[str, Any]]) -> None:
    """Renders what has not come up: with limits of its own, a scaffold may not need all prompts."""
    done = {(rendered.name, rendered.routine) for rendered in trial.rendered}
    for routine, values in seen.items():
        for name in OF_ROUTINE[routine]:
            if (name, routine) not in done:
                text = scaffold.prompt(name, {**values, "reason": "not possible here"})
                trial.rendered[-1] = Rendered(name, routine, text, played=False)


class _TrialAgent(PairAgent):
    """The agent with a scaffold that is at hand."""

    def __init__(self, models: Mapping[str, Prober], scaffold: Scaffold) -> None:
        super().__init__(models)
        self._given = scaffold

    def scaffold(self, game: str) -> Scaffold:
        return self._given


def _watched(
    scaffold: Scaffold, trial: Trial, see: Callable[[Mapping[str, Any]], None]
) -> Scaffold:
    """A scaffold whose prompts and hooks are watched."""
    runner = scaffold.hooks.runner
    hooks = Hooks(_Runner(runner, trial), scaffold.hooks.checked) if runner else scaffold.hooks
    return dataclasses.replace(
        scaffold,
        prompts=_Prompts(scaffold.prompts, trial, see),
        hooks=hooks,
        memory=dataclasses.replace(scaffold.memory, operations=hooks.operations),
    )


class _Prompts(Prompts):
    """Prompts that are kept; one that fails is told, and the game goes on without it."""

    def __init__(
        self, prompts: Prompts, trial: Trial, see: Callable[[Mapping[str, Any]], None]
    ) -> None:
        super().__init__(prompts.sources, prompts.places)
        self._trial, self._see = trial, see

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        self._see(values)
        try:
            text = super().render(name, values)
        except ScaffoldError as error:
            self._trial.blame(str(error))
            text = ""
        self._trial.rendered.append(Rendered(name, values["routine"], text))
        return text


class _Runner:
    """Hooks whose failures are told."""

    def __init__(self, runner: HookRunner, trial: Trial) -> None:
        self._runner, self._trial = runner, trial

    def begin_episode(self) -> None:
        self._runner.begin_episode()

    def defined(self) -> tuple[str, ...]:
        return self._runner.defined()

    def table(self) -> Any:
        return self._runner.table()

    def call(self, name: str, arguments: list[Any]) -> Any:
        try:
            returned = self._runner.call(name, arguments)
            check_returned(name, returned)
        except ScaffoldHookError as error:
            self._trial.blame(str(error))
            raise
        return returned

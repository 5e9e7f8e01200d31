"""The LOG/PLAN agent, with one model or with two.

At game step t, LOG records what came of the action of t-1: it may read and write the memory. Then
PLAN consults the memory, read only, and commits one game action. So nothing about an outcome is
written before the game has answered. Each routine starts a fresh conversation at every game step:
only files cross steps.

Any step loop can drive it. Each ``act`` gives one turn of the environment. What the models write as
memory commands is one turn, whose answers come with the next observation.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from agents.agent import Decision, Observation
from agents.dialogue.caller import Caller, check_models
from agents.dialogue.introduction import Introduction
from agents.dialogue.situation import Situation
from agents.memory_agent.log import Log
from agents.memory_agent.plan import Plan
from agents.memory_agent.routine_context import RoutineContext
from agents.model import ChatModel
from agents.scaffold import Scaffold, load_scaffold
from memory_fs import MemoryConfig


class MemoryAgent:
    """The LOG/PLAN agent in its one-instance form: one model does all.

    What it tells in the events of its decisions: ``stripped`` (an action where none is taken),
    ``rejected`` (a command or an action that was turned down), ``impossible`` (an action that does
    not exist), ``uncommitted`` (PLAN ended without an action, the default one was executed),
    ``compacted`` (a conversation was shortened to fit), ``cut`` and ``refusal`` (how an answer
    ended), ``hand-over`` (two instances only).

    Args:
        models: The models by role, see :attr:`roles`.
        scaffold: A version such as ``v0``, the name of a shipped scaffold, or a directory.
        trust_hooks: Whether hooks that came with the scaffold run in this process, not sandboxed.

    Raises:
        ValueError: A model is missing.
    """

    #: What it needs models for.
    roles: ClassVar[tuple[str, ...]] = ("agent",)
    #: Who keeps the memory; who consults it before the action, if somebody else; who acts.
    _logger: ClassVar[str] = "agent"
    _consultant: ClassVar[str | None] = None
    _committer: ClassVar[str] = "agent"

    def __init__(
        self,
        models: Mapping[str, ChatModel],
        scaffold: str | Path = "v0",
        trust_hooks: bool = False,
    ) -> None:
        self._models = check_models(self.roles, models)
        self._source = scaffold
        self._trust_hooks = trust_hooks
        self._scaffolds: dict[str, Scaffold] = {}

    def scaffold(self, game: str) -> Scaffold:
        """The scaffold for a game; loaded once.

        Raises:
            ScaffoldError: There is none, or it is not valid.
        """
        if game not in self._scaffolds:
            self._scaffolds[game] = load_scaffold(self._source, game, self._trust_hooks)
        return self._scaffolds[game]

    def memory_config(self, game: str) -> MemoryConfig:
        """The memory that the scaffold describes.

        Args:
            game: Name of the game; empty where it has none.
        """
        return self.scaffold(game).memory_config()

    def reset(self, observation: Observation, info: Mapping[str, Any], seed: int) -> None:
        """Prepares for an episode.

        In an environment that offers fewer operations than the scaffold knows (it was not started
        by :func:`agents.begin`), the agent works with those that both have.
        """
        introduction = Introduction.of(info)
        scaffold = self.scaffold(introduction.game)
        scaffold.hooks.begin_episode()
        self._caller = Caller(self._models, seed)
        self._context = RoutineContext.begin(scaffold, self._caller, introduction)
        self._situation = Situation(introduction, scaffold.limits.stuck_steps)
        self._step = -1
        self._routine: Log | Plan | None = None

    def act(self, observation: Observation, info: Mapping[str, Any]) -> Decision:
        """Decides on the next turn.

        Raises:
            ModelError: A model could not be asked. The agent may not be asked again.
            ScaffoldError: A prompt cannot be rendered, or a hook failed.
        """
        self._caller.begin_turn()
        if self._routine is None or info["game_step"] != self._step:
            self._begin_step(observation, info)
        results = observation["memory"]
        if isinstance(self._routine, Log):
            text = self._routine.advance(results, [it["ok"] for it in info.get("commands", ())])
            if text is not None:
                return self._caller.decision(text)
            self._plan({**self._facts, "files": observation["files"]})
        assert isinstance(self._routine, Plan)
        return self._caller.decision(self._routine.advance(results))

    def _begin_step(self, observation: Observation, info: Mapping[str, Any]) -> None:
        first = self._routine is None
        last = self._routine if isinstance(self._routine, Plan) else None
        self._step = info["game_step"]
        self._facts = {
            **self._situation.see(observation, info),
            "uncommitted": last is not None and last.uncommitted,
            "refused_beside": last is not None and last.refused_beside,
        }
        # Without an outcome, or without a command to write one down, there is nothing to log.
        if first or not self._context.scaffold.routines["log"].operations:
            self._plan(self._facts)
        else:
            self._routine = Log(self._context, self._facts, self._logger)

    def _plan(self, facts: Mapping[str, Any]) -> None:
        self._routine = Plan(self._context, facts, self._committer, self._consultant)


class PairAgent(MemoryAgent):
    """The LOG/PLAN agent in its two-instance form.

    The memory specialist does LOG; in PLAN it consults the memory until it writes an action (which
    is stripped), writes no command or DONE, or meets its limit. Then the gameplay model continues
    the same conversation, may still read, and commits the action.
    """

    roles = ("specialist", "gameplay")
    _logger = "specialist"
    _consultant = "specialist"
    _committer = "gameplay"

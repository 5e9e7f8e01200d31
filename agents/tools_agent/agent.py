"""The agent that plays through native tool calls.

The memory is the Messages API's memory tool, which Claude was trained to use, on the files of the
environment; the game is a second tool. The agent stays in the step loop: each call of the memory is
one turn, as a memory action, whose answer goes back as the result of the call; ``act`` is the turn
that advances the game. Each game step starts a fresh conversation: only files cross steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, get_args

from agents.agent import Decision, Observation
from agents.dialogue.caller import Caller, check_models
from agents.dialogue.introduction import Introduction
from agents.dialogue.situation import Situation
from agents.model import ToolModel
from agents.scaffold import load_scaffold
from agents.scaffold.catalogue import GENERIC
from agents.scaffold.prompts.prompts import Prompts
from agents.tools_agent.step import ROLE, Step
from agents.tools_agent.step_context import StepContext
from agents.tools_agent.tools import MemoryTool, listed, tools
from memory_fs import MemoryConfig
from memory_fs.adapters.memory_operations import OPERATIONS
from memory_fs.suggestion import unknown_name

_PROMPTS = Path(__file__).parent / "prompts"
#: The scaffold whose words for a game step, and whose limit for being stuck, it shares.
_SCAFFOLD = f"{GENERIC}/v0"


class ToolsAgent:
    """Plays with two tools, the memory and the game.

    What it tells in the events of its decisions: ``impossible`` (an action that does not
    exist), ``rejected`` (any other call that was turned down), ``uncommitted`` (a step ended
    without an action of the model's), ``compacted``, ``cut`` and ``refusal``.

    Args:
        models: The model, by its role ``agent``; one that can call tools.
        turns: How often it is asked in a game step, at most.
        memory_tool: ``native`` offers the memory tool as the API knows it; ``schema`` describes it
            as any other tool, for servers that know no tools of their own, such as vLLM.

    Raises:
        ValueError: The model is missing or cannot call tools, or an argument is wrong.
    """

    #: What it needs models for.
    roles: ClassVar[tuple[str, ...]] = (ROLE,)

    def __init__(
        self,
        models: Mapping[str, ToolModel],
        turns: int = 10,
        memory_tool: MemoryTool = "native",
    ) -> None:
        self._model = check_models(self.roles, models)[ROLE]
        if not isinstance(self._model, ToolModel):
            raise ValueError(
                f"{self._model.name} cannot call tools here; the agent tools needs a model on a "
                "server: --model messages:NAME, or completions:NAME with memory_tool=schema"
            )
        if turns < 1:
            raise ValueError(f"turns is a number from 1, not {turns}")
        if memory_tool not in get_args(MemoryTool):
            raise unknown_name("memory_tool", memory_tool, get_args(MemoryTool))
        self._turns = turns
        self._memory_tool = memory_tool
        scaffold = load_scaffold(_SCAFFOLD)
        self._prompts = Prompts.of_folder(_PROMPTS, scaffold.prompts)
        self._stuck_steps = scaffold.limits.stuck_steps

    def memory_config(self, game: str) -> MemoryConfig:
        """An empty memory whose operations are the commands of the memory tool."""
        return MemoryConfig(
            vocabulary=tuple(operation.name for operation in OPERATIONS), operations=OPERATIONS
        )

    def reset(self, observation: Observation, info: Mapping[str, Any], seed: int) -> None:
        """Prepares for an episode."""
        introduction = Introduction.of(info)
        actions = introduction.actions
        shown = {"actions": [] if listed(actions) else actions, "turns": self._turns}
        system = self._prompts.render("system", {**introduction.facts, **shown})
        self._caller = Caller({ROLE: self._model}, seed)
        self._context = StepContext(
            self._model,
            self._caller,
            self._prompts,
            system,
            tools(self._memory_tool, actions),
            introduction.names,
            introduction.default_action,
            self._turns,
        )
        self._situation = Situation(introduction, self._stuck_steps)
        self._step: Step | None = None

    def act(self, observation: Observation, info: Mapping[str, Any]) -> Decision:
        """Decides on the next turn.

        Raises:
            ModelError: The model could not be asked. The agent may not be asked again.
        """
        self._caller.begin_turn()
        if self._step is None or self._step.ended(info):
            facts = {
                **self._situation.see(observation, info),
                "uncommitted": self._step is not None and self._step.uncommitted,
                # What these tell is about LOG and PLAN, and from hooks: it has none of them.
                "refused_beside": False,
                "notices": [],
            }
            self._step = Step(self._context, facts)
        else:
            self._step.hear(info)
        return self._caller.decision(self._step.advance())

"""What the steps of one episode share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agents.dialogue.caller import Caller
from agents.model import ToolModel
from agents.scaffold.prompts.prompts import Prompts
from automem_gym.action import ActionNames


@dataclass(frozen=True)
class StepContext:
    """What the steps of an episode share.

    Attributes:
        model: The model.
        caller: Asks it.
        prompts: The prompts.
        system: The system message.
        tools: The tools.
        actions: The valid actions; None where any text is one.
        default_action: What is executed where no valid action comes.
        turns: How often the model is asked in a game step, at most.
    """

    model: ToolModel
    caller: Caller
    prompts: Prompts
    system: str
    tools: list[dict[str, Any]]
    actions: ActionNames | None
    default_action: str
    turns: int

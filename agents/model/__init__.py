"""Chat models: what an agent asks, what it gets, and what can go wrong between the two.

A backend (:mod:`agents.backends`) is a :class:`ChatModel` of some kind of server or library.
"""

from agents.model.call import Call
from agents.model.chat_model import ChatModel
from agents.model.completion import Completion, Usage
from agents.model.failure import (
    BudgetSpentError,
    ContextTooLongError,
    ModelError,
    ModelSetupError,
)
from agents.model.message import Message, Role
from agents.model.seed import call_seed
from agents.model.spec import ModelSpec, Sampling
from agents.model.tool_model import ToolCompletion, ToolModel

__all__ = [
    "BudgetSpentError",
    "Call",
    "ChatModel",
    "Completion",
    "ContextTooLongError",
    "Message",
    "ModelError",
    "ModelSetupError",
    "ModelSpec",
    "Role",
    "Sampling",
    "ToolCompletion",
    "ToolModel",
    "Usage",
    "call_seed",
]

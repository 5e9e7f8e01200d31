"""Agents: policies for the step loop of the environments."""

from agents.agent import (
    Agent,
    BringsMemory,
    Decision,
    Event,
    Policy,
    as_agent,
    as_decision,
    begin,
)
from agents.catalogue import load_agent, roles

#: Says whose package this is; see ``automem_gym.installation``.
DISTRIBUTION = "automem-gym"

__all__ = [
    "DISTRIBUTION",
    "Agent",
    "BringsMemory",
    "Decision",
    "Event",
    "Policy",
    "as_agent",
    "as_decision",
    "begin",
    "load_agent",
    "roles",
]

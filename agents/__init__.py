"""Agents: policies for the step loop of the environments."""

from agents.agent import Agent, Decision, Policy, as_agent, as_decision
from agents.catalogue import load_agent

#: Says whose package this is; see ``automem_gym.installation``.
DISTRIBUTION = "automem-gym"

__all__ = [
    "DISTRIBUTION",
    "Agent",
    "Decision",
    "Policy",
    "as_agent",
    "as_decision",
    "load_agent",
]

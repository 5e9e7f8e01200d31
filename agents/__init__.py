"""Agents: policies for the step loop of the environments."""

from agents.agent import Agent, Decision, Policy, as_agent
from agents.catalogue import load_agent

__all__ = ["Agent", "Decision", "Policy", "as_agent", "load_agent"]

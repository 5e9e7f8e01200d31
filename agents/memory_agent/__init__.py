"""The agent with a memory: LOG writes down what came of an action, PLAN commits the next one.

One model does both, or two share them; see :mod:`agents.memory_agent.agent`.
"""

from agents.memory_agent.agent import MemoryAgent, PairAgent

__all__ = ["MemoryAgent", "PairAgent"]

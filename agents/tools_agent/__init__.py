"""An agent that plays through native tool calls: the API's memory tool, and one for the game."""

from agents.tools_agent.agent import ToolsAgent

__all__ = ["ToolsAgent"]

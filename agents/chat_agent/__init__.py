"""The plain agent: one model, the last steps as a conversation, and no memory."""

from agents.chat_agent.agent import ChatAgent

__all__ = ["ChatAgent"]

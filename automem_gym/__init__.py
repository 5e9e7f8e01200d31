"""Text environments whose action space also holds a memory."""

__version__ = "0.1.0"

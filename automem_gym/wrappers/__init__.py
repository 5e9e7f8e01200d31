"""Wrappers: other forms of the same turns."""

from automem_gym.wrappers.discrete_game import DiscreteGame
from automem_gym.wrappers.flatten_text import FlattenText
from automem_gym.wrappers.memory_wrapper import MemoryWrapper
from automem_gym.wrappers.structured_actions import StructuredActions

__all__ = ["DiscreteGame", "FlattenText", "MemoryWrapper", "StructuredActions"]

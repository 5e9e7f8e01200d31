"""Scripted players without a model: one a game, and a general one for all others.

They play from the texts of the observation and ``info["surroundings"]``, and whatever they know for
longer than a turn stands in memory files. A turn writes what was learned, reads the notes back and
acts; the notes arrive with the next observation.
"""

from agents.explorer.explorer import Explorer

__all__ = ["Explorer"]

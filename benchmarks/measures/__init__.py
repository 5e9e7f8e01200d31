"""What is computed once of an episode, when it ends, from its trace."""

from benchmarks.measures.context import Context, Part
from benchmarks.measures.curve import Curve, Thinned
from benchmarks.measures.episode_measures import EpisodeMeasures, measure_episode
from benchmarks.measures.memory import SHOWN, MemoryFigures
from benchmarks.measures.unproductive import UNPRODUCTIVE

__all__ = [
    "SHOWN",
    "UNPRODUCTIVE",
    "Context",
    "Curve",
    "EpisodeMeasures",
    "MemoryFigures",
    "Part",
    "Thinned",
    "measure_episode",
]

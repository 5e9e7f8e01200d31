"""Which revisions are kept: decisions on scores. Nothing here plays."""

from training.structure.gate.catalogue import DEFAULT, GATES, gate_of
from training.structure.gate.confirmed import Confirmed
from training.structure.gate.decision import Decision, Keep, Play, Stage, TurnDown
from training.structure.gate.gate import Gate, Pair
from training.structure.gate.paper import Paper

__all__ = [
    "DEFAULT",
    "GATES",
    "Confirmed",
    "Decision",
    "Gate",
    "Keep",
    "Pair",
    "Paper",
    "Play",
    "Stage",
    "TurnDown",
    "gate_of",
]

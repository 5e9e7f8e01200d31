"""Engines: who proposes the next recipe."""

from training.proficiency.engines.engine import Engine, ProposalFailed, TrialLedger
from training.proficiency.engines.halving import Halving

__all__ = ["Engine", "Halving", "ProposalFailed", "TrialLedger"]

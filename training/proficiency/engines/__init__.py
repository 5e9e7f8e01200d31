"""Engines: who proposes the next recipe."""

from training.proficiency.engines.engine import Engine, Ledger, ProposalFailed
from training.proficiency.engines.halving import Halving

__all__ = ["Engine", "Halving", "Ledger", "ProposalFailed"]

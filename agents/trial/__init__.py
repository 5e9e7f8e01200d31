"""A short game with the real agent that shows what a scaffold's prompts and hooks do.

It stands above both: :mod:`agents.scaffold` knows no agent.
"""

from agents.trial.shown import foreign_commands
from agents.trial.trial import Rendered, Trial, try_scaffold

__all__ = ["Rendered", "Trial", "foreign_commands", "try_scaffold"]

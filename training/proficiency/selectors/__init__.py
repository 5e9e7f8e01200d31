"""Selectors: which of the agent's answers are worth learning."""

from training.proficiency.selectors.catalogue import SELECTORS, open_selector
from training.proficiency.selectors.selector import Selector, SelectorError, Verdict

__all__ = ["SELECTORS", "Selector", "SelectorError", "Verdict", "open_selector"]

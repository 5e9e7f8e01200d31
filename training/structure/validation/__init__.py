"""What a revision must satisfy before it costs an episode."""

from training.structure.validation.validator import Validator

__all__ = ["Validator"]

"""Reviewers that ask a model: it looks around in a workspace, with tools, and writes a revision."""

from training.structure.reviewers.failure import ReviewFailed
from training.structure.reviewers.model_reviewer import ROLE, ModelReviewer, spent
from training.structure.reviewers.opening import open_reviewer, reviewer_spec
from training.structure.reviewers.settings import Settings

__all__ = [
    "ROLE",
    "ModelReviewer",
    "ReviewFailed",
    "Settings",
    "open_reviewer",
    "reviewer_spec",
    "spent",
]

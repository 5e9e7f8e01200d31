"""Opens the reviewer that a command line names."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agents.accounting import Ledger
from agents.backends import open_models
from agents.model import ModelSetupError, ModelSpec, Sampling, ToolModel
from agents.model.spec import BACKENDS
from training.structure.review import Reviewer
from training.structure.reviewers.model_reviewer import ROLE, ModelReviewer
from training.structure.reviewers.settings import Settings

#: Whole files are written in one answer.
MAX_TOKENS = 16_384
#: A review is one conversation, which grows: what of it was sent before is read from the cache.
_OPTIONS = {"messages": {"cache": "conversation"}}


def reviewer_spec(
    name: str, sampling: Sampling | None = None, options: Mapping[str, Any] | None = None
) -> ModelSpec | None:
    """The model that a reviewer's name means: its ledger needs to know it.

    Args:
        name: ``messages:MODEL`` or ``completions:MODEL``, or a name that begins with ``claude``; or
            a class of the user's own, ``my.module:Class``.
        sampling: How it is sampled; by default with room for whole files.
        options: Options of its backend.

    Returns:
        The model; None for a class of the user's own.

    Raises:
        ValueError: It names no model.
    """
    head, colon, _ = name.partition(":")
    if colon and head not in BACKENDS:
        return None
    spec = ModelSpec.parse(
        name, sampling=sampling or Sampling(max_tokens=MAX_TOKENS), options=options
    )
    return replace(spec, options={**_OPTIONS.get(spec.backend, {}), **spec.options})


def open_reviewer(
    name: str | ModelSpec, ledger: Ledger | None = None, settings: Settings | None = None
) -> Reviewer:
    """Opens a reviewer.

    Args:
        name: As for :func:`reviewer_spec`, or what that gave.
        ledger: Counts what a model takes; made for the role :data:`ROLE`.
        settings: How long a review may be.

    Raises:
        ValueError: There is no such reviewer.
        ImportError: Its module, or the library of its backend, cannot be imported.
        ModelSetupError: The model cannot be had as it is specified, or cannot call tools.
    """
    spec = name if isinstance(name, ModelSpec) else reviewer_spec(name)
    if spec is None:
        return _own(str(name))
    model = open_models({ROLE: spec})[ROLE]
    if not isinstance(model, ToolModel):
        model.close()
        raise ModelSetupError(
            f"{spec} cannot call tools here; a reviewer is a model on a server: messages:NAME or "
            "completions:NAME"
        )
    return ModelReviewer(model, ledger, settings)


def _own(name: str) -> Reviewer:
    module, _, attribute = name.partition(":")
    found = getattr(importlib.import_module(module), attribute, None)
    if found is None:
        raise ValueError(f"the module {module} has no {attribute}")
    reviewer: Reviewer = found()
    return reviewer

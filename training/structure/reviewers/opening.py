"""Opens the reviewer that a command line names."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agents.accounting import Budget, Prices
from agents.model import ModelSpec, Sampling
from agents.model.spec import BACKENDS
from memory_fs.suggestion import did_you_mean
from training.structure.review import Reviewer
from training.structure.reviewers.checked import CheckedReviewer
from training.structure.reviewers.model_reviewer import ROLE, ModelReviewer
from training.structure.reviewers.tool_models import open_tool_model, tool_spec

#: Reviewers that need no model, by name: where their class is.
WITHOUT_MODEL = {
    "heuristic": "training.structure.reviewers.heuristic.reviewer:HeuristicReviewer",
    "manual": "training.structure.reviewers.manual:ManualReviewer",
}


def reviewer_spec(
    name: str, sampling: Sampling | None = None, options: Mapping[str, Any] | None = None
) -> ModelSpec | None:
    """The model that a reviewer's name means.

    Args:
        name: ``messages:MODEL`` or ``completions:MODEL``, or a name that begins with ``claude``; or
            one of :data:`WITHOUT_MODEL`, or a class of the user's own, ``my.module:Class``.
        sampling: How it is sampled; by default with room for whole files.
        options: Options of its backend.

    Returns:
        The model; None for a reviewer that is none.

    Raises:
        ValueError: It names nothing of these.
    """
    head, colon, _ = name.partition(":")
    if name in WITHOUT_MODEL or (colon and head not in BACKENDS):
        return None
    if not colon and not name.startswith("claude"):
        raise ValueError(
            f"--reviewer: there is no {name!r}.{did_you_mean(name, WITHOUT_MODEL)} There are "
            f"{', '.join(WITHOUT_MODEL)}, models as messages:MODEL or completions:MODEL, and "
            "classes as my.module:Reviewer"
        )
    return tool_spec(name, sampling, options)


@contextmanager
def open_reviewer(
    name: str,
    arguments: Mapping[str, Any] | None = None,
    calls: Path | None = None,
    prices: Prices | None = None,
    budget: Callable[[], Budget] = Budget,
) -> Iterator[Reviewer]:
    """Opens a reviewer, and closes it in the end.

    Args:
        name: As for :func:`reviewer_spec`.
        arguments: Of a model, as for :func:`open_tool_model`; of others, the arguments of their
            class.
        calls: The file in which a model's calls are counted; None where nobody counts.
        prices: What models cost.
        budget: Tells how much may be spent, what stands in that file included; asked before each
            review.

    Raises:
        ValueError: There is no such reviewer, or an argument makes no sense.
        ImportError: The library of a model's backend is not installed.
        ModelSetupError: A model cannot be had as it is specified, or cannot call tools.
    """
    given = dict(arguments or {})
    if reviewer_spec(name) is None:
        made = _made(name, given)
        # The heuristic's words are ours; those of a model are checked where it finishes.
        yield made if name == "heuristic" else CheckedReviewer(made)
        return
    with open_tool_model(ROLE, name, given, calls, prices, budget) as worker:
        yield ModelReviewer(worker.model, worker.ledger, worker.settings, worker.budget)


def _made(name: str, arguments: Mapping[str, Any]) -> Reviewer:
    module, _, attribute = WITHOUT_MODEL.get(name, name).partition(":")
    try:
        reviewer: Reviewer = getattr(importlib.import_module(module), attribute)(**arguments)
    except (ImportError, AttributeError, TypeError) as error:
        raise ValueError(f"--reviewer {name}: {error}") from error
    return reviewer

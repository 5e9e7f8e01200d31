"""Opens a reviewer by its name."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from agents.accounting import Prices
from memory_fs.suggestion import did_you_mean
from training.structure.review import Reviewer
from training.structure.spending import Spending

#: Reviewers that need no model, by name: where their class is.
SHIPPED = {
    "heuristic": "training.structure.reviewers.heuristic.reviewer:HeuristicReviewer",
}


@contextmanager
def open_reviewer(
    name: str, arguments: Mapping[str, Any], spending: Spending, prices: Prices
) -> Iterator[Reviewer]:
    """Opens a reviewer, and closes it in the end.

    Args:
        name: A name of :data:`SHIPPED`, or ``module:Class`` of a user's own.
        arguments: Its arguments.
        spending: Counts what it spends.
        prices: What models cost.

    Raises:
        ValueError: There is no such reviewer, or an argument makes no sense.
    """
    module, colon, attribute = SHIPPED.get(name, name).partition(":")
    if not colon:
        raise ValueError(
            f"--reviewer: there is no {name!r}.{did_you_mean(name, SHIPPED)} There are "
            f"{', '.join(SHIPPED)}, models as BACKEND:NAME, and classes as my.module:Reviewer"
        )
    try:
        made = getattr(importlib.import_module(module), attribute)(**arguments)
    except (ImportError, AttributeError, TypeError) as error:
        raise ValueError(f"--reviewer {name}: {error}") from error
    yield made

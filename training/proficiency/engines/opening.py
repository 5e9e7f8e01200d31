"""Opens the engine that is named."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agents.accounting import Budget, Prices
from training.proficiency.engines.engine import Engine
from training.proficiency.engines.halving import Halving
from training.proficiency.engines.model_engine import ModelEngine

#: Engines that need no model.
ENGINES: Mapping[str, Callable[..., Engine]] = {"halving": Halving}


@contextmanager
def open_engine(
    name: str,
    arguments: Mapping[str, Any],
    ledger: Path,
    prices: Prices,
    budget: Callable[[], Budget],
) -> Iterator[Engine]:
    """Opens an engine; it is closed with the context.

    Args:
        name: One of :data:`ENGINES`; a class of the user's own, ``my.module:Engine``; or a model
            that can call tools, ``messages:MODEL`` or ``completions:MODEL``.
        arguments: For it; of a model, as for :func:`open_tool_model`.
        ledger: Where the calls of a model are counted.
        prices: What models cost.
        budget: Tells what may be spent.

    Raises:
        ValueError: There is none of this name, or it does not take the arguments.
        ModelError: The model cannot be had.
    """
    module, colon, attribute = name.partition(":")
    if not colon or module not in ("messages", "completions"):
        try:
            engine = _own(name, module, attribute)(**arguments)
        except TypeError as error:
            raise ValueError(f"--engine {name}: {error}") from error
        yield engine
        return
    with ModelEngine.opened(name, arguments, ledger, prices, budget) as engine:
        yield engine


def _own(name: str, module: str, attribute: str) -> Callable[..., Engine]:
    if name in ENGINES:
        return ENGINES[name]
    if not attribute:
        raise ValueError(
            f"--engine {name}: there are {', '.join(ENGINES)}, models that call tools "
            "(messages:MODEL, completions:MODEL), or a class of yours, my.module:Engine"
        )
    try:
        found: Callable[..., Engine] = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise ValueError(f"--engine {name}: {error}") from error
    return found

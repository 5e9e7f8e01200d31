"""Opens a model that works with tools, with the ledger that counts its calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from agents.accounting import Budget, Ledger, Prices
from agents.backends import open_models
from agents.model import ModelSetupError, ModelSpec, Sampling, ToolModel
from training.structure.reviewers.settings import Settings
from training.structure.reviewers.worker import Worker

#: Whole files are written in one answer.
MAX_TOKENS = 16_384
#: The work is one conversation, which grows: what of it was sent before is read from the cache.
_OPTIONS = {"messages": {"cache": "conversation"}}


def tool_spec(
    name: str, sampling: Sampling | None = None, options: Mapping[str, Any] | None = None
) -> ModelSpec:
    """The model that a name means, with what long work needs.

    Args:
        name: As :meth:`agents.model.ModelSpec.parse` takes it.
        sampling: How it is sampled; by default with room for whole files.
        options: Options of its backend.

    Raises:
        ValueError: It names no model.
    """
    spec = ModelSpec.parse(
        name, sampling=sampling or Sampling(max_tokens=MAX_TOKENS), options=options
    )
    return replace(spec, options={**_OPTIONS.get(spec.backend, {}), **spec.options})


@contextmanager
def open_tool_model(
    role: str,
    name: str,
    arguments: Mapping[str, Any],
    calls: Path | None,
    prices: Prices | None,
    budget: Callable[[], Budget],
) -> Iterator[Worker]:
    """Opens a model, and closes it in the end.

    Args:
        role: Its role, in the ledger.
        name: As for :func:`tool_spec`.
        arguments: Fields of :class:`Settings` and of :class:`agents.model.Sampling`, and options
            of its backend.
        calls: The file in which its calls are counted; None where nobody counts.
        prices: What models cost.
        budget: Tells how much may be spent, what stands in that file included; asked before each
            piece of work.

    Raises:
        ValueError: An argument makes no sense.
        ImportError: The library of its backend is not installed.
        ModelSetupError: It cannot be had as it is specified, or cannot call tools.
    """
    given = dict(arguments)
    settings, sampling = (
        {field.name: given.pop(field.name) for field in fields(of) if field.name in given}
        for of in (Settings, Sampling)
    )
    spec = tool_spec(name, Sampling(**{"max_tokens": MAX_TOKENS, **sampling}), given)
    limits = Settings(**settings)
    model = open_models({role: spec})[role]
    with closing(model):
        if not isinstance(model, ToolModel):
            raise ModelSetupError(
                f"{spec} cannot call tools here; the {role} is a model on a server: messages:NAME "
                "or completions:NAME"
            )
        if calls is None:
            yield Worker(model, settings=limits)
            return
        with closing(Ledger.resume(calls, {role: spec}, prices, budget())) as ledger:
            yield Worker(model, ledger, limits, budget)

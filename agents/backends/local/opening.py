"""Opens local models: one engine for all that have the same base."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from agents.backends.local.adapters import Adapter, adapter_bytes, load_adapters
from agents.backends.local.batch import Batch
from agents.backends.local.chat_format import ChatFormat
from agents.backends.local.check import make_network
from agents.backends.local.device import free_bytes
from agents.backends.local.engine import Engine
from agents.backends.local.force import Force, forced_by
from agents.backends.local.mixture import Mixture
from agents.backends.local.model import LocalModel
from agents.backends.local.options import LocalOptions
from agents.backends.local.place import place
from agents.backends.local.prefix_cache import PrefixCache
from agents.backends.local.statistics import Statistics
from agents.backends.local.weights import Base, load_base, weight_bytes
from agents.model import ModelSetupError, ModelSpec

#: How much of a GPU's memory beside the weights is used: for beginnings that are kept, and for
#: running conversations. The rest is for what is computed on the way.
_KEPT, _RUNNING = 0.35, 0.5
_KEPT_ELSEWHERE = 1 << 30


class _Opened(NamedTuple):
    """A base with its adapters, running."""

    base: Base
    adapters: Mapping[str, Adapter]
    engine: Engine


def open_local(specs: Mapping[str, ModelSpec], force: Force | None = None) -> dict[str, LocalModel]:
    """Opens models; see :func:`agents.backends.local.open_models`."""
    options = {role: LocalOptions.read(spec.options) for role, spec in specs.items()}
    forces = {role: force or forced_by(options[role].force, specs[role]) for role in specs}
    models: dict[str, LocalModel] = {}
    with contextlib.ExitStack() as on_failure:
        places = {role: place(spec.name) for role, spec in specs.items()}
        for base in dict.fromkeys(places.values()):
            mine = [role for role in specs if places[role] == base]
            _check_agreement({role: options[role].of_weights() for role in mine})
            opened = _open_base([(specs[role], options[role]) for role in mine])
            on_failure.callback(opened.engine.stop)
            for role in mine:
                models[role] = _model(specs[role], options[role], opened, forces[role])
        on_failure.pop_all()
    return models


def _check_agreement(wishes: Mapping[str, Mapping[str, Any]]) -> None:
    (first, wanted), *others = wishes.items()
    for role, wish in others:
        for name, value in wish.items():
            if value != wanted[name]:
                raise ModelSetupError(
                    f"{first} and {role} share one base, so they must agree on {name}: it is "
                    f"{wanted[name]!r} for the one and {value!r} for the other"
                )


def _open_base(wanted: Sequence[tuple[ModelSpec, LocalOptions]]) -> _Opened:
    spec, options = wanted[0]
    base = load_base(place(spec.name), options)
    paths: dict[str, bool] = {}
    for spec, own_options in wanted:
        if spec.adapter:
            path = place(spec.adapter)
            paths[path] = paths.get(path, False) or own_options.any_base
    mixture = Mixture()
    adapters = load_adapters(base, paths)
    mixture.install(base.model)
    network = make_network(base.model, mixture, shares=options.attention == "auto")
    added = adapter_bytes(base.model)
    statistics = Statistics(base_bytes=weight_bytes(base.model) - added, adapter_bytes=added)
    network.statistics = statistics
    free = free_bytes(base.model.device)
    kept, running = options.cache_bytes, options.batch_bytes
    if kept is None:
        kept = _KEPT_ELSEWHERE if free is None else int(_KEPT * free)
    if running is None and free is not None:
        running = int(_RUNNING * free)
    batch = Batch(network, PrefixCache(kept), statistics, options.batch, options.chunk, running)
    return _Opened(base, adapters, Engine(batch, statistics))


def _model(
    spec: ModelSpec, options: LocalOptions, opened: _Opened, force: Force | None
) -> LocalModel:
    base, adapters, engine = opened
    numbers = {path: number for number, path in enumerate(adapters, 1)}
    adapter = None
    if spec.adapter:
        path = place(spec.adapter)
        adapter = (adapters[path], numbers[path])
    return LocalModel(
        name=f"{spec.name}+{spec.adapter}" if spec.adapter else spec.name,
        engine=engine,
        chat=chat_format(base, options),
        sampling=spec.sampling,
        context=_context(spec, options, base),
        adapter=adapter,
        force=force,
    )


def chat_format(base: Base, options: LocalOptions) -> ChatFormat:
    """The chat format of a base, as its models speak it and as it is trained.

    Raises:
        ModelSetupError: There is no template, or it does not work.
    """
    ends = base.model.generation_config.eos_token_id if base.model.generation_config else None
    return ChatFormat(
        base.tokenizer,
        options.chat_template,
        options.template_options,
        [ends] if isinstance(ends, int) else ends or [],
    )


def _context(spec: ModelSpec, options: LocalOptions, base: Base) -> int:
    config = base.model.config.get_text_config()
    most: int | None = getattr(config, "max_position_embeddings", None)
    context = options.context or most
    if context is None:
        raise ModelSetupError(f"{spec.name} does not say how long its context is; pass context")
    if most is not None and context > most:
        raise ModelSetupError(f"context={context:,}, but {spec.name} was made for {most:,}")
    if spec.sampling.max_tokens >= context:
        raise ModelSetupError(
            f"answers of up to max_tokens={spec.sampling.max_tokens:,} leave no room for a prompt "
            f"in a context of {context:,}; lower max_tokens"
        )
    return context

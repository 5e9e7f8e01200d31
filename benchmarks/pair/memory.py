"""How much memory the weights of a pair take, against those of its base and its adapter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from agents.backends.local import open_models
from agents.model import Message, ModelSpec
from benchmarks.pair.pair import PairSpec
from benchmarks.pair.storages import held_bytes
from benchmarks.speed.subject import Measurement


def memory(pair: PairSpec) -> Measurement:
    """Bytes of all tensors that the pair adds to this process, by those of base and adapter.

    Each model answers once before the count, so that what is made at the first use is in it; the
    keys and values of those conversations are not. The base is opened alone for comparison.

    Args:
        pair: The pair; nothing else may be opened or closed meanwhile.
    """
    # Without anything kept of the conversations, and with one row.
    specs = pair.having(cache_bytes=0, batch=1).models
    base = held_by({"gameplay": specs["gameplay"]})
    both = held_by(specs)
    adapter = adapter_bytes(pair)
    return Measurement(
        both / (base + adapter),
        {
            "pair_MB": both / 1e6,
            "base_MB": base / 1e6,
            "adapter_MB": adapter / 1e6,
            # What it would be if each role had weights of its own.
            "two_copies": (2 * base + adapter) / (base + adapter),
        },
    )


def held_by(specs: Mapping[str, ModelSpec]) -> int:
    """Bytes of the tensors that models add to this process, without keys and values."""
    before = held_bytes()
    models = open_models(specs)
    for model in models.values():
        model.generate([Message("user", "Hello")], 0)
    taken = held_bytes() - before
    # Models of one name share an engine, and so its keys and values.
    engines = {spec.name: models[role].statistics() for role, spec in specs.items()}
    for model in models.values():
        model.close()
    return taken - sum(engine.batch_bytes + engine.cache_bytes for engine in engines.values())


def adapter_bytes(pair: PairSpec) -> int:
    """Bytes of the adapter's weights, in the type in which the pair computes."""
    from safetensors import safe_open

    from agents.backends.local.device import choose_device, choose_dtype
    from agents.backends.local.options import LocalOptions

    options = LocalOptions.read(pair.options)
    width = choose_dtype(options, choose_device(options)).itemsize
    path = Path(pair.adapter) / "adapter_model.safetensors"
    with safe_open(str(path), "pt") as file:
        shapes: list[list[int]] = [file.get_slice(name).get_shape() for name in file.keys()]  # noqa: SIM118
    return width * sum(math.prod(shape) for shape in shapes)

"""The games that ship with the package, each with its raw engine."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import gymnasium

import automem_gym  # noqa: F401  (registers the ids)

#: Name to (environment id, ``module:function`` that makes the raw engine, its arguments).
ENGINES: dict[str, tuple[str, str, tuple[Any, ...]]] = {
    "nethack": ("AutoMem-NetHack-v0", "benchmarks.speed.nethack:make_raw", ()),
    "minihack": (
        "AutoMem-MiniHack-Corridor-R3-v0",
        "benchmarks.speed.nethack:make_raw_minihack",
        ("Corridor-R3",),
    ),
    "crafter": ("AutoMem-Crafter-v0", "benchmarks.speed.crafter:make_stock", (1, True)),
}


def make_ours(game: str) -> Any:
    """Our environment of a game."""
    return gymnasium.make(ENGINES[game][0], disable_env_checker=True)


def make_raw(game: str) -> Any:
    """The raw engine of a game."""
    _, function, arguments = ENGINES[game]
    module, _, name = function.partition(":")
    maker: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return maker(*arguments)

"""Checks environment ids before anything is started."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import gymnasium

import automem_gym  # noqa: F401  (registers the ids)


def use_working_directory() -> None:
    """Makes modules in the working directory importable, for ``my.module:Name`` arguments.

    ``python -m`` does so by itself, an installed command does not.
    """
    here = str(Path.cwd())
    if here not in sys.path and "" not in sys.path:
        sys.path.insert(0, here)


def check(env_id: str) -> None:
    """Makes sure that an environment can be made.

    Args:
        env_id: ``Id``, or ``module:Id`` where importing the module registers it.

    Raises:
        ValueError: There is no such id.
        ImportError: The module cannot be imported.
    """
    module, colon, name = env_id.rpartition(":")
    if colon:
        importlib.import_module(module)
    try:
        gymnasium.spec(name)
    except gymnasium.error.Error as error:
        raise ValueError(f"no environment {env_id!r}: {error}") from error

"""The games that ship with the package, one folder each."""

from __future__ import annotations

import importlib
import pkgutil


def register() -> None:
    """Registers every game here: each folder's ``register()`` says under which ids."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}").register()

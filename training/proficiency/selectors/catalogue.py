"""Which selectors there are, and how they are named."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from memory_fs.suggestion import did_you_mean
from training.proficiency.selectors.criteria import CriteriaSelector
from training.proficiency.selectors.random_choice import RandomChoice
from training.proficiency.selectors.sandboxed import SandboxedSelector
from training.proficiency.selectors.selector import Selector, SelectorError

SELECTORS: Mapping[str, Callable[..., Selector]] = {
    "criteria": CriteriaSelector,
    "random": RandomChoice,
}


def open_selector(name: str, arguments: Mapping[str, Any] | None = None) -> Selector:
    """Opens a selector.

    Args:
        name: One of :data:`SELECTORS`; a file ``*.py``, which runs in the sandbox; or a class of
            the user's own, ``my.module:Selector``, which runs here.
        arguments: For it; a file takes none.

    Raises:
        SelectorError: There is none of this name, or it does not take the arguments.
    """
    given = dict(arguments or {})
    if name.endswith(".py"):
        if given:
            raise SelectorError(f"{name}: the selector in a file takes no arguments, not {given}")
        return SandboxedSelector.read(Path(name))
    module, colon, attribute = name.partition(":")
    try:
        maker = getattr(importlib.import_module(module), attribute) if colon else SELECTORS[name]
    except KeyError:
        known = ", ".join(SELECTORS)
        raise SelectorError(
            f"there is no selector {name!r}.{did_you_mean(name, SELECTORS)} There are {known}; "
            "a file NAME.py; or a class of yours, my.module:Selector"
        ) from None
    except (ImportError, AttributeError) as error:
        raise SelectorError(f"{name}: {error}") from error
    try:
        selector: Selector = maker(**given)
    except TypeError as error:
        raise SelectorError(f"the selector {name} does not take {given}: {error}") from error
    return selector

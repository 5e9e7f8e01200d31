"""How long the memory lasts in the episodes of a run, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

#: The environments' argument; see :class:`automem_gym.env.AutoMemEnv`.
SPAN = "memory_span"
FULL, WIPED = "full", "wiped"
_LAST = re.compile(r"last-([1-9][0-9]{0,8})")


def read_span(text: str) -> int | None:
    """Reads ``full``, ``last-N`` or ``wiped``.

    Returns:
        Game steps; None for the whole episode.

    Raises:
        ValueError: It is none of them.

    Example:
        >>> read_span("full"), read_span("last-16"), read_span("wiped")
        (None, 16, 0)
    """
    if text == FULL:
        return None
    if text == WIPED:
        return 0
    last = _LAST.fullmatch(text)
    if last is None:
        raise ValueError(f"--memory is full, wiped, or last-N such as last-16, not {text!r}")
    return int(last[1])


def span_name(env_args: Mapping[str, Any]) -> str:
    """How the memory of an episode is called, from the arguments of its environment.

    Example:
        >>> span_name({}), span_name({"memory_span": 16}), span_name({"memory_span": 0})
        ('full', 'last-16', 'wiped')
    """
    span = env_args.get(SPAN)
    return FULL if span is None else f"last-{span}" if span else WIPED

"""Recognises that a server found a conversation too long, in whatever words it says so."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from agents.model import ContextTooLongError


@cache
def _wordings() -> tuple[re.Pattern[str], ...]:
    text = files(__package__).joinpath("overflow.toml").read_text(encoding="utf-8")
    return tuple(
        re.compile(wording["pattern"], re.IGNORECASE | re.DOTALL)
        for wording in tomllib.loads(text)["wording"]
    )


def overflow(text: str) -> ContextTooLongError | None:
    """Reads the text of a refused request.

    Args:
        text: What the server answered.

    Returns:
        The error to raise, with the numbers that the server told; None where it is about something
        else.
    """
    for wording in _wordings():
        found = wording.search(text)
        if found:
            told = {name: int(value) for name, value in found.groupdict().items() if value}
            tokens = told.get("tokens")
            if tokens is not None:
                tokens += told.get("more", 0)
            return ContextTooLongError(tokens, told.get("limit"))
    return None

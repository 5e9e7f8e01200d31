"""Records as JSON: fast where that loses nothing, exact in any case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from enum import Enum
from typing import Any

import orjson


def plain(value: Any) -> Any:
    """Makes JSON of what the encoder does not know, such as dataclasses, enums and arrays."""
    if isinstance(value, tuple):
        return list(value)  # one with names, which only the fast encoder does not know
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


# Ascii, so that lone surrogates can be stored, and no reader takes a character for the end of a
# line. Looking for circles takes as long as the rest; one that a game's info has ends in a
# RecursionError.
_EXACT = json.JSONEncoder(separators=(",", ":"), default=plain, check_circular=False).encode
# Dataclasses and dates are left to :func:`plain`, as the exact encoder leaves them.
_OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def encode_text(value: Any) -> str:
    """Any value as JSON in ASCII.

    Raises:
        RecursionError: The value holds itself.
    """
    return _EXACT(value)


def encode_record(record: Mapping[str, Any]) -> bytes:
    """A record as JSON in ASCII.

    Raises:
        RecursionError: The record holds itself.
    """
    try:
        line = orjson.dumps(record, plain, _OPTIONS)
    except TypeError:
        # What orjson refuses: lone surrogates, which models do write, keys that are no strings, and
        # ints of more than 64 bits.
        line = b"null"
    # It writes UTF-8, and null for the floats that are no numbers.
    exact = not line.isascii() or b"null" in line
    return _EXACT(record).encode("ascii") if exact else line

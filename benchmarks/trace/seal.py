"""Checksums on the lines of a trace: one that was damaged or edited is told by its number.

A line is a JSON object whose last entry, ``crc``, is the CRC-32 of the object without it.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

_OPEN, _CLOSE = ',"crc":"', '"}\n'
_LENGTH = len(_OPEN) + 8 + len(_CLOSE)


class EditedLineError(ValueError):
    """A line that holds a record, but not the one that was written."""


def seal(record: str) -> str:
    """A line of a record.

    Args:
        record: The record as a JSON object in ASCII, with one entry at least.
    """
    return f"{record[:-1]}{_OPEN}{zlib.crc32(record.encode('ascii')):08x}{_CLOSE}"


def unseal(line: bytes) -> dict[str, Any] | None:
    """Reads a line; None where it is cut short, or no record at all.

    Raises:
        EditedLineError: The checksum does not fit.
    """
    record = read_line(line)
    if record is None:
        return None
    body, tail = line[:-_LENGTH], line[-_LENGTH:]
    if tail != f"{_OPEN}{zlib.crc32(body + b'}'):08x}{_CLOSE}".encode():
        raise EditedLineError("it is not as it was written: its checksum does not fit")
    del record["crc"]
    return record


def read_line(line: bytes) -> dict[str, Any] | None:
    """Reads a line without looking at its checksum; None where it is cut short, or no record."""
    if not line.endswith(b"\n"):
        return None
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None

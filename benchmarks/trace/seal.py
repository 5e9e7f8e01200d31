"""Checksums on the lines of a trace: one that was damaged or edited is told by its number.

A line is a JSON object whose last entry, ``crc``, is the CRC-32 of the object without it.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

_OPEN, _CLOSE = b',"crc":"', b'"}\n'
_LENGTH = len(_OPEN) + 8 + len(_CLOSE)


class EditedLineError(ValueError):
    """A line that holds a record, but not the one that was written."""


def seal(record: bytes) -> bytes:
    """A line of a record.

    Args:
        record: The record as a JSON object on one line, with one entry at least.
    """
    return b"%b%b%08x%b" % (record[:-1], _OPEN, zlib.crc32(record), _CLOSE)


def unseal(line: bytes) -> dict[str, Any] | None:
    """Reads a line; None where it is cut short, or no record at all.

    Raises:
        EditedLineError: The checksum does not fit.
    """
    record = read_line(line)
    if record is None:
        return None
    body, tail = line[:-_LENGTH], line[-_LENGTH:]
    if tail != b"%b%08x%b" % (_OPEN, zlib.crc32(body + b"}"), _CLOSE):
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

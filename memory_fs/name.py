"""Which names a memory file may have."""

import re
from functools import lru_cache

from memory_fs.refusal import Refused

LONGEST = 120
DEEPEST = 8
_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
#: Names that open a device instead of a file on Windows, with any ending.
_DEVICES = {"CON", "PRN", "AUX", "NUL"} | {
    f"{port}{n}" for port in ("COM", "LPT") for n in range(10)
}
ALLOWED = (
    "a name is made of letters a-z A-Z, digits, '_', '-' and '.', may have folders (a/b.md), and "
    "starts with a letter, a digit or '_'"
)


@lru_cache(maxsize=4096)
def check(name: str) -> str:
    """Checks a file name that a model wrote.

    Args:
        name: The name; spaces around it do not count.

    Returns:
        The name without the spaces around it.

    Raises:
        Refused: It is not a name that a memory file may have.
    """
    name = name.strip()
    if not name:
        raise Refused("the file name is missing")
    shown = name if len(name) <= 60 else f"{name[:57]}..."
    segments = name.split("/")
    if len(name) > LONGEST or len(segments) > DEEPEST:
        raise Refused(f"{shown!r} is too long: {LONGEST} characters, {DEEPEST} levels at most")
    for segment in segments:
        if not _SEGMENT.fullmatch(segment) or segment.endswith("."):
            raise Refused(f"{shown!r} is no file name: {ALLOWED}")
        if segment.split(".")[0].upper() in _DEVICES:
            raise Refused(f"{shown!r} is no file name: {segment} is a device on some systems")
    return name


def is_name(name: str) -> bool:
    """Whether a file may have this name."""
    try:
        return check(name) == name
    except Refused:
        return False

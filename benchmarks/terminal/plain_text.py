"""Makes recorded text harmless: what models and games wrote must not command a terminal."""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size

#: Stands for a character that is not shown.
SUBSTITUTE = "·"

# Control characters (a terminal obeys them), lone surrogates (no terminal can print them), line
# separators, and marks that turn the direction of writing (which show a line as what it is not).
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BETWEEN = re.compile(r"[^\n\t]+")
_COLOUR = r"(?:7|3[0-7]|9[0-7])"
_CODE = re.compile(rf"(\x1b\[(?:0|{_COLOUR}(?:;{_COLOUR})*)m)")
PLAIN = "\x1b[0m"


def plain(text: str) -> str:
    """A line of text in which nothing is left that a terminal obeys; tabs become blanks."""
    return _UNSAFE.sub(SUBSTITUTE, text.replace("\t", " "))


def plain_lines(text: str) -> str:
    """Any text as :func:`plain` lines; its tabs and the ends of its lines stay."""
    return _BETWEEN.sub(lambda found: plain(found[0]), text)


def fit(text: str, width: int) -> str:
    """A :func:`plain` line that takes ``width`` cells at most; one that is cut ends in ``…``."""
    text = plain(text)
    return text if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"


def coloured(line: str, width: int) -> str:
    """A line of a scene of the kind ``ansi``, of ``width`` cells at most.

    The codes that :data:`automem_gym.scene.SceneKind` allows stay; all else is made plain.
    """
    parts: list[str] = []
    left = width
    for number, part in enumerate(_CODE.split(line)):
        if number % 2:  # split() puts what the group matched at the odd places
            parts.append(part)
            continue
        text = plain(part)
        if cell_len(text) > left:
            text = set_cell_size(text, left)
        left -= cell_len(text)
        parts.append(text)
    # What follows a code is in its colours, until they are turned off.
    on = any(part.startswith("\x1b") for part in parts)
    return "".join(parts) + PLAIN if on and parts[-2:] != [PLAIN, ""] else "".join(parts)

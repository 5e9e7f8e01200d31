"""Draws the terminal: as coloured text, and as pixels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from automem_gym.games.nethack.engine import Arrays

# The sixteen colours of a VGA text screen; NetHack's colour number is the index. Its colour 0 (no
# colour, or black) would not be seen on black: it is drawn in the grey of plain text.
_PALETTE = np.array(
    [
        *((170, 170, 170), (170, 0, 0), (0, 170, 0), (170, 85, 0)),
        *((0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)),
        *((85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85)),
        *((85, 85, 255), (255, 85, 255), (85, 255, 255), (255, 255, 255)),
    ],
    np.uint8,
)
_RESET = "\033[0m"


def ansi(frame: Arrays) -> str:
    """Draws the terminal as 24 lines of text with ANSI colours; the cursor is shown in reverse."""
    cursor_row, cursor_column = frame["tty_cursor"].tolist()
    lines = []
    rows = zip(frame["tty_chars"].tolist(), frame["tty_colors"].tolist(), strict=True)
    for row, (characters, colors) in enumerate(rows):
        styles = [_style(color) for color in colors]
        if row == cursor_row:
            styles[cursor_column] += ";7"
        text = bytes(characters).decode("latin-1")
        cells = groupby(range(len(text)), key=styles.__getitem__)
        lines.append(
            "".join(f"\033[{style}m{''.join(text[i] for i in run)}" for style, run in cells)
            + _RESET
        )
    return "\n".join(lines)


def pixels(frame: Arrays) -> NDArray[np.uint8]:
    """Draws the terminal as a (264, 480, 3) array; the cursor is shown in reverse."""
    cells = _font()[frame["tty_chars"]].copy()
    cells[tuple(frame["tty_cursor"])] ^= True
    colors = _PALETTE[frame["tty_colors"] & 15]
    picture = np.where(cells[..., None], colors[:, :, None, None, :], np.uint8(0))
    rows, columns, height, width, channels = picture.shape
    return picture.swapaxes(1, 2).reshape(rows * height, columns * width, channels)


MODES: Mapping[str, Callable[[Arrays], Any]] = {"ansi": ansi, "rgb_array": pixels}
"""What draws a frame in each of the modes of `render`."""


def _style(color: int) -> str:
    bright, hue = color & 8, color & 7
    return f"{1 if bright else 0};{30 + hue if color & 15 else 37}"


@cache
def _font() -> NDArray[np.bool_]:
    """The font's characters as a (256, height, width) mask."""
    font = ImageFont.load_default_imagefont()
    width, height = font.getmask("M").size
    masks = np.zeros((256, height, width), np.bool_)
    for code in range(256):
        mask = np.array(font.getmask(chr(code)))
        if mask.size:  # control characters have none
            masks[code] = mask.reshape(height, width) > 0
    return masks

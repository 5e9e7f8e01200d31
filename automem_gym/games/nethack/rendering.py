"""Draws the terminal as pixels."""

from __future__ import annotations

from functools import cache

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


def pixels(frame: Arrays) -> NDArray[np.uint8]:
    """Draws the terminal as a (264, 480, 3) array; the cursor is shown in reverse."""
    cells = _font()[frame["tty_chars"]].copy()
    cells[tuple(frame["tty_cursor"])] ^= True
    colors = _PALETTE[frame["tty_colors"] & 15]
    picture = np.where(cells[..., None], colors[:, :, None, None, :], np.uint8(0))
    rows, columns, height, width, channels = picture.shape
    return picture.swapaxes(1, 2).reshape(rows * height, columns * width, channels)


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

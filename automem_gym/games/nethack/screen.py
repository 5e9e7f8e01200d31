"""The terminal as lines of text with ANSI colours, drawn anew only where it has changed."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from itertools import compress, count
from operator import ne
from typing import TypeAlias

from automem_gym.games.nethack.engine import Arrays

_Rows: TypeAlias = Callable[[bytes], tuple[bytes, ...]]

# Bit of a cell's colour that says that it is in reverse (nle: vt_char_color_extract adds CLR_MAX).
_REVERSE = 16
# A run of cells of one colour, with the blank ones in it, whose colour is 0: they have no ink. In
# reverse they would be seen. First the colours that need no code.
_UNCOLORED = b"\0\7"
_RUN = re.compile(rb"[%b]+|([\1-\17])(?:\1|\0)*|(.)\2*" % _UNCOLORED, re.DOTALL)
# Nothing that a terminal would obey, whatever the game was made to show.
_SAFE = bytes(code if 32 <= code < 127 or code >= 160 else ord("?") for code in range(256))
_PLAIN = "\033[0m"


def _code(color: int) -> str:
    """What sets a colour of nle's, from plain; nothing for plain, which is NetHack's grey."""
    hue = color & 15
    codes = ["7"] if color & _REVERSE else []
    if hue not in (0, 7):
        codes.append(str(30 + hue if hue < 8 else 82 + hue))
    return f"\033[{';'.join(codes)}m" if codes else ""


_CODES = [_code(color) for color in range(256)]
_INKS = frozenset(filter(None, _CODES[:_REVERSE]))


class Screen:
    """What a NetHack terminal shows. Of frame after frame, only the rows that differ are drawn."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._text = ""
        # The last frame: the characters and the colours, a row each, and the cursor.
        self._rows: tuple[tuple[bytes, ...], tuple[bytes, ...]] = ((), ())
        self._cursor: list[int] = []

    def draw(self, frame: Arrays) -> str:
        """Draws a frame.

        Args:
            frame: nle's arrays by name: ``tty_chars`` and ``tty_colors``, both of shape (24, 80)
                and one byte a cell, and ``tty_cursor`` (row, column).

        Returns:
            A line a row, without the blanks at its end, in plain text where the line begins and
            where it ends. The cursor is shown in reverse.
        """
        return self.hold(frame)()

    def hold(self, frame: Arrays) -> Callable[[], str]:
        """The same for later: what comes back draws the frame as it is now."""
        characters, colors = frame["tty_chars"], frame["tty_colors"]
        return partial(
            self._draw,
            *(characters.tobytes(), colors.tobytes(), frame["tty_cursor"].tolist()),
            _rows(*characters.shape),
        )

    def _draw(self, characters: bytes, colors: bytes, cursor: list[int], rows: _Rows) -> str:
        inks, hues = shown = rows(characters), rows(colors)
        old_inks, old_hues = self._rows
        changed = {*_differing(inks, old_inks), *_differing(hues, old_hues)}
        if cursor != self._cursor:
            changed.update(self._cursor[:1], cursor[:1])
        if changed:
            lines = self._lines = self._lines or [""] * len(inks)
            for row in changed:
                lines[row] = _line(inks[row], hues[row], cursor[1] if row == cursor[0] else None)
            self._text, self._rows, self._cursor = "\n".join(lines), shown, cursor
        return self._text


@lru_cache(maxsize=8)
def _rows(height: int, width: int) -> _Rows:
    """What cuts the bytes of a frame into rows; all at once, which is ten times as fast."""
    return struct.Struct(f"{width}s" * height).unpack


def _differing(new: tuple[bytes, ...], old: tuple[bytes, ...]) -> Iterator[int]:
    """The places at which two frames differ; all of them where there is no old one."""
    return compress(count(), map(ne, new, old)) if old else iter(range(len(new)))


@lru_cache(maxsize=4096)  # a row that was seen is often seen again: an empty line of messages
def _line(characters: bytes, colors: bytes, cursor: int | None) -> str:
    """Draws a row, with a code only where the colour changes."""
    text = characters.translate(_SAFE).decode("latin-1")
    if cursor is None and not colors.translate(None, _UNCOLORED):  # most rows, most of the time
        return text.rstrip(" ")
    if cursor is not None:
        colors = b"%b%c%b" % (colors[:cursor], colors[cursor] ^ _REVERSE, colors[cursor + 1 :])
    parts: list[str] = []
    last = ""
    first = 0
    # Blanks at the end are left out, but for those in reverse, which are seen.
    width = max(len(text.rstrip(" ")), len(colors.rstrip(b"\0")))
    for run in _RUN.finditer(colors, 0, width):
        end = run.end()
        code = _CODES[colors[first]]
        if code != last:
            # Only from one colour to another there needs to be no way back.
            if last and not (code in _INKS and last in _INKS):
                parts.append(_PLAIN)
            parts.append(code)
            last = code
        parts.append(text[first:end])
        first = end
    if last:
        parts.append(_PLAIN)
    return "".join(parts)

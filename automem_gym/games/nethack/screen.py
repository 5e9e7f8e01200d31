"""The terminal as lines of text with ANSI colours, drawn anew only where it has changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial

from automem_gym.games.nethack.engine import Arrays

# Bit of a cell's colour that says that it is in reverse (nle: vt_char_color_extract adds CLR_MAX).
_REVERSE = 16
# A run of cells of one colour, with the blank ones in it, whose colour is 0: they have no ink. In
# reverse they would be seen.
_RUN = re.compile(rb"([\1-\17])(?:\1|\0)*|(.)\2*", re.DOTALL)
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
        # The last frame: the characters and the colours, row after row, and the cursor.
        self._shown: tuple[bytes, bytes, list[int]] = (b"", b"", [])

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
        # As bytes: between the steps of a game, numpy's comparisons take three times as long.
        characters, colors = frame["tty_chars"].tobytes(), frame["tty_colors"].tobytes()
        height, width = frame["tty_chars"].shape
        return partial(
            self._draw, (characters, colors, frame["tty_cursor"].tolist()), height, width
        )

    def _draw(self, shown: tuple[bytes, bytes, list[int]], height: int, width: int) -> str:
        characters, colors, cursor = shown
        if shown != self._shown:
            lines = self._lines or [""] * height
            moved = {cursor[0], *self._shown[2][:1]} if cursor != self._shown[2] else ()
            old_characters, old_colors, _ = self._shown
            for row, start in enumerate(range(0, len(characters), width)):
                end = start + width
                inked, colored = characters[start:end], colors[start:end]
                if (
                    inked != old_characters[start:end]
                    or colored != old_colors[start:end]
                    or row in moved
                ):
                    lines[row] = _line(inked, colored, cursor[1] if row == cursor[0] else None)
            self._lines, self._text, self._shown = lines, "\n".join(lines), shown
        return self._text


@lru_cache(maxsize=4096)  # a row that was seen is often seen again: an empty line of messages
def _line(characters: bytes, colors: bytes, cursor: int | None) -> str:
    """Draws a row, with a code only where the colour changes."""
    text = characters.translate(_SAFE).decode("latin-1")
    if cursor is not None:
        colors = b"%b%c%b" % (colors[:cursor], colors[cursor] ^ _REVERSE, colors[cursor + 1 :])
    parts: list[str] = []
    last = ""
    # Blanks at the end are left out, but for those in reverse, which are seen.
    width = max(len(text.rstrip(" ")), len(colors.rstrip(b"\0")))
    for run in _RUN.finditer(colors, 0, width):
        first, end = run.span()
        code = _CODES[colors[first]]
        if code != last:
            # Only from one colour to another there needs to be no way back.
            if last and not (code in _INKS and last in _INKS):
                parts.append(_PLAIN)
            parts.append(code)
            last = code
        parts.append(text[first:end])
    if last:
        parts.append(_PLAIN)
    return "".join(parts)

"""The message at the top of the terminal, or the whole menu where one is open."""

import re

# A menu or a text page ends with one of these, or with "(x of y)".
_MORE, _END = b"--More--", b"(end)"

# Finds every "(end)" and "(x of y)"; fast where there is none, which is the usual case.
_PERHAPS_MENU = re.compile(rb"\((?:end\)|. of .\))", re.DOTALL)


def message_text(screen: bytes, columns: int) -> str:
    """Reads the message from the terminal.

    The first row is the message. Where some row ends a menu or a page of text, the message is all
    rows up to that one, each read from the column in which the first row starts (menus overlap the
    right part of the map).

    Args:
        screen: The characters of the terminal, row after row.
        columns: Characters in a row.
    """
    top = screen[:columns]
    first = _trim(top)
    if not first:
        return ""
    if _MORE in screen or _PERHAPS_MENU.search(screen):
        indent = columns - len(top.lstrip(b" "))
        rows = []
        for start in range(0, len(screen), columns):
            rows.append(_trim(screen[start + indent : start + columns]))
            if _ends_page(rows[-1]):
                return b"\n".join(rows).decode("latin-1")
    return first.decode("latin-1")


def _trim(row: bytes) -> bytes:
    # A lone character in the last column is what is left of something else: it counts as nothing.
    return b"" if len(row.lstrip(b" \x1a")) == 1 else row.strip(b" \x1a")


def _ends_page(row: bytes) -> bool:
    if _MORE in row or _END in row:
        return True
    # Only the first "of" of the row counts, and only with one character on either side.
    at = row.find(b" of ")
    return at >= 2 and row[at - 2] == ord("(") and row[at + 5 : at + 6] == b")"

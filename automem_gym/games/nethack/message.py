"""The message at the top of the terminal, or the whole menu where one is open."""

# A menu or a text page ends with one of these, or with "(x of y)".
_LAST_LINE = (b"--More--", b"(end)")


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
    if any(mark in screen for mark in (*_LAST_LINE, b" of ")):
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
    if any(mark in row for mark in _LAST_LINE):
        return True
    at = row.find(b" of ")
    return at >= 2 and row[at - 2] == ord("(") and row[at + 5 : at + 6] == b")"

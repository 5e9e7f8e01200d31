"""A long text, page by page."""

from __future__ import annotations

from itertools import chain, count

from memory_fs import Refused

#: Longest page, in characters, what stands around the text included.
PAGE_CHARS = 8_000
_ROOM = PAGE_CHARS - 200


def page(text: str, offset: int = 0) -> str:
    """One page of a text, between tags that the text itself cannot close.

    Agents, and earlier reviewers, wrote much of what a reviewer reads. It stands there to the
    letter, so that a file can be written back as it was read; so the tags give way to the text.

    Args:
        text: The text.
        offset: The character that the page begins with.

    Returns:
        The page, and behind it how much there is and how the next page is had.

    Raises:
        Refused: There is no such place in the text.
    """
    if offset < 0 or (offset and offset >= len(text)):
        raise Refused(f"there are {len(text):,} characters; offset is a number from 0 below that")
    end = min(len(text), offset + _ROOM)
    if end < len(text):
        # A page ends with a line, unless that line alone would fill half of it.
        end = text.rfind("\n", offset + _ROOM // 2, end) + 1 or end
    names = chain(["data"], map("data-{}".format, count(2)))
    tag = next(name for name in names if f"{name}>" not in text)
    shown = f"<{tag}>\n{text[offset:end]}\n</{tag}>"
    if end < len(text):
        return (
            f"{shown}\n[characters {offset:,} to {end:,} of {len(text):,}; the next page begins at "
            f"offset={end}]"
        )
    return f"{shown}\n[the end of {len(text):,} characters]" if offset else shown

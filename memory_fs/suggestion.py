"""What somebody may have meant who wrote a name that is not there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: object, options: Iterable[str]) -> str:
    """A hint to put behind the sentence that says what is wrong.

    Args:
        word: What was written.
        options: The names that there are.

    Returns:
        `` Did you mean 'north'?`` with a space in front, or nothing where no name is near.
    """
    names = list(options)
    text = str(word).strip()[:80]
    near = [name for name in names if name.casefold() == text.casefold()]
    near = near or difflib.get_close_matches(text, names, 1)
    return f" Did you mean {near[0]!r}?" if near else ""


def unknown_name(kind: str, name: object, known: Iterable[str]) -> ValueError:
    """Makes the error that tells a person which name they may have meant.

    Args:
        kind: What the name names, such as ``action``.
        name: The name that is not known.
        known: The names that are.
    """
    names = list(known)
    hint = did_you_mean(name, names)
    return ValueError(f"Unknown {kind} {name!r}.{hint} Known: {', '.join(names)}.")

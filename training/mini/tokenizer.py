"""The tokenizer of the embedded model: byte-level BPE, with words of the memory's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from training.mini.renaming import name_pool

#: Cells of the terminal games' map, columns and rows: each ``(26,5)`` is one token, so that copying
#: and comparing places, which is what a map in words is for, is in reach of a small model.
COLUMNS, ROWS = 80, 24
#: Commands and what ends them; then come the names of files, for the same reason.
_COMMANDS = ("SEARCH", "READ", "TAIL", "COUNT", "APPEND", "WRITE", "ACTION", "DONE", "END")


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> Any:
    """Trains a tokenizer. The same texts give the same one.

    Args:
        texts: What to train on.
        vocabulary: Its tokens, without those for cells, commands and names.
    """
    from agents.backends.local.random_tokenizer import train

    tokenizer = train(texts, vocabulary)
    cells = [f"({x},{y})" for y in range(ROWS) for x in range(COLUMNS)]
    tokenizer.add_tokens([*(f"<|{name}|>" for name in _COMMANDS), *cells, *sorted(name_pool())])
    return tokenizer


def copied_tokens(tokenizer: Any) -> dict[str, list[int]]:
    """The tokens which in an answer are nearly always copied from what was asked.

    Returns:
        ``digits``, those that hold a digit, and ``names``, those that name a file.
    """
    ids: dict[str, int] = tokenizer.get_vocab()
    return {
        "digits": [number for token, number in ids.items() if any(map(str.isdigit, token))],
        "names": [ids[name] for name in sorted(name_pool()) if name in ids],
    }

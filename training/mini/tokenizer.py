"""The tokenizer of the embedded model: byte-level BPE, with words of the memory's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

#: Cells of the terminal games' map, columns and rows: each ``(26,5)`` is one token, so that copying
#: and comparing places, which is what a map in words is for, is in reach of a small model.
COLUMNS, ROWS = 80, 24
#: Commands and what ends them.
_COMMANDS = ("SEARCH", "READ", "TAIL", "COUNT", "APPEND", "WRITE", "ACTION", "DONE", "END")


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> Any:
    """Trains a tokenizer. The same texts give the same one.

    Args:
        texts: What to train on.
        vocabulary: Its tokens, without those for cells and commands.
    """
    from agents.backends.local.random_tokenizer import train

    tokenizer = train(texts, vocabulary)
    cells = [f"({x},{y})" for y in range(ROWS) for x in range(COLUMNS)]
    tokenizer.add_tokens([*(f"<|{name}|>" for name in _COMMANDS), *cells])
    return tokenizer

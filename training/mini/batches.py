"""Batches of conversations, in pieces that begin alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from training.mini.talk_tokens import TalkTokens

#: Tokens of a piece, at most, or of one conversation: a batch has pieces of several scaffolds.
_PIECE = 2_048
#: Conversations with the same system message.
Piece = Sequence[TalkTokens]


def batches(
    sequences: Sequence[TalkTokens], size: int, rng: np.random.Generator
) -> Iterator[list[Piece]]:
    """Batches of about as many tokens, in pieces with the same system message; without end."""
    groups: dict[bytes, list[int]] = {}
    for number, it in enumerate(sequences):
        groups.setdefault(it.tokens[: it.static].tobytes(), []).append(number)
    while True:
        pieces = [
            piece
            for group in groups.values()
            for piece in _pieces(group, sequences, min(size, _PIECE), rng)
        ]
        batch: list[Piece] = []
        for number in rng.permutation(len(pieces)):
            batch.append([sequences[at] for at in pieces[number]])
            if sum(map(size_of, batch)) >= size:
                yield batch
                batch = []
        if batch:
            yield batch


def _pieces(
    group: Sequence[int], sequences: Sequence[TalkTokens], size: int, rng: np.random.Generator
) -> Iterator[list[int]]:
    """Pieces of about as many tokens, of conversations that are about as long."""
    order = rng.permutation(np.array(group))
    # Sorted within large parts: little padding, and still another mixture in every round.
    for start in range(0, len(order), 512):
        part = sorted(order[start : start + 512], key=lambda at: len(sequences[at].tokens))
        piece: list[int] = []
        for at in part:
            if piece and len(sequences[at].tokens) * (len(piece) + 1) > size:
                yield piece
                piece = []
            piece.append(int(at))
        yield piece


def size_of(piece: Piece) -> int:
    """The tokens of a piece."""
    return sum(len(it.tokens) for it in piece)

"""Times the forward passes of a local engine, reading and writing apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from unittest.mock import patch

import torch

from agents.backends.local.network import Network, Piece
from benchmarks.pair.bandwidth import synchronise


@dataclass
class Passes:
    """Forward passes of one kind, added up.

    Attributes:
        count: How many.
        seconds: What they took.
        tokens: Tokens that were read, padding left out.
        adapted: Passes with rows that an adapter is on for.
        kept: Tokens whose keys and values the passes had to read: those of each row, and of a
            beginning that rows share once.
    """

    count: int = 0
    seconds: float = 0.0
    tokens: int = 0
    adapted: int = 0
    kept: int = 0

    def add(self, pieces: Sequence[Piece], seconds: float) -> None:
        """Counts a pass."""
        self.count += 1
        self.seconds += seconds
        self.tokens += sum(len(piece.tokens) for piece in pieces)
        self.adapted += any(piece.adapter for piece in pieces)
        self.kept += sum(piece.own_place + len(piece.tokens) for piece in pieces)
        shared = {id(piece.beginning): piece.beginning for piece in pieces}
        self.kept += sum(len(beginning) for beginning in shared.values() if beginning)


class PassMeter:
    """Times passes while it is installed.

    Attributes:
        token_bytes: Keys and values of one token.
    """

    def __init__(self) -> None:
        self._prefill, self._decode = Passes(), Passes()
        self.token_bytes = 0

    def take(self) -> tuple[Passes, Passes]:
        """What has been done since it was last asked.

        Returns:
            The passes that read several tokens of a row, and those that read one of each.
        """
        done = self._prefill, self._decode
        self._prefill, self._decode = Passes(), Passes()
        return done

    @contextmanager
    def installed(self, device: torch.device) -> Iterator[None]:
        """Times the passes of all engines meanwhile.

        Waiting for the device after each pass costs next to nothing: the engine waits itself,
        for the token that comes next.

        Args:
            device: What they are computed on.
        """
        read = Network.read

        def timed(network: Network, first: int, pieces: Sequence[Piece]) -> torch.Tensor:
            synchronise(device)
            start = perf_counter()
            scores = read(network, first, pieces)
            synchronise(device)
            seconds = perf_counter() - start
            one_each = all(len(piece.tokens) == 1 for piece in pieces)
            (self._decode if one_each else self._prefill).add(pieces, seconds)
            self.token_bytes = network.rows.bytes_per_token
            return scores

        with patch.object(Network, "read", timed):
            yield

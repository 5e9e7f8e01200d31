"""Keys and values of the conversations that are being answered: one row each."""

from __future__ import annotations

from typing import Any

import torch
from transformers import Cache

from agents.backends.local.prefix_tree import KeyValues

#: Room for tokens is made in steps of this size, so that it is not made for each token.
_STEP = 256
#: What a forward pass looks at is rounded up to this, for kernels that want aligned masks.
_ALIGN = 16


class Rows(Cache):
    """The cache that the model writes to: tokens at the places that :meth:`aim` said.

    A row holds its tokens from the beginning, without padding; what stands behind them is never
    seen (see the masks of :class:`agents.backends.local.network.Network`), only overwritten. The
    last place of all rows takes what has no place of its own.

    Attributes:
        length: How many tokens a row has room for.
        bytes_per_token: What one token takes; 0 before the first one was read.
    """

    def __init__(self) -> None:
        super().__init__(layers=[])
        self.length = 0
        self.bytes_per_token = 0
        self._rows = 0
        self._keys: list[torch.Tensor] = []
        self._values: list[torch.Tensor] = []

    @property
    def bytes(self) -> int:
        """What the rows take."""
        return sum(tensor.nbytes for tensor in (*self._keys, *self._values))

    def reserve(self, rows: int, length: int) -> None:
        """Makes room, and keeps what is there.

        Args:
            rows: So many rows at least.
            length: Of so many tokens at least.
        """
        before = self._rows, self.length
        self._rows = max(self._rows, rows)
        if length + 1 > self.length:
            self.length = -(-(length + 1) // _STEP) * _STEP
        try:
            # Layer by layer, so that only one of them is there twice at a time.
            for tensors in (self._keys, self._values):
                for layer, old in enumerate(tensors):
                    if old.shape[0] < self._rows or old.shape[2] < self.length:
                        tensors[layer] = self._room(old, old.shape[1], old.shape[3])
                        tensors[layer][: old.shape[0], :, : old.shape[2]] = old
        except RuntimeError:
            # Some layers have more room than they need now, which does no harm.
            self._rows, self.length = before
            raise

    def release(self) -> None:
        """Gives the room back."""
        self._rows = self.length = 0
        self._keys, self._values = [], []

    def aim(self, rows: slice, places: torch.Tensor, seen: int) -> None:
        """Says where the next forward pass writes.

        Args:
            rows: The rows that it is about.
            places: Where each token goes, ``[rows, tokens]``.
            seen: How many places of each row it looks at.
        """
        self._aimed = rows
        numbers = torch.arange(rows.start, rows.stop, device=places.device)
        self._index = (numbers[:, None], places)
        self._seen = min(self.length, -(-seen // _ALIGN) * _ALIGN)

    @property
    def seen(self) -> int:
        """How many places the next forward pass looks at."""
        return self._seen

    def update(
        self,
        key_states: torch.Tensor,
        value_states: torch.Tensor,
        layer_idx: int,
        *args: Any,
        **kwargs: Any,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Writes a layer's new keys and values; called by the model.

        Args:
            key_states: ``[rows, heads, tokens, width]``.
            value_states: The same of the values.
            layer_idx: Which layer.
            *args: Not used.
            **kwargs: Not used.

        Returns:
            All that the aimed rows hold of that layer, views of the same shape.
        """
        found = []
        for tensors, new in ((self._keys, key_states), (self._values, value_states)):
            if len(tensors) == layer_idx:
                tensors.append(self._room(new, new.shape[1], new.shape[3]))
                self._weigh()
            tensors[layer_idx].transpose(1, 2)[self._index] = new.transpose(1, 2)
            found.append(tensors[layer_idx][self._aimed, :, : self._seen])
        return found[0], found[1]

    def get_seq_length(self, layer_idx: int = 0) -> int:
        """How many places there are to look at, before the new ones."""
        return 0

    def read(self, row: int, start: int, stop: int) -> KeyValues:
        """Copies what a row holds of some tokens."""
        return [
            (key[row, :, start:stop].clone(), value[row, :, start:stop].clone())
            for key, value in zip(self._keys, self._values, strict=True)
        ]

    def write(self, row: int, start: int, keyvalues: KeyValues, count: int) -> None:
        """Puts keys and values into a row.

        Args:
            row: The row.
            start: The first token's place.
            keyvalues: Keys and values.
            count: How many tokens of them.
        """
        if not self._keys:
            for key, value in keyvalues:
                self._keys.append(self._room(key, key.shape[0], key.shape[2]))
                self._values.append(self._room(value, value.shape[0], value.shape[2]))
            self._weigh()
        for layer, (key, value) in enumerate(keyvalues):
            self._keys[layer][row, :, start : start + count] = key[:, :count]
            self._values[layer][row, :, start : start + count] = value[:, :count]

    def move(self, source: int, target: int, length: int) -> None:
        """Copies the first tokens of one row to another."""
        for tensor in (*self._keys, *self._values):
            tensor[target, :, :length] = tensor[source, :, :length]

    def wipe(self, row: int) -> None:
        """Zeroes a row: a number that is none would spoil sums even where it is not looked at."""
        for tensor in (*self._keys, *self._values):
            tensor[row] = 0

    def _room(self, like: torch.Tensor, heads: int, width: int) -> torch.Tensor:
        return like.new_zeros((self._rows, heads, self.length, width))

    def _weigh(self) -> None:
        self.bytes_per_token = self.bytes // (self._rows * self.length)

"""Batches: rows of examples, padded on the right to one length."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from training.proficiency.packing import Row
from training.proficiency.tokens import IGNORED


class Collator:
    """Makes a batch of rows.

    Args:
        pad: The token that fills rows up.
        packed: Whether rows hold several examples: their positions begin anew each time, and there
            is no ``attention_mask``, which tells transformers to keep them apart.
        trims: Whether the model takes ``logits_to_keep`` as a list of places, so that scores are
            computed only where something is learnt: a prompt of 16,000 tokens before an answer of
            100 would otherwise need gigabytes for scores that nobody looks at.
    """

    def __init__(self, pad: int, packed: bool = False, trims: bool = True) -> None:
        self._pad, self._packed, self._trims = pad, packed, trims

    def __call__(self, rows: Sequence[Row]) -> dict[str, torch.Tensor]:
        """Makes the batch.

        Returns:
            ``input_ids`` and ``labels`` of shape (rows, tokens), and ``attention_mask`` or
            ``position_ids`` likewise. ``shift_labels`` is what is learnt one place earlier, where
            it is predicted: of shape (rows, tokens), or (rows, places) with ``logits_to_keep``, the
            places (places,).
        """
        longest = max(sum(len(example.tokens) for example in row) for row in rows)
        tokens = torch.full((len(rows), longest), self._pad)
        labels = torch.full((len(rows), longest), IGNORED)
        mask = torch.zeros((len(rows), longest), dtype=torch.long)
        positions = torch.zeros((len(rows), longest), dtype=torch.long)
        for number, row in enumerate(rows):
            at = 0
            for example in row:
                end = at + len(example.tokens)
                tokens[number, at:end] = torch.tensor(example.tokens)
                labels[number, at:end] = torch.tensor(example.labels)
                positions[number, at:end] = torch.arange(end - at)
                at = end
            mask[number, :at] = 1
            # Padding is one more example, which nobody sees.
            positions[number, at:] = torch.arange(longest - at)
        batch = {"input_ids": tokens, "labels": labels}
        batch |= {"position_ids": positions} if self._packed else {"attention_mask": mask}
        shifted = torch.nn.functional.pad(labels, (0, 1), value=IGNORED)[:, 1:]
        if self._trims:
            places = (shifted != IGNORED).any(dim=0).nonzero().flatten()
            # A batch without anything to learn still needs a loss, which is 0 then.
            batch["logits_to_keep"] = places if len(places) else torch.zeros(1, dtype=torch.long)
            shifted = shifted[:, batch["logits_to_keep"]]
        batch["shift_labels"] = shifted.contiguous()
        return batch

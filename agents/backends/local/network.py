"""One forward pass over some rows: from tokens to the scores of the next ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import PreTrainedModel

from agents.backends.local.mixture import AdapterPart, Mixture
from agents.backends.local.rows import Rows
from agents.backends.local.statistics import Statistics
from agents.model import ModelSetupError


@dataclass(frozen=True, slots=True)
class Piece:
    """Tokens that a row reads in one forward pass.

    Attributes:
        tokens: The tokens; at least one.
        place: Where the first one stands in its row.
        adapter: Name of the adapter; empty for none.
        on: From which place of the row on the adapter is on.
    """

    tokens: Sequence[int]
    place: int
    adapter: str = ""
    on: int = 0


class Network:
    """A base, its adapters, and the keys and values of what is being answered.

    Args:
        model: The base, adapters already in its layers.
        mixture: What the adapted layers follow.

    Attributes:
        rows: The keys and values.
        statistics: Where passes are counted.
    """

    def __init__(self, model: PreTrainedModel, mixture: Mixture) -> None:
        self.rows = Rows()
        self._model = model
        self._mixture = mixture
        self.statistics = Statistics()
        self._device = model.device
        self._eager = model.config._attn_implementation == "eager"
        self._kinds = _attention_kinds(model.config.get_text_config())
        self._last: frozenset[str] = frozenset()

    def read(self, first: int, pieces: Sequence[Piece]) -> torch.Tensor:
        """Reads a piece in each of some rows.

        Args:
            first: The row of the first piece; the others follow. There must be room for them.
            pieces: What to read. Shorter ones are padded, in front.

        Returns:
            The scores of what follows each piece, ``[pieces, vocabulary]``, float32.
        """
        longest = max(len(piece.tokens) for piece in pieces)
        tokens, places, writes = [], [], []
        for piece in pieces:
            pad, count = longest - len(piece.tokens), len(piece.tokens)
            own = range(piece.place, piece.place + count)
            tokens.append([0] * pad + list(piece.tokens))
            places.append([0] * pad + list(own))
            writes.append([self.rows.length - 1] * pad + list(own))
        packed = torch.tensor([tokens, places, writes]).to(self._device)
        position = packed[1]
        seen = max(piece.place + len(piece.tokens) for piece in pieces)
        self.rows.aim(slice(first, first + len(pieces)), packed[2], seen)
        self._mix(pieces, longest)
        output = self._model(
            input_ids=packed[0],
            attention_mask=self._masks(position),
            position_ids=position,
            past_key_values=self.rows,
            use_cache=True,
            logits_to_keep=1,
        )
        scores: torch.Tensor = output.logits[:, -1].float()
        return scores

    def _masks(self, position: torch.Tensor) -> torch.Tensor | dict[str, torch.Tensor]:
        """What each token sees: all places up to its own, or the last ones of them."""
        place = torch.arange(self.rows.seen, device=position.device)
        before = place <= position[:, None, :, None]
        masks = {}
        for kind, window in self._kinds.items():
            mask = before
            if window is not None:
                mask = mask & (place > position[:, None, :, None] - window)
            if self._eager:
                least = torch.finfo(self._model.dtype).min
                mask = torch.zeros_like(mask, dtype=self._model.dtype).masked_fill(~mask, least)
            masks[kind] = mask
        return masks if len(masks) > 1 else masks.popitem()[1]

    def _mix(self, pieces: Sequence[Piece], longest: int) -> None:
        tokens: dict[str, list[int]] = {}
        whole = 0
        for row, piece in enumerate(pieces):
            end = (row + 1) * longest
            off = max(0, min(piece.on - piece.place, len(piece.tokens)))
            if piece.adapter and off < len(piece.tokens):
                begin = end - len(piece.tokens) + off
                tokens.setdefault(piece.adapter, []).extend(range(begin, end))
            whole += len(piece.tokens)
        names = frozenset(piece.adapter for piece in pieces)
        self.statistics.count_pass(len(pieces), len(names), names != self._last)
        self._last = names
        self._mixture.tokens = len(pieces) * longest
        self._mixture.parts = [
            # The padding may get an adapter, too: nobody looks at it.
            AdapterPart(name, None)
            if len(own) == whole
            else AdapterPart(name, torch.tensor(own).to(self._device))
            for name, own in tokens.items()
        ]


def _attention_kinds(config: Any) -> Mapping[str, int | None]:
    """The kinds of attention in a model, and how far back each looks; None for all the way."""
    window = getattr(config, "sliding_window", None)
    known = {"full_attention": None, "sliding_attention": window}
    kinds = set(getattr(config, "layer_types", None) or ())
    if unknown := sorted(kinds - set(known)):
        raise ModelSetupError(
            f"models of the type {config.model_type!r} have layers ({', '.join(unknown)}) whose "
            "past cannot be kept for other conversations; serve this one with vLLM or llama.cpp "
            "and use the backend 'messages' or 'completions'"
        )
    if not kinds:
        return {"every layer": window}
    return {kind: known[kind] for kind in sorted(kinds)}

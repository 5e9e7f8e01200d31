"""One forward pass over some rows: from tokens to the scores of the next ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from transformers import PreTrainedModel

from agents.backends.local.attention import Group
from agents.backends.local.mixture import AdapterPart, Mixture
from agents.backends.local.prefix_cache import Beginning
from agents.backends.local.rows import Rows
from agents.backends.local.statistics import Statistics
from agents.model import ModelSetupError


@dataclass(frozen=True, slots=True)
class Piece:
    """Tokens that a row reads in one forward pass.

    Attributes:
        tokens: The tokens; at least one.
        place: Where the first one stands in its conversation.
        adapter: Name of the adapter; empty for none.
        on: From which place of the conversation on the adapter is on.
        beginning: What stands before the row's own tokens; None where it has all of them.
    """

    tokens: Sequence[int]
    place: int
    adapter: str = ""
    on: int = 0
    beginning: Beginning | None = None

    @property
    def own_place(self) -> int:
        """Where the first token stands in its row."""
        return self.place - (len(self.beginning) if self.beginning else 0)


class Network:
    """A base, its adapters, and the keys and values of what is being answered.

    Args:
        model: The base, adapters already in its layers.
        mixture: What the adapted layers follow.
        shares: Whether rows look at shared beginnings in place. Else they need copies of them.

    Attributes:
        rows: The keys and values.
        shares: Whether rows look at shared beginnings in place.
        statistics: Where passes are counted.
    """

    def __init__(self, model: PreTrainedModel, mixture: Mixture, shares: bool) -> None:
        self.rows = Rows()
        self.shares = shares
        self._model = model
        self._mixture = mixture
        self.statistics = Statistics()
        self._device = model.device
        self._eager = model.config._attn_implementation == "eager"
        self._kinds = attention_kinds(model)
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
        tokens, positions, places, writes = [], [], [], []
        for piece in pieces:
            pad, count = longest - len(piece.tokens), len(piece.tokens)
            own = range(piece.own_place, piece.own_place + count)
            tokens.append([0] * pad + list(piece.tokens))
            positions.append([0] * pad + list(range(piece.place, piece.place + count)))
            # Padding sees the first place, because who sees nothing computes no number.
            places.append([0] * pad + list(own))
            writes.append([self.rows.length - 1] * pad + list(own))
        packed = torch.tensor([tokens, positions, places, writes]).to(self._device)
        seen = max(piece.own_place + len(piece.tokens) for piece in pieces)
        self.rows.aim(slice(first, first + len(pieces)), packed[3], seen)
        self._mix(pieces, longest)
        groups = self._groups(pieces)
        output = self._model(
            input_ids=packed[0],
            attention_mask=self._masks(packed[2]),
            position_ids=packed[1],
            past_key_values=self.rows,
            use_cache=True,
            logits_to_keep=1,
            **({"shared": groups} if groups else {}),
        )
        scores: torch.Tensor = output.logits[:, -1].float()
        return scores

    def _groups(self, pieces: Sequence[Piece]) -> list[Group]:
        rows: dict[int, list[int]] = {}
        for row, piece in enumerate(pieces):
            if piece.beginning is not None:
                rows.setdefault(id(piece.beginning), []).append(row)
        return [
            Group(
                None if len(own) == len(pieces) else torch.tensor(own).to(self._device),
                beginning.keyvalues,
            )
            for own in rows.values()
            if (beginning := pieces[own[0]].beginning)
        ]

    def _masks(self, places: torch.Tensor) -> torch.Tensor | dict[str, torch.Tensor]:
        """What each token sees of its row: all places up to its own, or the last ones of them."""
        place = torch.arange(self.rows.seen, device=places.device)
        before = place <= places[:, None, :, None]
        masks = {}
        for kind, window in self._kinds.items():
            mask = before
            if window is not None:
                mask = mask & (place > places[:, None, :, None] - window)
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
            AdapterPart(name)
            if len(own) == whole
            else AdapterPart.of(name, own, self._mixture.tokens, self._device)
            for name, own in tokens.items()
        ]


def attention_kinds(model: PreTrainedModel) -> Mapping[str, int | None]:
    """The kinds of attention in a model, and how far back each looks; None for all the way.

    Raises:
        ModelSetupError: There are kinds that keep no keys and values.
    """
    config = model.config.get_text_config()
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

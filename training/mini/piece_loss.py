"""The loss of conversations that begin alike: what they share is read once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from training.mini.batches import Piece
from training.mini.talk_tokens import ANSWER, CHOICE, TOLD, TalkTokens
from training.proficiency.tokens import IGNORED

Weights = np.ndarray[Any, np.dtype[np.float32]]
#: All that is learnt counts alike.
WEIGHTS: Mapping[int, float] = {TOLD: 1.0, ANSWER: 1.0, CHOICE: 1.0}


def padded(piece: Piece) -> tuple[Any, Any]:
    """Tokens and labels, each of shape (conversations, tokens of the longest)."""
    import torch

    longest = max(len(it.tokens) for it in piece)
    tokens = torch.zeros(len(piece), longest, dtype=torch.long)
    labels = torch.full((len(piece), longest), IGNORED)
    for row, it in enumerate(piece):
        tokens[row, : len(it.tokens)] = torch.from_numpy(it.tokens)
        learnt = np.where(it.learnt > 0, it.tokens, IGNORED)
        labels[row, : len(it.tokens)] = torch.from_numpy(learnt)
    return tokens, labels


def piece_loss(model: Any, piece: Piece, weights: Mapping[int, float] = WEIGHTS) -> Any:
    """The summed loss of conversations with the same system message, which is read once.

    Args:
        model: The model.
        piece: The conversations.
        weights: What a token counts, by why it is learnt.
    """
    import torch

    # Padding stands at the end, where nothing that counts looks at it.
    tokens, labels = padded(piece)
    static = piece[0].static
    hidden = _hidden(model, tokens, static)[:, :-1]
    wanted = labels[:, static + 1 :]
    # Logits only where something is learnt: that is a small part of a conversation.
    chosen = wanted != IGNORED
    logits = model.lm_head(hidden[chosen])
    losses = torch.nn.functional.cross_entropy(logits, wanted[chosen], reduction="none")
    counted = torch.zeros(wanted.shape)
    for row, it in enumerate(piece):
        counted[row, : len(it.tokens) - static - 1] = torch.from_numpy(
            weighed(it, weights)[static + 1 :]
        )
    return (losses * counted[chosen]).sum()


def weighed(talk: TalkTokens, weights: Mapping[int, float]) -> Weights:
    """What each token of a conversation counts."""
    table: Weights = np.array([weights.get(why, 0.0) for why in range(CHOICE + 1)], np.float32)
    counted: Weights = table[talk.learnt]
    return counted


def _hidden(model: Any, tokens: Any, static: int) -> Any:
    """The last hidden states behind a beginning that all rows share."""
    import torch
    from transformers import DynamicCache

    if static == 0 or len(tokens) == 1:
        return model.model(input_ids=tokens, use_cache=False).last_hidden_state[:, static:]
    rows, length = tokens.shape
    cache: Any = DynamicCache(config=model.config)
    model.model(input_ids=tokens[:1, :static], past_key_values=cache, use_cache=True)
    for layer in cache.layers:
        layer.keys = layer.keys.expand(rows, -1, -1, -1)
        layer.values = layer.values.expand(rows, -1, -1, -1)
    places = torch.arange(static, length).expand(rows, -1)
    return model.model(
        input_ids=tokens[:, static:], past_key_values=cache, use_cache=True, position_ids=places
    ).last_hidden_state

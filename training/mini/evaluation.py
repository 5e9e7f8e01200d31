"""What a small model has learnt, on conversations that were held out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from training.mini.piece_loss import padded
from training.mini.talk_tokens import ANSWER, TOLD, TalkTokens


def evaluate(
    model: Any, sequences: Sequence[TalkTokens], digits: Sequence[int]
) -> dict[str, float | None]:
    """Measures a model on the answers of held-out conversations.

    Args:
        model: The model.
        sequences: The conversations.
        digits: The tokens that hold a digit. Nearly each of them in an answer is copied from what
            was asked, which is learnt long after the forms are: it tells more than the loss.

    Returns:
        The loss, and which share of the tokens of answers is the likeliest one: ``likeliest`` of
        all, ``digits`` of those with a digit in the first answer of a conversation,
        ``digits_after_look`` in later ones, which is learnt later still; None where there are none.
    """
    import torch

    losses, count = 0.0, 0
    right: dict[str, list[Any]] = {"likeliest": [], "digits": [], "digits_after_look": []}
    numbers = torch.tensor(list(digits))
    model.eval()
    with torch.no_grad():
        for it in sequences:
            tokens, _ = padded([it])
            logits = model(input_ids=tokens).logits[0, :-1]
            chosen = torch.from_numpy(it.learnt[1:] == ANSWER)
            wanted = tokens[0, 1:][chosen]
            losses += torch.nn.functional.cross_entropy(
                logits[chosen], wanted, reduction="sum"
            ).item()
            hits = logits[chosen].argmax(-1) == wanted
            told = torch.from_numpy((np.cumsum(it.learnt == TOLD) > 0)[1:])[chosen]
            copied = torch.isin(wanted, numbers)
            right["likeliest"].append(hits)
            right["digits"].append(hits[copied & ~told])
            right["digits_after_look"].append(hits[copied & told])
            count += len(hits)
    model.train()
    return {"held_out": round(losses / count, 4), **{k: _share(v) for k, v in right.items()}}


def _share(hits: Sequence[Any]) -> float | None:
    import torch

    every = torch.cat(list(hits))
    return round(every.float().mean().item(), 4) if len(every) else None

"""What a small model has learnt, on conversations that were held out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from training.mini.piece_loss import padded
from training.mini.talk_tokens import ANSWER, CHOICE, TOLD, TalkTokens


def evaluate(
    model: Any, sequences: Sequence[TalkTokens], copied: Mapping[str, Sequence[int]]
) -> dict[str, float | None]:
    """Measures a model on the answers of held-out conversations.

    Args:
        model: The model.
        sequences: The conversations.
        copied: Kinds of tokens which in an answer are copied from what was asked, see
            :func:`training.mini.tokenizer.copied_tokens`. That is learnt long after the forms are:
            it tells more than the loss.

    Returns:
        The loss, and which share of the tokens of answers is the likeliest one: ``likeliest`` of
        all, ``actions`` of the names of actions, not all of which can be known, and of each
        ``KIND``: that name for those in the first answer of a conversation, and
        ``KIND_after_look`` for those in later ones, which are learnt later still; None where there
        are none.
    """
    import torch

    losses, count = 0.0, 0
    kinds = {kind: torch.tensor(list(tokens)) for kind, tokens in copied.items()}
    names = [f"{kind}{after}" for kind in ("actions", *kinds) for after in ("", "_after_look")]
    right: dict[str, list[Any]] = {name: [] for name in ("likeliest", *names)}
    model.eval()
    with torch.no_grad():
        for it in sequences:
            tokens, _ = padded([it])
            logits = model(input_ids=tokens).logits[0, :-1]
            chosen = torch.from_numpy(it.learnt[1:] >= ANSWER)
            wanted = tokens[0, 1:][chosen]
            losses += torch.nn.functional.cross_entropy(
                logits[chosen], wanted, reduction="sum"
            ).item()
            hits = logits[chosen].argmax(-1) == wanted
            told = torch.from_numpy((np.cumsum(it.learnt == TOLD) > 0)[1:])[chosen]
            right["likeliest"].append(hits)
            found = {"actions": torch.from_numpy(it.learnt[1:] == CHOICE)[chosen]}
            found |= {kind: torch.isin(wanted, listed) for kind, listed in kinds.items()}
            for kind, of_kind in found.items():
                right[kind].append(hits[of_kind & ~told])
                right[f"{kind}_after_look"].append(hits[of_kind & told])
            count += len(hits)
    model.train()
    return {"held_out": round(losses / count, 4), **{k: _share(v) for k, v in right.items()}}


def _share(hits: Sequence[Any]) -> float | None:
    import torch

    every = torch.cat(list(hits))
    return round(every.float().mean().item(), 4) if len(every) else None

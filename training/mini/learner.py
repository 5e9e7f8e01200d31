"""Makes a small model learn from batches."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from training.mini.batches import Piece, size_of
from training.mini.evaluation import evaluate
from training.mini.piece_loss import piece_loss, weighed
from training.mini.shape import MiniShape
from training.mini.talk_tokens import ANSWER, CHOICE, TOLD, TalkTokens

#: Share of the tokens in which the rate rises, and what of it is left at the end.
_WARM_UP, _LOWEST = 0.02, 0.1
#: Steps between two rows.
_EVERY = 100
#: Conversations that are held out and measured for a row.
_MEASURED = 128


class Learner:
    """Makes a model learn.

    Args:
        model: The model.
        shape: The rates.
        copied: Kinds of tokens that are copied, see :func:`evaluate`.
        record: Given a row, now and then.
    """

    def __init__(
        self,
        model: Any,
        shape: MiniShape,
        copied: Mapping[str, Sequence[int]],
        record: Callable[[dict[str, Any]], None],
    ) -> None:
        self._model = model
        self._shape = shape
        self._copied = copied
        self._record = record

    def learn(
        self, batches: Iterable[Sequence[Piece]], held_out: Sequence[TalkTokens], most: int
    ) -> None:
        """Learns from batches until so many tokens have been seen, with fresh optimisers."""
        optimisers = _optimisers(self._model, self._shape)
        seen, started = 0, time.monotonic()
        for step, batch in enumerate(batches, 1):
            rate = self._shape.learning_rate * _schedule(seen / most)
            for optimiser in optimisers:
                for group in optimiser.param_groups:
                    group["lr"] = rate
            loss = self._step(batch, optimisers)
            seen += sum(map(size_of, batch))
            if step % _EVERY == 0 or seen >= most:
                self._tell(step, seen, loss, held_out, time.monotonic() - started)
            if seen >= most:
                return

    def _step(self, batch: Sequence[Piece], optimisers: Sequence[Any]) -> float:
        import torch

        weights = {TOLD: self._shape.told, ANSWER: 1.0, CHOICE: self._shape.choices}
        count = sum(float(weighed(it, weights)[1:].sum()) for piece in batch for it in piece)
        loss = 0.0
        for piece in batch:
            of_piece = piece_loss(self._model, piece, weights) / count
            of_piece.backward()
            loss += of_piece.item()
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        return loss

    def _tell(
        self, step: int, seen: int, loss: float, held_out: Sequence[TalkTokens], seconds: float
    ) -> None:
        row: dict[str, Any] = {"step": step, "tokens": seen, "loss": round(loss, 4)}
        row |= evaluate(self._model, held_out[:_MEASURED], self._copied)
        self._record({**row, "tokens_per_second": round(seen / seconds)})


def _schedule(done: float) -> float:
    if done < _WARM_UP:
        return (done + 1e-3) / (_WARM_UP + 1e-3)
    return _LOWEST + (1 - _LOWEST) * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


def _optimisers(model: Any, shape: MiniShape) -> list[Any]:
    """Muon for the matrices inside, AdamW for what remains: embeddings, norms and biases."""
    import torch

    from training.mini.muon import Muon

    inner = {id(p) for p in model.model.layers.parameters() if p.dim() > 1}
    matrices = [p for p in model.parameters() if id(p) in inner]
    others = [p for p in model.parameters() if id(p) not in inner]
    rate, decay = shape.learning_rate, shape.weight_decay
    return [
        Muon(matrices, lr=rate, weight_decay=decay),
        torch.optim.AdamW(others, lr=rate, weight_decay=0.0, betas=(0.9, 0.95), fused=True),
    ]

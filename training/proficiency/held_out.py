"""The loss of examples that are not learnt."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import nn

from training.proficiency.collator import Collator
from training.proficiency.tokens import IGNORED, ExampleTokens


def row_losses(model: nn.Module, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """The loss of each row, summed over what is learnt of it.

    Args:
        model: The model.
        batch: What a :class:`~training.proficiency.collator.Collator` made.

    Returns:
        Of shape (rows,), in float32 on the model's device.
    """
    device = next(model.parameters()).device
    inputs = {name: value.to(device) for name, value in batch.items()}
    del inputs["labels"]
    wanted = inputs.pop("shift_labels")
    logits = model(**inputs).logits.float()
    losses = nn.functional.cross_entropy(
        logits.flatten(0, 1), wanted.flatten(), ignore_index=IGNORED, reduction="none"
    )
    return losses.view_as(wanted).sum(dim=1)


@contextlib.contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Without dropout, gradients and checkpoints of activations; as it was, afterwards.

    PEFT refuses a second pass of an activated LoRA before the first one's gradients while
    activations are checkpointed.
    """
    was = model.training
    layers = [it for it in model.modules() if getattr(it, "gradient_checkpointing", False)]
    try:
        model.eval()
        for layer in layers:
            layer.gradient_checkpointing = False  # type: ignore[assignment]
        with torch.no_grad():
            yield
    finally:
        model.train(was)
        for layer in layers:
            layer.gradient_checkpointing = True  # type: ignore[assignment]


class HeldOut:
    """Measures the loss of held-out examples, each process its share of them.

    Args:
        examples: The examples.
        collator: Makes batches of single examples.
        batch: How many are computed at once.
    """

    def __init__(self, examples: Sequence[ExampleTokens], collator: Collator, batch: int) -> None:
        ordered = sorted(examples, key=lambda it: len(it.tokens))  # alike ones need little padding
        self._collator = collator
        self._batches = [ordered[at : at + batch] for at in range(0, len(ordered), batch)]
        self._routines = sorted({example.routine for example in examples})

    def measure(self, model: nn.Module, accelerator: Any) -> tuple[float | None, dict[str, float]]:
        """The mean loss of a token, of all and of each routine; None where there are none.

        Args:
            model: The model.
            accelerator: accelerate's, which knows of other processes.
        """
        if not self._batches:
            return None, {}
        place = {routine: number for number, routine in enumerate(self._routines)}
        sums = torch.zeros((len(place), 2), dtype=torch.float64, device=accelerator.device)
        count, first = accelerator.num_processes, accelerator.process_index
        with evaluating(model):
            # All processes pass equally often: a model in shards needs all of them each time.
            for at in range(first, -(-len(self._batches) // count) * count, count):
                batch = self._batches[at % len(self._batches)]
                losses = row_losses(model, self._collator([(example,) for example in batch]))
                for example, loss in zip(batch, losses.tolist(), strict=True):
                    if at < len(self._batches):
                        sums[place[example.routine], 0] += loss
                        sums[place[example.routine], 1] += example.learnt
        found = accelerator.reduce(sums, "sum").tolist()
        loss, tokens = (sum(column) for column in zip(*found, strict=True))
        means = zip(self._routines, found, strict=True)
        return loss / tokens, {routine: each[0] / each[1] for routine, each in means}

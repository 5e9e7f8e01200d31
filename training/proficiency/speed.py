"""Measures what the trainer costs beside the arithmetic of a training.

    python -m training.proficiency.speed --shape 25M --tokens 512 --out speed.json

Our trainer (transformers' Trainer, PEFT, our order, batches and losses) and a plain loop of forward
pass, backward pass and AdamW step take turns on the same model and the same batches. The third one
is the plain loop without the scores left out (see ``trims`` of the collator), which is what such a
loop does that knows nothing of prompts.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import torch
from torch import nn

from agents.backends.local.random_weights import SHAPES, build
from agents.model import Message, ModelSpec
from benchmarks.pair.bandwidth import synchronise
from benchmarks.pair.machine import machine
from training.proficiency.adapter_trainer import AdapterTrainer, Watch, arguments
from training.proficiency.base import add_adapter, local_options, open_base
from training.proficiency.collator import Collator
from training.proficiency.data_set import DataSet
from training.proficiency.example import Example
from training.proficiency.held_out import HeldOut
from training.proficiency.lora_recipe import LoraRecipe
from training.proficiency.loss_log import LossLog
from training.proficiency.tokens import encode


def synthetic(count: int, words: int, seed: int = 0) -> list[Example]:
    """Examples for measuring: long prompts, and answers of some commands.

    Args:
        count: How many.
        words: Least words of a prompt.
        seed: Makes them others.
    """
    target = "<|APPEND|>notes.md|stairs down in the east<|END|>\n" * 3 + "<|DONE|>"
    found = []
    for number in range(count):
        seen = " ".join(f"wall {seed * count + number + word}" for word in range(words))
        messages = (Message("system", "You keep notes."), Message("user", seen))
        spans = ((0, len(target)),)
        found.append(Example("E/0/0", number, 0, "log", "0" * 64, messages, spans, target))
    return found


def measure(
    shape: str, tokens: int, steps: int, rounds: int, recipe: LoraRecipe
) -> dict[str, float]:
    """Trains with each, in turns.

    Args:
        shape: Shape of the model.
        tokens: Tokens of an example.
        steps: Steps of a round.
        rounds: How often each takes its turn, after one that does not count.
        recipe: How it is trained; its cutoff and epochs do not count.

    Returns:
        Tokens a second of ``trainer``, ``plain`` and ``plain, all scores``; medians.
    """
    found: dict[str, list[float]] = {"trainer": [], "plain": [], "plain, all scores": []}
    with tempfile.TemporaryDirectory() as folder:
        build(folder, shape, adapter=False)
        spec = ModelSpec("local", folder)
        base = open_base(spec, recipe)
        step = recipe.batch * recipe.accumulation
        examples, _ = encode(synthetic(step * steps, tokens), base.form, tokens)
        data = DataSet([(example,) for example in examples], step, seed=recipe.seed)
        model = add_adapter(base, recipe)
        device = local_options(spec, recipe).device
        trimmed, whole = Collator(base.pad, trims=base.trims), Collator(base.pad, trims=False)
        for number in range(rounds + 1):
            seconds = {
                "trainer": _by_trainer(model, trimmed, data, recipe, Path(folder), device),
                "plain": _by_hand(model, trimmed, data, recipe),
                "plain, all scores": _by_hand(model, whole, data, recipe),
            }
            for name, rates in found.items():
                if number:
                    rates.append(data.tokens(0, data.steps) / seconds[name])
    return {name: median(rates) for name, rates in found.items()}


def _by_trainer(
    model: nn.Module,
    collator: Collator,
    data: DataSet,
    recipe: LoraRecipe,
    folder: Path,
    device: str,
) -> float:
    """Seconds of a training with our trainer, without checkpoints and held-out examples."""
    settings = arguments(folder / "out", recipe, data.steps, data.steps + 1, device, [])
    settings.save_strategy = "no"
    log = LossLog(folder / "losses.jsonl")
    watch = Watch(data, HeldOut([], collator, 1), log, data.steps, lambda line: None)
    AdapterTrainer(model, settings, data, collator, recipe, watch, []).train()
    rate = log.read()[-1].tokens_per_second
    return data.tokens(0, data.steps) / rate


def _by_hand(model: nn.Module, collator: Collator, data: DataSet, recipe: LoraRecipe) -> float:
    """Seconds of the same without a trainer."""
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    device = weights[0].device
    optimiser = torch.optim.AdamW(weights, lr=recipe.learning_rate)
    model.train()
    synchronise(device)
    start = time.perf_counter()
    for at in range(0, len(data), data.step):
        for first in range(at, at + data.step, recipe.batch):
            batch = collator([data[first + row] for row in range(recipe.batch)])
            if "logits_to_keep" not in batch:
                del batch["shift_labels"]
            inputs = {name: value.to(device) for name, value in batch.items()}
            (model(**inputs).loss / recipe.accumulation).backward()
        nn.utils.clip_grad_norm_(weights, recipe.max_grad_norm)
        optimiser.step()
        optimiser.zero_grad()
    synchronise(device)
    return time.perf_counter() - start


def main(words: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m training.proficiency.speed")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = __doc__
    parser.add_argument("--shape", default="25M", choices=list(SHAPES))
    parser.add_argument("--tokens", type=int, default=512, help="of an example (512)")
    parser.add_argument("--steps", type=int, default=8, help="of a round (8)")
    parser.add_argument("--rounds", type=int, default=5, help="(5)")
    parser.add_argument("--batch", type=int, default=1, help="(1)")
    parser.add_argument("--accumulation", type=int, default=4, help="(4)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the figures as JSON")
    given = parser.parse_args(words)
    recipe = LoraRecipe(
        batch=given.batch, accumulation=given.accumulation, gradient_checkpointing=False
    )
    found = measure(given.shape, given.tokens, given.steps, given.rounds, recipe)
    for name, rate in found.items():
        print(f"{name:>20}: {rate:10,.0f} tokens/s, {rate / found['plain']:.3f} of plain")
    if given.out:
        settings = {name: str(value) for name, value in vars(given).items()}
        told = {**machine(), "settings": settings, "tokens_per_second": found}
        given.out.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

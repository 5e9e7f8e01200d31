"""Measures training at the size of real models, with random weights made on the device.

    python -m training.gpu_train --out gpu_train.json
    python -m training.gpu_train --shape tiny --tokens 256 --steps 2

The first one wants a GPU with 80 GB: the shapes of Qwen2.5-7B and -32B, each as LoRA on bfloat16
and as QLoRA on 4 bits, with rows of 16,384 tokens and checkpoints of activations. The second one
runs on a CPU. Nobody has run this on a GPU yet: what it says there is unproven.

The arithmetic of a step is counted from the shape: two operations a weight and token, forwards,
forwards once more with checkpoints of activations, and backwards to the activations (a frozen
weight needs no gradient), and that of attention likewise. It is held against the rate of a large
matrix product that is measured in the same run, as is the bandwidth of memory.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from agents.backends.local.device import choose_device
from agents.backends.local.options import LocalOptions
from agents.backends.local.random_weights import SHAPES, TARGETS, build
from agents.model import ModelError, ModelSpec
from benchmarks.pair.bandwidth import copy_bandwidth, synchronise
from benchmarks.pair.device_memory import reset_peak, taken
from benchmarks.pair.machine import machine
from training.proficiency.base import local_options
from training.proficiency.example import write_examples
from training.proficiency.lora_recipe import LoraRecipe
from training.proficiency.loss_log import LossLog
from training.proficiency.speed import synthetic
from training.proficiency.trainer import LOSSES, TrainingError, train

#: What stands for weights that are not quantised.
_PLAIN = "none"
#: From this share of the fastest matrix product on, arithmetic is what limits.
_LIMITED = 0.5
_PRODUCTS = 5


def parse(words: Sequence[str] | None) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.gpu_train", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--shape", type=_words, default=("7B", "32B"), help="default: 7B,32B")
    parser.add_argument("--load-in", type=_words, default=(_PLAIN, "4bit"), help="none,4bit")
    parser.add_argument("--tokens", type=int, default=16_384, help="of a row (16384)")
    parser.add_argument("--batch", type=int, default=1, help="rows (1)")
    parser.add_argument("--steps", type=int, default=4, help="as many before, which only warm up")
    parser.add_argument("--rank", type=int, default=16, help="of the adapter (16)")
    parser.add_argument("--device", default="auto", help="cuda, cuda:1, cpu")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the results as JSON")
    given = parser.parse_args(words)
    for shape in given.shape:
        if shape not in SHAPES:
            parser.error(f"--shape: {shape!r} is none; there are {', '.join(SHAPES)}")
    return given


def _words(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))


def product_rate(device: torch.device, dtype: torch.dtype) -> float:
    """Operations a second of a large matrix product: the best of some.

    Args:
        device: Where.
        dtype: Type of the matrices.
    """
    size = 8_192 if device.type == "cuda" else 1_024
    one, other = (torch.randn(size, size, device=device).to(dtype) for _ in range(2))
    rates = []
    for _ in range(_PRODUCTS + 1):
        synchronise(device)
        start = time.perf_counter()
        one @ other
        synchronise(device)
        rates.append(2 * size**3 / (time.perf_counter() - start))
    return max(rates[1:])


def operations(shape: str, tokens: int, passes: int) -> float:
    """Operations of a row in the layers between embedding and output.

    The output layer is left out: it computes the answer's few tokens only.

    Args:
        shape: Shape of the model.
        tokens: Tokens of the row.
        passes: How often all is gone through: forwards, again, backwards.
    """
    sizes = SHAPES[shape]["config"]
    hidden, layers = sizes["hidden_size"], sizes["num_hidden_layers"]
    kept = hidden // sizes["num_attention_heads"] * sizes["num_key_value_heads"]
    weights = 2 * hidden * hidden + 2 * hidden * kept + 3 * hidden * sizes["intermediate_size"]
    # Scores, and what they weigh, over half of the square: a token looks back only.
    attention = 2 * tokens * tokens * hidden
    # Attention has two products whose both sides need gradients: its way back costs twice.
    return float(layers * (2 * weights * tokens * passes + attention * (passes + 1)))


def measure(given: argparse.Namespace, shape: str, load_in: str) -> dict[str, Any]:
    """Trains one model, and tells how fast that was."""
    recipe = LoraRecipe(
        rank=given.rank,
        load_in="" if load_in == _PLAIN else load_in,
        cutoff=given.tokens,
        batch=given.batch,
        accumulation=1,
        epochs=1,
        targets=TARGETS,
        schedule="constant",
        dropout=0.0,
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder / "base", shape, adapter=False, weights=False)
        count = 2 * given.steps * given.batch
        # A word has two tokens at least, so all rows are cut to the same length.
        write_examples(folder / "examples.jsonl", synthetic(count, given.tokens))
        options = {"weights": "random", "device": given.device}
        spec = ModelSpec("local", str(folder / "base"), options=options)
        device = torch.device(local_options(spec, recipe).device)
        dtype: torch.dtype = getattr(torch, local_options(spec, recipe).dtype)
        reset_peak(device)
        train(
            spec,
            folder / "examples.jsonl",
            folder / "adapter",
            recipe,
            evaluate_every=given.steps,
            save_every=count,
            report_to=(),
        )
        last = LossLog(folder / "adapter" / LOSSES).read()[-1]
    memory = taken(device)
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
    rate = last.tokens_per_second
    seconds = given.batch * given.tokens / rate
    best, bandwidth = product_rate(device, dtype), copy_bandwidth(device)
    arithmetic = given.batch * operations(shape, given.tokens, 3) / seconds / best
    useful = given.batch * operations(shape, given.tokens, 2) / seconds / best
    sizes = SHAPES[shape]["config"]
    parameters = operations(shape, 1, 1) / 2
    width = 0.5 if recipe.load_in else dtype.itemsize
    read = 3 * parameters * width / seconds / bandwidth
    return {
        "shape": shape,
        "load_in": load_in,
        "layers": sizes["num_hidden_layers"],
        "tokens_per_second": rate,
        "step_seconds": seconds,
        "memory": memory,
        "product_rate": best,
        "arithmetic_share": arithmetic,
        "useful_share": useful,
        "weights_read_share": read,
        "limit": _limit(arithmetic, read),
    }


def _limit(arithmetic: float, read: float) -> str:
    if max(arithmetic, read) < _LIMITED:
        return "neither products nor reading weights: unpacking, element-wise work, or launches"
    return "arithmetic of matrix products" if arithmetic >= read else "reading the weights"


def main(words: Sequence[str] | None = None) -> int:
    """The command.

    Returns:
        The exit status: 0 if all was measured, 1 if something did not run.
    """
    given = parse(words)
    device = choose_device(LocalOptions(device=given.device))
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "no GPU"
    print(f"on {device} ({name}), rows of {given.tokens:,} tokens, rank {given.rank}")
    runs: list[dict[str, Any]] = []
    for shape in given.shape:
        for load_in in given.load_in:
            try:
                found = {"error": "", **measure(given, shape, load_in)}
                told = ", ".join(
                    f"{kind} {size / 1e9:.2f} GB" for kind, size in found["memory"].items()
                )
                print(
                    f"{shape}, quantised: {load_in}: {found['tokens_per_second']:,.0f} tokens/s, "
                    f"{found['arithmetic_share']:.0%} of the product rate "
                    f"({found['product_rate'] / 1e12:.3g} T/s), {told}; limit: {found['limit']}"
                )
            except (ModelError, TrainingError, ValueError) as error:
                found = {"shape": shape, "load_in": load_in, "error": str(error)}
                print(f"{shape}, quantised: {load_in}: did not run: {error}")
            runs.append(found)
    if given.out:
        settings = {key: str(value) for key, value in vars(given).items()}
        facts = {**machine(), "ran_on": f"{device} ({name})", "settings": settings, "runs": runs}
        given.out.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return 1 if any(run["error"] for run in runs) else 0


if __name__ == "__main__":
    sys.exit(main())

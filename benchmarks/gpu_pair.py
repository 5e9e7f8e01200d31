"""Measures the pair at the size of a real model, with random weights made on the device.

    python -m benchmarks.gpu_pair --out gpu.json
    python -m benchmarks.gpu_pair --shape 0.5B --dtype bfloat16 --in-flight 1,2 --game-steps 1

The first one wants a GPU: the shape of Qwen2.5-32B in bfloat16 (66 GB) and in 4 bit, with 1, 8 and
32 episodes in flight. The second one runs on a CPU. Episodes are played by threads of this process;
the answers are forced (see ``automem pair --help``). A decode pass has to read all weights, and the
keys and values of its rows; the time that this takes at the device's bandwidth, which is measured
by copying a large block in the same run, is the limit that decoding is held against.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.table import Table
from transformers import AutoConfig

from agents.backends.local.device import choose_device, choose_dtype
from agents.backends.local.options import LocalOptions
from agents.backends.local.random_weights import SHAPES, build
from agents.model import ModelError
from benchmarks.pair.arguments import DEFAULTS
from benchmarks.pair.bandwidth import copy_bandwidth
from benchmarks.pair.device_memory import reset_peak, taken
from benchmarks.pair.machine import machine
from benchmarks.pair.pair import Pair, PairSpec
from benchmarks.pair.pass_meter import PassMeter
from benchmarks.pair.reached import Reached
from benchmarks.pair.throughput import at_the_same_time
from benchmarks.report.terminal import make_console
from benchmarks.speed.table import number

#: What stands for weights that are not quantised.
_PLAIN = "none"


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu_pair", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--shape", default="32B", choices=list(SHAPES))
    parser.add_argument(
        "--load-in",
        type=_words,
        default=(_PLAIN, "4bit"),
        help=f"{_PLAIN}, 4bit, 8bit, separated by commas (default: {_PLAIN},4bit)",
    )
    parser.add_argument("--in-flight", type=_numbers, default=(1, 8, 32), help="default: 1,8,32")
    parser.add_argument("--game-steps", type=int, default=5, help="of each episode (default: 5)")
    parser.add_argument("--warm-up", type=int, default=2, help="game steps before (default: 2)")
    parser.add_argument("--rank", type=int, default=128, help="of the adapter (default: 128)")
    parser.add_argument("--activated", action="store_true", help="an activated LoRA")
    parser.add_argument("--env", default=DEFAULTS["env"][0], help="default: %(default)s")
    parser.add_argument("--dtype", default="auto", help="bfloat16 on CUDA, float32 on a CPU")
    parser.add_argument("--device", default="auto", help="cuda, cuda:1, mps, cpu")
    parser.add_argument("--force", default=DEFAULTS["force"], help="who writes the answers")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the results as JSON")
    return parser.parse_args(arguments)


def _words(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, _words(text)))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command.

    Returns:
        The exit status: 0 if all was measured, 1 if something did not run.
    """
    given = parse(arguments)
    options = LocalOptions(device=given.device, dtype=given.dtype)
    device = choose_device(options)
    console = make_console()
    facts: dict[str, Any] = {
        **machine(),
        "shape": given.shape,
        "dtype": str(choose_dtype(options, device)).removeprefix("torch."),
        "ran_on": f"{device} ({_device_name(device)})",
        "bandwidth": copy_bandwidth(device),
        "settings": {name: str(value) for name, value in vars(given).items()},
    }
    _introduce(console, facts)
    runs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        build(folder, given.shape, rank=given.rank, activated=given.activated, weights=False)
        for load_in in given.load_in:
            runs.append(_run(console, given, folder, load_in, device, facts["bandwidth"]))
    if given.out:
        given.out.write_text(json.dumps({**facts, "runs": runs}, indent=1) + "\n", "utf-8")
    return 1 if any(run["error"] for run in runs) else 0


def _device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"no GPU; {torch.get_num_threads()} threads"


def _introduce(console: Console, facts: dict[str, Any]) -> None:
    console.print(
        f"the shape {facts['shape']} with random weights in {facts['dtype']}, on "
        f"{facts['ran_on']}; a large copy moves {facts['bandwidth'] / 1e9:,.1f} GB/s",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def _run(
    console: Console,
    given: argparse.Namespace,
    folder: str,
    load_in: str,
    device: torch.device,
    bandwidth: float,
) -> dict[str, Any]:
    """Measures one kind of weights; what did not fit is told, and is no figure."""
    spec = PairSpec(
        folder,
        str(Path(folder) / ("activated" if given.activated else "adapter")),
        {
            "weights": "random",
            "load_in": "" if load_in == _PLAIN else load_in,
            "dtype": given.dtype,
            "device": str(device),
            "force": given.force,
            "batch": max(given.in_flight),
        },
    )
    found: list[Reached] = []
    error, opened = "", {}
    try:
        start = time.perf_counter()
        with Pair(spec) as pair:
            opened = {"seconds": time.perf_counter() - start, **taken(device)}
            for reached in measure(pair, given, device, bandwidth, folder):
                found.append(reached)
                steps = f"{reached.played.game_steps_per_second:.3g} game steps/s"
                console.print(f"[dim]{load_in}, {reached.in_flight} in flight: {steps}[/]")
    except ModelError as failure:
        error = str(failure)
        console.print(f"[red]{load_in} did not run to the end[/]: {error}", soft_wrap=True)
    _show(console, load_in, found)
    return {
        "load_in": load_in,
        "error": error,
        "opened": opened,
        "reached": [reached.to_json() for reached in found],
    }


def measure(
    pair: Pair, given: argparse.Namespace, device: torch.device, bandwidth: float, folder: str
) -> Iterator[Reached]:
    """Plays with one number of episodes in flight after the other.

    Args:
        pair: The pair.
        given: How many, and how long.
        device: Where the pair is.
        bandwidth: What its memory does, in bytes a second.
        folder: Where its configuration is.
    """
    meter = PassMeter()
    seed = 0
    with meter.installed(device):
        for in_flight in given.in_flight:
            # Other seeds each time: what was computed for the last ones must not help these.
            rows = [pair.row(given.env, seed + number, 10_000) for number in range(in_flight)]
            seed += in_flight
            if given.warm_up:
                at_the_same_time(rows, given.warm_up)
            meter.take()
            reset_peak(device)
            before = pair.statistics()
            played = at_the_same_time(rows, given.game_steps)
            prefill, decode = meter.take()
            engine = pair.since(before)
            for row in rows:
                row.close()
            weights = engine["base_bytes"] - embedding_bytes(folder, given, device)
            read = decode.count * weights + decode.adapted * engine["adapter_bytes"]
            yield Reached(
                in_flight=in_flight,
                played=played,
                prefill=prefill,
                decode=decode,
                read_bytes=read + decode.kept * meter.token_bytes,
                bandwidth=bandwidth,
                engine=engine,
                memory=taken(device),
            )


def embedding_bytes(folder: str, given: argparse.Namespace, device: torch.device) -> int:
    """Bytes of the input embedding where it is no output layer as well: a pass reads few rows."""
    config = AutoConfig.from_pretrained(folder)
    if config.tie_word_embeddings:
        return 0
    width = choose_dtype(LocalOptions(dtype=given.dtype), device).itemsize
    return int(config.vocab_size * config.hidden_size * width)


def _show(console: Console, load_in: str, found: Sequence[Reached]) -> None:
    if not found:
        return
    table = Table(f"weights quantised: {load_in}; episodes in flight")
    for reached in found:
        table.add_column(str(reached.in_flight), justify="right")
    for name in found[0].figures:
        table.add_row(name, *(number(reached.figures[name]) for reached in found))
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())

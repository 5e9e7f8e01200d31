"""Measures a local pair of memory specialist and gameplay model, and the agent that plays with it.

Without --model it is one with random weights, in Qwen2's shape, with a tokenizer and an adapter of
its own. Such a model writes no commands: each token of an answer is computed, then replaced by one
of an answer that a scripted model has written. So all paths are taken, and all computing is done.

What can be measured (--only): memory (weights of the pair, to base and adapter; also in 4 bit),
overhead (of the agent without its models), play (counts of what happens in --game-steps of each
game), reuse (of the beginnings of prompts, to reading each from its start), throughput (episodes at
the same time, to one after the other). Comparisons are made in turns within one run.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import gymnasium
from rich.console import Console

from agents.model import ModelSetupError
from automem_gym.commands import Mistake
from benchmarks.pair.arguments import add_pair_arguments, read_settings
from benchmarks.pair.machine import machine
from benchmarks.pair.settings import Settings
from benchmarks.report.terminal import make_console
from benchmarks.speed.subject import Measurement, Subject
from benchmarks.speed.table import print_measured, to_json
from memory_fs.suggestion import unknown_name

if TYPE_CHECKING:
    from benchmarks.pair.play import Game

#: What can be measured; see :data:`benchmarks.pair.measures.MEASURES`.
NAMES = ("memory", "overhead", "play", "reuse", "throughput")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("--only", default="", metavar="NAME[,NAME...]", help="measure only this")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the results as JSON")
    add_pair_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Runs the command.

    Returns:
        The exit status: 0 if all targets are met, 1 if not.

    Raises:
        Mistake: What was asked for makes no sense.
    """
    names = [name for name in arguments.only.split(",") if name] or list(NAMES)
    console = make_console()
    with tempfile.TemporaryDirectory() as folder:
        try:
            if unknown := [name for name in names if name not in NAMES]:
                raise unknown_name("measurement", unknown[0], NAMES)
            if arguments.out:
                arguments.out.open("a").close()  # told now, not after the minutes of measuring
            settings = read_settings(arguments, Path(folder))
        except (ValueError, OSError, ImportError, gymnasium.error.Error) as error:
            raise Mistake(" ".join(str(error).split())) from error
        try:
            measured = _measure(console, names, settings, arguments)
        except ModelSetupError as error:
            raise Mistake(str(error)) from error
    return 0 if all(subject.holds(found) for subject, found in measured) else 1


def _measure(
    console: Console, names: list[str], settings: Settings, arguments: argparse.Namespace
) -> list[tuple[Subject, Measurement]]:
    from benchmarks.pair.measures import MEASURES
    from benchmarks.pair.play import Game
    from benchmarks.pair.table import print_games

    games: list[Game] = []
    measured: list[tuple[Subject, Measurement]] = []
    for name in names:
        for found in MEASURES[name](settings):
            # Each takes minutes: what is known is told, and kept if the rest never comes.
            if isinstance(found, Game):
                games.append(found)
            else:
                measured.append(found)
                console.print(f"[dim]{found[0].name}: {found[1].value:.4g}[/]", highlight=False)
            if arguments.out:
                _write(arguments, games, measured)
    if games:
        print_games(console, games)
    print_measured(console, measured)
    return measured


def _write(
    arguments: argparse.Namespace,
    games: list[Game],
    measured: list[tuple[Subject, Measurement]],
) -> None:
    record = {
        **machine(),
        "settings": {key: str(value) for key, value in vars(arguments).items()},
        "games": [game.to_json() for game in games],
        "subjects": to_json(measured),
    }
    arguments.out.write_text(json.dumps(record, indent=1) + "\n", "utf-8")

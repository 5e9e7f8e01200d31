"""Reproduce the paper's experiment in small: the base, what both loops make of it, and controls.

All arms play the same seeds, on which nothing was ever decided: first all arms a few seeds, then
all arms the next, for as long as --hours allows. Running the same command again goes on where the
last one stopped. The report is a page with tables, plots and a replay.

By default the embedded model plays, with the scaffold and the adapters that ship with it, as far as
they do. With --from-scratch all of them are made first, which takes hours. Another --model plays
those arms that need nothing that was made for one base.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from agents.backends.local.place import EMBEDDED
from agents.model import ModelError
from automem_gym.arguments import add_key_values
from benchmarks.report.terminal import make_console, print_table
from benchmarks.run import INTERRUPTED, MISTAKE, OWED
from benchmarks.run_arguments import add_placement, placement
from benchmarks.run_directory import RunError
from training.cli import main
from training.reproduce.experiment import Experiment, load_experiment, shipped
from training.reproduce.page import replay, tables, write_report
from training.reproduce.rounds import Players, complete_rounds, play_rounds
from training.reproduce.stages import BASE, StageError, make, reviewed_by
from training.reproduce.tables import power_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem reproduce``."""
    base = parser.add_mutually_exclusive_group()
    base.add_argument("--model", default="mini", help="the base (default: mini)")
    base.add_argument(
        "--from-scratch",
        action="store_true",
        help="first make the base, a scaffold and adapters for it, in DIR/made; hours",
    )
    parser.add_argument(
        "--reviewer",
        metavar="heuristic|MODEL",
        help="with --from-scratch: who revises the scaffold in loop 1, as for 'automem structure'",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--hours", type=float, help="begin no round of seeds that would not end by then"
    )
    parser.add_argument(
        "--experiment",
        default="paper",
        metavar="NAME|FILE",
        help=f"{', '.join(shipped())}, or a TOML file (default: paper)",
    )
    parser.add_argument("--rounds", type=int, help="so many rounds of seeds, not all of them")
    add_key_values(parser, "--model-arg", "for the base, such as copies=2")
    parser.add_argument("--quiet", action="store_true", help="print little")
    add_placement(parser)


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem reproduce``.

    Returns:
        The exit status: 0, 1 if not even one round is finished, 2 for a mistake in the arguments,
        130 after Ctrl-C.
    """
    console = make_console()
    try:
        experiment = load_experiment(arguments.experiment)
        if arguments.hours is not None and not arguments.hours > 0:
            raise ValueError(f"--hours is more than 0, not {arguments.hours}")
        if arguments.rounds is not None:
            experiment = experiment.of_rounds(arguments.rounds)
        if arguments.reviewer and not arguments.from_scratch:
            raise ValueError("--reviewer revises a scaffold, which --from-scratch alone asks for")
        model, made = arguments.model, EMBEDDED.get(arguments.model)
        if not arguments.from_scratch:
            experiment = _playable(experiment, made)
        # With --hours nobody knows how many rounds it will be, so each number is stated.
        first = 1 if arguments.hours else experiment.rounds
        rounds = range(first, experiment.rounds + 1)
        seeds = (number * experiment.seeds_a_round for number in rounds)
        print_table(console, power_table(experiment, *seeds))
        if arguments.from_scratch:
            made = arguments.out / "made"
            stages = experiment.stages
            if arguments.reviewer:
                stages = reviewed_by(stages, arguments.reviewer)
            make(stages, made, main, console)
            model = str(made / BASE)
        players = Players(model, arguments.model_arg, made, placement(arguments), arguments.hours)
        halt = play_rounds(experiment, players, arguments.out, console, arguments.quiet)
        if halt is not None:
            print(f"automem reproduce: stopped: {halt}", file=sys.stderr)
        results = complete_rounds(experiment, arguments.out)
        if not all(results.values()):
            print("automem reproduce: no round is finished yet", file=sys.stderr)
            return OWED
        for table in tables(experiment, results):
            print_table(console, table)
        page = write_report(
            experiment, results, arguments.out, lambda line: print(line, file=sys.stderr)
        )
        shown = ", ".join(str(replay(arguments.out, part)) for part in experiment.parts)
        console.print(f"Open {page} in a browser; the episodes side by side: {shown}")
    except (ValueError, OSError, ImportError, ModelError, RunError, StageError) as error:
        print(f"automem reproduce: {error}", file=sys.stderr)
        return MISTAKE
    except KeyboardInterrupt:
        console.print("\nstopped; the same command goes on")
        return INTERRUPTED
    return 0


def _playable(experiment: Experiment, made: Path | None) -> Experiment:
    playable = experiment.playable(made)
    names = [arm.name for arm in playable.arms]
    if left := [arm for arm in experiment.arms if arm.name not in names]:
        parts = sorted({part for arm in left for part in arm.made})
        print(
            f"automem reproduce: {', '.join(arm.name for arm in left)} need {', '.join(parts)}, "
            "which nobody has made for this base, and are left out; --from-scratch makes them for "
            "one of its own",
            file=sys.stderr,
        )
    return playable

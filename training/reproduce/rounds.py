"""Plays the arms of the experiment, a round of seeds at a time, for as long as there is time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from rich.console import Console

from agents.model import ModelSpec, Sampling
from benchmarks.configuration import Configuration
from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.executors.catalogue import Placement
from benchmarks.executors.executor import Stop
from benchmarks.memory_span import SPAN, read_span
from benchmarks.run_directory import RunDirectory
from benchmarks.session import Means, Session
from benchmarks.summary import Results
from benchmarks.task import Task
from benchmarks.whole_file import replace_file
from training.reproduce.experiment import MADE, Arm, Experiment, Part

#: An answer of the protocol is far shorter.
_MAX_TOKENS = 160


@dataclass(frozen=True)
class Players:
    """Who plays, and where.

    Attributes:
        model: The base, as ``--model`` takes it.
        options: Options of its backend, such as ``copies``.
        made: The folder of what both loops made for it; None where there is none.
        placement: Where the episodes are played.
        hours: How long, at most; None for as long as it takes.
    """

    model: str
    options: Mapping[str, Any]
    made: Path | None
    placement: Placement
    hours: float | None = None


def run_folder(out: Path, arm: Arm, part: Part, round_number: int) -> Path:
    """The run directory of a part that an arm plays in a round."""
    return out / "runs" / f"round-{round_number + 1}" / part.name / arm.name


def play_rounds(
    experiment: Experiment, players: Players, out: Path, console: Console, quiet: bool = False
) -> Stop | None:
    """Plays; what is there already is not played again.

    Returns:
        Why it stopped before all was played, other than for the time; None for no such reason.

    Raises:
        ValueError: A setting makes no sense.
        OSError: Something cannot be read or written.
        ModelError: A model cannot be had.
        RunError: What is there was played with other settings.
    """
    begun = time.monotonic()
    for number in range(experiment.rounds):
        started = time.monotonic()
        if players.hours is not None and number > 0:
            left = players.hours * 3600 - (started - begun)
            if left < max(_seconds(out, before) for before in range(number)):
                console.print(f"no time for round {number + 1} of {experiment.rounds}")
                return None
        for arm, part in product(experiment.arms, experiment.parts):
            if experiment.player(arm, part) != arm:
                continue
            console.rule(
                f"round {number + 1} of {experiment.rounds}, {part.name}: {arm.name}, {arm.about}"
            )
            folder = run_folder(out, arm, part, number)
            seeds = tuple(experiment.seeds(part, number))
            halt = _play(experiment, players, arm, part, seeds, folder, console, quiet)
            if halt is not None:
                return halt
            _add_seconds(out, number, time.monotonic() - started)
            started = time.monotonic()
    return None


def _seconds(out: Path, round_number: int) -> float:
    """How long a round has been played, over all calls that played in it."""
    path = _clock(out, round_number)
    try:
        return float(path.read_text("utf-8"))
    except FileNotFoundError:
        return 0.0
    except ValueError as error:
        raise ValueError(
            f"{path} holds no number of seconds; without it the round counts as played in no time"
        ) from error


def _add_seconds(out: Path, round_number: int, seconds: float) -> None:
    replace_file(_clock(out, round_number), f"{_seconds(out, round_number) + seconds:.1f}\n")


def _clock(out: Path, round_number: int) -> Path:
    return out / "runs" / f"round-{round_number + 1}" / "seconds"


def complete_rounds(experiment: Experiment, out: Path) -> Mapping[str, Results]:
    """The results of each arm, of the rounds that all arms have finished."""
    found: dict[str, list[tuple[Episode, EpisodeResult | None]]] = {
        arm.name: [] for arm in experiment.arms
    }
    for number in range(experiment.rounds):
        pairs = [
            (arm.name, run_folder(out, experiment.player(arm, part), part, number))
            for arm in experiment.arms
            for part in experiment.parts
        ]
        if not all(_finished(folder) for _, folder in pairs):
            break
        for name, folder in pairs:
            found[name] += RunDirectory(folder).results()
    return found


def _finished(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    results = RunDirectory(folder).results()
    return bool(results) and all(it is not None and not it.error for _, it in results)


def _play(
    experiment: Experiment,
    players: Players,
    arm: Arm,
    part: Part,
    seeds: tuple[int, ...],
    folder: Path,
    console: Console,
    quiet: bool,
) -> Stop | None:
    settings = Configuration(
        agent="pair",
        tasks=(_task(part, seeds, arm),),
        models=_models(experiment, players, arm),
        scaffold=_placed(arm.scaffold_of(part), players),
    )
    # Also where all is there already: another model or scaffold must not go by the same name.
    with Session(settings, folder, Means(players.placement)) as session:
        if not session.left:
            console.print("there already")
            return None
        return session.play(console, quiet)


def _task(part: Part, seeds: tuple[int, ...], arm: Arm) -> Task:
    span = read_span(arm.memory)
    given = {} if span is None else {SPAN: span}
    return Task(part.env, seeds, max_game_steps=part.max_game_steps, env_arg=given)


def _models(experiment: Experiment, players: Players, arm: Arm) -> dict[str, dict[str, Any]]:
    sampling = Sampling(max_tokens=_MAX_TOKENS, temperature=experiment.temperature)
    base = ModelSpec.parse(players.model, sampling=sampling, options=players.options)
    return {
        "specialist": replace(base, adapter=_placed(arm.adapter, players)).to_json(),
        "gameplay": base.to_json(),
    }


def _placed(name: str, players: Players) -> str:
    return name.replace(MADE, str(players.made)) if players.made else name

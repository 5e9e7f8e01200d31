"""How fast answers are read and judged: ``python -m training.proficiency.selection_speed``.

Plays a long episode of the scripted model, or takes a recorded run, reads and judges its answers
again and again as a selection does, and tells what 100 episodes of 2,000 game steps would take. The
aim is less than a minute and 1 GB with two processes. With ``--episodes`` it does not reckon, but
selects among so many copies of the episode, to the written folder.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

from agents.scaffold import load_scaffold
from automem_gym.commands import main as run_command
from benchmarks.commands import COMMANDS
from benchmarks.run_directory import RunDirectory
from benchmarks.speed.fresh_process import resident_bytes_of_all
from benchmarks.suite import load_suite
from benchmarks.trace import Trace
from benchmarks.whole_file import replace_file
from training.proficiency.reading import read_turns
from training.proficiency.selection import select
from training.proficiency.selection_folder import FIGURES
from training.proficiency.selection_settings import SelectionSettings
from training.proficiency.selectors import open_selector

EPISODES, STEPS, PROCESSES = 100, 2_000, 2
_MODEL = "scripted:consult=0.7,repeat=0.2,blind=0.3"
_MEGABYTE = 1 << 20
#: Seconds from one look at the memory of a selection to the next.
_EVERY = 0.1
_AUTOMEM = "import training.cli; raise SystemExit(training.cli.main())"


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, prog="selection_speed")
    parser.add_argument("--run", type=Path, help="a recorded run; else one is played")
    first = load_suite("paper").tasks[0].env[0]
    parser.add_argument("--env", default=first, help=f"the environment to play ({first})")
    parser.add_argument("--steps", type=int, default=400, help="game steps to play (400)")
    parser.add_argument("--copies", type=int, default=8, help="episodes more than processes (8)")
    about = "select among so many copies, from start to end, and measure that"
    parser.add_argument("--episodes", type=int, help=about)
    parser.add_argument("--workers", type=int, default=PROCESSES)
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        run = arguments.run or _played(arguments.env, Path(folder) / "played", arguments.steps)
        if arguments.episodes is not None:
            copies = _copies(run, Path(folder) / "copies", arguments.episodes)
            found = _end_to_end(copies, Path(folder) / "selection", arguments.workers)
        else:
            few = _copies(run, Path(folder) / "few", arguments.workers)
            many = _copies(run, Path(folder) / "many", arguments.workers + arguments.copies)
            found = {**_alone(run), **_reckoned(few, many, arguments.workers)}
    print(json.dumps(found, indent=1))
    return 0


def _played(env: str, out: Path, steps: int) -> Path:
    words = ["--env", env, "--agent", "memory", "--model", _MODEL, "--seeds", "3", "--no-scenes"]
    more = ["--max-game-steps", str(steps), "--executor", "serial", "--quiet", "--out", str(out)]
    with redirect_stdout(sys.stderr):
        status = run_command(COMMANDS, ["run", *words, *more])
    if status:
        sys.exit(f"selection_speed: the episode could not be played (status {status})")
    return out


def _alone(run: Path) -> dict[str, float]:
    """What an answer takes in this process: its trace, all of its reading, and its judgement."""
    directory = RunDirectory(run)
    episode = next(it for it, result in directory.results() if result is not None)
    trace = Trace(directory.trace(episode))
    table = load_scaffold(episode.scaffold_source, trace.header["info"]["game"]).memory.table
    began = time.process_time()
    for _ in trace.turns():
        pass
    traced = time.process_time()
    turns = read_turns(trace, episode, table, 0.5, 0.5)
    read = time.process_time()
    open_selector("criteria").judge(turns)
    judged = time.process_time()
    micro = 1e6 / len(turns)
    return {
        "trace, us / answer": round((traced - began) * micro),
        "read_turns, us / answer": round((read - traced) * micro),
        "criteria, us / answer": round((judged - read) * micro),
    }


def _copies(run: Path, out: Path, count: int) -> Path:
    """A run in which an episode was played several times."""
    there = RunDirectory(run)
    first = next(it for it, result in there.results() if result is not None)
    configuration = there.configuration()
    task = replace(configuration.tasks[0], env=(first.env_id,), seeds=(first.seed,), repeats=count)
    with RunDirectory(out) as copies:
        copies.prepare(replace(configuration, tasks=(task,)))
        for repeat in range(count):
            episode = replace(first, repeat=repeat)
            source = (run / first.folder).resolve()
            shutil.copytree(source, out / episode.folder, copy_function=os.symlink)
            path = out / episode.folder / "result.json"
            result = json.loads(path.read_text("utf-8"))
            replace_file(path, json.dumps({**result, "digest": episode.digest}))
    return out


def _reckoned(few: Path, many: Path, workers: int) -> dict[str, float]:
    """What an answer more takes in a selection, and what a large one would take."""
    (seconds, used, answers), (more_seconds, more_used, more_answers) = (
        _selected(run, workers) for run in (few, many)
    )
    added = more_answers - answers
    pace, processor = (more_seconds - seconds) / added, (more_used - used) / added
    steps = sum(result.game_steps for _, result in RunDirectory(many).results() if result)
    large = EPISODES * STEPS * more_answers / steps
    return {
        "processes": workers,
        "answers": more_answers,
        "seconds": round(more_seconds, 1),
        "answers / s, without the start": round(1 / pace),
        "processor, us / answer": round(1e6 * processor),
        f"answers of {EPISODES} episodes of {STEPS:,} steps": round(large),
        "their seconds at this pace": round(seconds + pace * large, 1),
        "their seconds on processors of their own": round(processor * large / workers, 1),
    }


def _end_to_end(run: Path, out: Path, workers: int) -> dict[str, float]:
    """What a selection takes: as a command of its own, so that nothing else counts."""
    words = ["--out", str(out), "--workers", str(workers), "--set", "least_score=-inf"]
    command = [sys.executable, "-c", _AUTOMEM, "select", str(run), *words]
    began, used, peak = time.monotonic(), _processor_seconds(), 0
    with subprocess.Popen(command, stdout=sys.stderr) as selection:
        while selection.poll() is None:
            peak = max(peak, resident_bytes_of_all(selection.pid))
            time.sleep(_EVERY)
    if selection.returncode:
        sys.exit(f"selection_speed: the selection failed (status {selection.returncode})")
    seconds, used = time.monotonic() - began, _processor_seconds() - used
    results = [result for _, result in RunDirectory(run).results() if result is not None]
    answers = sum(json.loads((out / FIGURES).read_text("utf-8"))["answers"].values())
    return {
        "processes": workers,
        "episodes": len(results),
        "game steps": sum(result.game_steps for result in results),
        "answers": answers,
        "seconds": round(seconds, 1),
        "processor seconds": round(used, 1),
        "processor, us / answer": round(1e6 * used / answers),
        "peak MB of all processes together": round(peak / _MEGABYTE),
    }


def _selected(run: Path, workers: int) -> tuple[float, float, int]:
    """Seconds, seconds of all processors, and answers of a selection."""
    began, used = time.monotonic(), _processor_seconds()
    found = select([run], SelectionSettings(least_score=None), workers=workers)
    used = _processor_seconds() - used
    return time.monotonic() - began, used, sum(found.answers.values())


def _processor_seconds() -> float:
    both = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(it.ru_utime + it.ru_stime for it in both)


if __name__ == "__main__":
    sys.exit(main())

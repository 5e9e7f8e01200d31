"""A run in the folder format of BALROG's results, on which its leaderboard is based.

The format is that of ``balrog/evaluator.py`` and ``collect_and_summarize_results`` in
``balrog/utils.py`` of BALROG's repository: ``GAME/TASK/TASK_run_NN.json`` and ``.csv``,
``GAME/GAME_summary.json``, ``summary.json``. Its standard errors are those that it computes: the
population's standard deviation by the root of the number of episodes.
"""

from __future__ import annotations

import csv
import json
import math
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

from agents.model import ModelSpec
from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.run_directory import RunDirectory
from benchmarks.trace import Trace

_HEADER = ("Step", "Observation", "Action", "Reasoning", "Reward", "Done")


def write_balrog(run: RunDirectory, out: Path) -> int:
    """Writes the finished episodes.

    Args:
        run: The run.
        out: The folder.

    Returns:
        How many episodes there are.

    Raises:
        ValueError: An environment is none of BALROG's games.
        TraceError: A trace is damaged.
        OSError: A file cannot be read or written.
    """
    games = tomllib.loads(
        files("benchmarks.export").joinpath("balrog.toml").read_text(encoding="utf-8")
    )
    logs: dict[str, list[dict[str, Any]]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for episode, result in run.results():
        if result is None or result.error:
            continue
        folder, task = _place(games, episode, result)
        number = counts[folder, task]
        counts[folder, task] += 1
        stem = out / folder / task / f"{task}_run_{number:02d}"
        stem.parent.mkdir(parents=True, exist_ok=True)
        log = _episode(episode, result, task, run.trace(episode), stem.with_suffix(".csv"))
        _write(stem.with_suffix(".json"), log)
        logs.setdefault(folder, []).append(log)
    for folder, of_game in logs.items():
        _write(out / folder / f"{folder}_summary.json", _summary(of_game))
    _write(out / "summary.json", _overall(logs))
    return sum(map(len, logs.values()))


def _place(games: Mapping[str, Any], episode: Episode, result: EpisodeResult) -> tuple[str, str]:
    if result.game not in games:
        raise ValueError(f"{episode.env_id} is none of BALROG's games: {', '.join(games)}")
    named = games[result.game]
    name = episode.env_id.rpartition(":")[2].removeprefix("AutoMem-")
    return named["folder"], named["task"].format(name=name)


def _episode(
    episode: Episode, result: EpisodeResult, task: str, path: Path, table: Path
) -> dict[str, Any]:
    """Writes the steps of an episode, and gives what is said of it."""
    actions: Counter[str] = Counter()
    failed: list[str] = []
    trace = Trace(path)
    with table.open("w", newline="", encoding="utf-8", errors="replace") as file:
        writer = csv.writer(file, escapechar="˘", quoting=csv.QUOTE_MINIMAL)
        writer.writerow(_HEADER)
        step = reached = trace.header["info"].get("game_step", 0)
        said: list[str] = []
        for turn in trace.turns():
            said += [call.completion.text for call in turn.calls]
            reached = turn.info.get("game_step", turn.turn)
            if reached == step:
                continue  # a turn that only touched the memory is no step of the game
            action = turn.info.get("executed_action", turn.action)
            actions[action] += 1
            if turn.info.get("invalid_action") is not None:
                failed.append(turn.info["invalid_action"])
            done = turn.info.get("episode_end") is not None
            seen = turn.observation.get("observation", "")
            writer.writerow([step, seen, action, "\n".join(said), turn.reward, done])
            step, said = reached, []
    return {
        "task": task,
        "action_frequency": dict(actions),
        "input_tokens": sum(taken["input_tokens"] for taken in result.models.values()),
        "output_tokens": sum(taken["output_tokens"] for taken in result.models.values()),
        "done": True,
        "episode_return": result.episode_return,
        "num_steps": result.game_steps,
        "failed_candidates": failed,
        "progression": result.progression or 0.0,
        "process_num": None,
        "seed": episode.seed,
        "agent": {"type": episode.agent, **episode.agent_args, "scaffold": episode.scaffold_source},
        "client": {role: str(ModelSpec.from_json(model)) for role, model in episode.models.items()},
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    error = pstdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return {"progression_percentage": 100 * fmean(values), "standard_error": 100 * error}


def _summary(logs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    tasks: dict[str, list[float]] = {}
    for log in logs:
        tasks.setdefault(log["task"], []).append(log["progression"])
    return {
        **_spread([log["progression"] for log in logs]),
        "average_steps": fmean(log["num_steps"] for log in logs),
        "episodes_played": len(logs),
        "tasks": {
            task: {**_spread(values), "episodes_played": len(values)}
            for task, values in tasks.items()
        },
        "input_tokens": sum(log["input_tokens"] for log in logs),
        "output_tokens": sum(log["output_tokens"] for log in logs),
    }


def _overall(logs: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    every = [log for of_game in logs.values() for log in of_game]
    spread = _spread([log["progression"] for log in every]) if every else {}
    return {
        "Final score": spread.get("progression_percentage", 0.0),
        "standard_error": spread.get("standard_error", 0.0),
        "environments": {
            folder: {
                **_spread([log["progression"] for log in of_game]),
                "episodes_played": len(of_game),
            }
            for folder, of_game in logs.items()
        },
        "total_input_tokens": sum(log["input_tokens"] for log in every),
        "total_output_tokens": sum(log["output_tokens"] for log in every),
        "client": every[0]["client"] if every else {},
        "agent": every[0]["agent"] if every else {},
    }


def _write(path: Path, data: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=4), encoding="utf-8")

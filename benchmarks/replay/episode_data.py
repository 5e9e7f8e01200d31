"""What the replay page needs of a recorded episode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.model import ModelSpec
from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.trace import MemoryReplay, Trace, Turn
from benchmarks.trace.calls import CallWriter
from benchmarks.trace.delta import Delta, encode
from benchmarks.trace.texts import TextTable


def episode_data(episode: Episode, result: EpisodeResult | None, trace: Trace) -> dict[str, Any]:
    """Reads a trace for the page.

    Args:
        episode: The episode.
        result: Its result, where there is one.
        trace: Its trace; an unfinished or torn one is shown as far as it goes.

    Returns:
        Plain data: the state at the start, and per turn what changed, as line deltas.
    """
    header = trace.header
    turns: list[dict[str, Any]] = []
    # The page holds the whole episode, and so can name all of its texts.
    calls = CallWriter(TextTable(kept=None))
    with MemoryReplay(header) as memory:
        texts, files = dict(header["texts"]), dict(memory.files)
        for turn in trace.turns():
            record = _record(turn)
            record["asked"] = [_asked(calls.write(asked)) for asked in turn.asked]
            record["events"] = [[event.name, event.detail] for event in turn.events]
            record["texts"] = _deltas(texts, turn.observation)
            changed = memory.apply(turn)
            record["files"] = {
                name: encode(files.get(name, ""), memory.files[name])
                if name in memory.files
                else None
                for name in changed
            }
            texts, files = dict(turn.observation), dict(memory.files)
            turns.append({key: value for key, value in record.items() if value not in ({}, [])})
        start = header.get("memory", {}).get("files", {})
    problem = "" if trace.complete else "the recording stops before the end"
    if result and result.error:
        problem = f"failed: {result.reason}"
    return {
        "name": _name(episode, result),
        "facts": _facts(episode, result),
        "problem": problem,
        "instructions": header["info"].get("instructions", ""),
        "texts": header["texts"],
        "files": start,
        "turns": turns,
    }


def _record(turn: Turn) -> dict[str, Any]:
    info = turn.info
    return {
        "action": turn.action,
        "reward": turn.reward,
        "step": info.get("game_step", turn.turn),
        "executed": info.get("executed_action"),
        "invalid": info.get("invalid_action"),
        "progression": info.get("progression"),
        "end": info.get("episode_end"),
        "commands": [[done["command"], done["ok"], done["result"]] for done in turn.commands],
    }


def _asked(call: dict[str, Any]) -> dict[str, Any]:
    """A call as the page shows it."""
    return {name: value for name, value in call.items() if name not in _NOT_SHOWN}


#: What of a call is for programs.
_NOT_SHOWN = frozenset({"seed", "tokens", "logprobs"})


def _deltas(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, Delta]:
    return {
        name: encode(old.get(name, ""), text) for name, text in new.items() if old.get(name) != text
    }


def _name(episode: Episode, result: EpisodeResult | None) -> str:
    scored = result is not None and not result.error and result.progression is not None
    score = f" · {100 * (result.progression or 0):.1f}%" if result and scored else ""
    return f"{episode.name}{score}"


def _facts(episode: Episode, result: EpisodeResult | None) -> list[str]:
    facts = [f"agent {episode.agent}"]
    if result is not None and not result.error:
        facts += [
            f"{result.game_steps} game steps",
            f"return {result.episode_return:.2f}",
            f"end: {result.episode_end}",
        ]
    facts += [f"{role}: {ModelSpec.from_json(model)}" for role, model in episode.models.items()]
    return facts

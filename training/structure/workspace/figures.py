"""The figures of an episode, as a line or as a column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.episode_result import EpisodeResult

#: How episodes can be ordered.
ORDERS = ("worst", "best", "seed")


def figures(result: EpisodeResult) -> dict[str, str]:
    """What came of an episode, name to value; what there is nothing of is left out."""
    return {name: text for name, value in _all(result) if (text := _text(value))}


def _all(result: EpisodeResult) -> Iterator[tuple[str, Any]]:
    yield "progression", result.progression
    yield "return", result.episode_return
    yield "steps", result.game_steps
    yield "end", result.episode_end
    yield "memory", result.memory
    yield "commands", result.commands
    yield "refused", result.refused
    yield "unproductive", result.unproductive
    yield "invalid actions", result.invalid_actions
    yield "events", result.events
    context = result.context
    yield "prompt tokens in the largest step", context.get("largest_step", 0)
    yield "prompt growth per step", context.get("growth_per_step")


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, Mapping):
        parts = ((name, _text(part)) for name, part in value.items())
        return ", ".join(f"{name} {part}" for name, part in parts if part)
    if isinstance(value, list):
        return " ".join(map(str, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def score(result: EpisodeResult) -> float:
    """By which episodes are ordered: the progression; one without comes first."""
    return -1.0 if result.progression is None else result.progression

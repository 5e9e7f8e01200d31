"""What is told of an episode beside its turns."""

from __future__ import annotations

from typing import Any

from agents.model import ModelSpec
from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult


def caption(episode: Episode, result: EpisodeResult | None) -> dict[str, Any]:
    """Names an episode.

    Args:
        episode: The episode.
        result: Its result, where there is one.

    Returns:
        Plain data: ``env``, ``seed``, ``repeat``, ``score`` (its progression in [0, 1]; None where
        it has none), ``facts`` (short texts) and ``problem`` (a text, empty where there is none).
    """
    scored = result is not None and not result.error
    return {
        "env": episode.env_id,
        "seed": episode.seed,
        "repeat": episode.repeat,
        "score": result.progression if result is not None and scored else None,
        "facts": list(_facts(episode, result if scored else None)),
        "problem": f"failed: {result.reason}" if result is not None and result.error else "",
    }


def _facts(episode: Episode, result: EpisodeResult | None) -> list[str]:
    facts = [f"agent {episode.agent}"]
    if episode.scaffold_source:
        facts.append(f"scaffold {episode.scaffold_source}")
    facts += [f"{role}: {ModelSpec.from_json(model)}" for role, model in episode.models.items()]
    if result is not None:
        facts += [f"return {result.episode_return:.2f}", f"end: {result.episode_end}"]
    return facts

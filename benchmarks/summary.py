"""The results of a run, summed up per environment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.measures import SHOWN
from benchmarks.models.figures import figures, sums
from benchmarks.statistics import Estimate, estimate, seed_means

#: Version of ``results.json``.
SCHEMA = 1

Results = Sequence[tuple[Episode, EpisodeResult | None]]


@dataclass(frozen=True)
class Summary:
    """The results of one environment in one run.

    What has an uncertainty is a mean over seeds, of the means of their repeats.

    Attributes:
        env_id: Environment id.
        episodes: Episodes played to their end.
        all_steps: Game steps of these episodes together.
        owed: Episodes that are not: failed or not played yet. They are in none of the figures.
        progression: How far the episodes came, in [0, 1].
        episode_return: Sum of rewards.
        game_steps: Steps of the game.
        turns: Turns.
        steps_per_second: Game steps by the wall time of the step loops, over all episodes, as far
            as there is a time.
        commands_per_100_steps: Memory commands that were done, per 100 game steps, by operation.
        refused_per_100_steps: Memory commands that were refused, per 100 game steps.
        memory: Measures of how the memory was used, by name; an episode in which there was nothing
            to divide by has no say.
        invalid_per_100_steps: Invalid game actions, per 100 game steps.
        ends: How often an episode ended in which way.
        events_per_100_steps: What happened between agent and models, per 100 game steps, by name.
        models: What the models took in sum, by role, as in a result; empty where there are none.
    """

    env_id: str
    episodes: int
    all_steps: int
    owed: int
    progression: Estimate | None
    episode_return: Estimate | None
    game_steps: Estimate | None
    turns: Estimate | None
    steps_per_second: float
    commands_per_100_steps: Mapping[str, float]
    refused_per_100_steps: float
    memory: Mapping[str, Estimate | None]
    invalid_per_100_steps: float
    ends: Mapping[str, int]
    events_per_100_steps: Mapping[str, float]
    models: Mapping[str, Mapping[str, Any]]


def summarise(results: Results) -> list[Summary]:
    """Sums up a run, an environment at a time, in the order of the run."""
    grouped: dict[str, list[EpisodeResult | None]] = {}
    for episode, result in results:
        grouped.setdefault(episode.env_id, []).append(result)
    return [_summary(env_id, group) for env_id, group in grouped.items()]


def _summary(env_id: str, results: Sequence[EpisodeResult | None]) -> Summary:
    played = [result for result in results if result is not None and not result.error]
    steps = sum(result.game_steps for result in played)
    seconds = sum(result.seconds for result in played)
    timed = steps - sum(result.followed_steps for result in played)
    commands: Counter[str] = Counter()
    events: Counter[str] = Counter()
    for result in played:
        commands.update(result.commands)
        events.update(result.events)

    def rate(count: float) -> float:
        return round(100 * count / steps, 4) if steps else 0.0

    return Summary(
        env_id=env_id,
        episodes=len(played),
        all_steps=steps,
        owed=len(results) - len(played),
        progression=_over_seeds(played, lambda result: result.progression),
        episode_return=_over_seeds(played, lambda result: result.episode_return),
        game_steps=_over_seeds(played, lambda result: result.game_steps),
        turns=_over_seeds(played, lambda result: result.turns),
        steps_per_second=round(timed / seconds, 3) if seconds else 0.0,
        commands_per_100_steps={kind: rate(count) for kind, count in sorted(commands.items())},
        refused_per_100_steps=rate(sum(result.refused for result in played)),
        memory={name: _over_seeds(played, _measure(name)) for name in SHOWN},
        invalid_per_100_steps=rate(sum(result.invalid_actions for result in played)),
        ends=dict(Counter(result.episode_end for result in played).most_common()),
        events_per_100_steps={name: rate(count) for name, count in sorted(events.items())},
        models={
            role: figures(account)
            for role, account in sums(result.models for result in played).items()
        },
    )


def by_seed(
    results: Iterable[EpisodeResult], value: Callable[[EpisodeResult], float | None]
) -> dict[int, list[float]]:
    """A figure of some results, by seed; those that do not have it are left out."""
    found: dict[int, list[float]] = {}
    for result in results:
        figure = value(result)
        if figure is not None:
            found.setdefault(result.seed, []).append(figure)
    return found


def _over_seeds(
    results: Iterable[EpisodeResult], value: Callable[[EpisodeResult], float | None]
) -> Estimate | None:
    return estimate(list(seed_means(by_seed(results, value)).values()))


def _measure(name: str) -> Callable[[EpisodeResult], float | None]:
    return lambda result: result.memory.get(name)


def to_json(results: Results) -> dict[str, Any]:
    """The content of ``results.json``: the summaries, every result, and what is owed and why."""
    return {
        "schema": SCHEMA,
        "environments": {summary.env_id: asdict(summary) for summary in summarise(results)},
        "episodes": [r.to_json() for _, r in results if r is not None and not r.error],
        "owed": [
            {
                "env_id": episode.env_id,
                "seed": episode.seed,
                "repeat": episode.repeat,
                "error": "" if result is None else result.error,
            }
            for episode, result in results
            if result is None or result.error
        ],
    }

"""The results of a run, summed up per environment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.measures import SHOWN, UNPRODUCTIVE, Part
from benchmarks.models.figures import Figures, figures, sums
from benchmarks.statistics import SHARE, Estimate, estimate, seed_means
from benchmarks.statistics.interval import Interval

#: Version of ``results.json``. Version 1 had neither unproductive steps, sizes of prompts nor
#: failed attempts.
SCHEMA = 2

Results = Sequence[tuple[Episode, EpisodeResult | None]]


@dataclass(frozen=True)
class Prompts:
    """How large the prompts of a role in a routine are, in tokens.

    Attributes:
        role: Who was asked.
        routine: What for; empty where the agent does not tell.
        per_step: Mean of a game step, over the steps of all episodes.
        per_call: Mean of a call.
        largest_call: The longest prompt.
        largest_step: Most in a game step.
    """

    role: str
    routine: str
    per_step: float
    per_call: float
    largest_call: int
    largest_step: int


@dataclass(frozen=True)
class Summary:
    """The results of one environment in one run.

    What has an uncertainty is a mean over seeds, of the means of their repeats.

    Attributes:
        env_id: Environment id.
        episodes: Episodes played to their end.
        all_steps: Game steps of these episodes together.
        owed: Episodes that are not: failed or not played yet. They are in none of the figures.
        failures: Attempts that failed, those at owed episodes included: what the infrastructure
            did, not the agent.
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
        unproductive: Share of the game steps that led nowhere, by kind, see
            :mod:`benchmarks.measures.unproductive`; an episode in which that was not measured has
            no say.
        invalid_per_100_steps: Invalid game actions, per 100 game steps.
        ends: How often an episode ended in which way.
        events_per_100_steps: What happened between agent and models, per 100 game steps, by name.
        models: What the models took in sum, by role, as in a result; empty where there are none.
        prompts: How large the prompts were, by role and routine.
        largest_step: Most tokens of prompts in a game step; None where no model was asked.
        prompt_growth: By how many tokens the prompts of a game step grow from step to step.
    """

    env_id: str
    episodes: int
    all_steps: int
    owed: int
    failures: int
    progression: Estimate | None
    episode_return: Estimate | None
    game_steps: Estimate | None
    turns: Estimate | None
    steps_per_second: float
    commands_per_100_steps: Mapping[str, float]
    refused_per_100_steps: float
    memory: Mapping[str, Estimate | None]
    unproductive: Mapping[str, Estimate | None]
    invalid_per_100_steps: float
    ends: Mapping[str, int]
    events_per_100_steps: Mapping[str, float]
    models: Mapping[str, Figures]
    prompts: Sequence[Prompts]
    largest_step: int | None
    prompt_growth: Estimate | None


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
        failures=sum(result.failures for result in results if result is not None),
        progression=_over_seeds(played, lambda result: result.progression, SHARE),
        episode_return=_over_seeds(played, lambda result: result.episode_return),
        game_steps=_over_seeds(played, lambda result: result.game_steps),
        turns=_over_seeds(played, lambda result: result.turns),
        steps_per_second=round(timed / seconds, 3) if seconds else 0.0,
        commands_per_100_steps={kind: rate(count) for kind, count in sorted(commands.items())},
        refused_per_100_steps=rate(sum(result.refused for result in played)),
        memory={name: _over_seeds(played, _measure(name)) for name in SHOWN},
        unproductive={kind: _over_seeds(played, _share(kind), SHARE) for kind in UNPRODUCTIVE},
        invalid_per_100_steps=rate(sum(result.invalid_actions for result in played)),
        ends=dict(Counter(result.episode_end for result in played).most_common()),
        events_per_100_steps={name: rate(count) for name, count in sorted(events.items())},
        models={
            role: figures(account)
            for role, account in sums(result.models for result in played).items()
        },
        prompts=_prompts(played),
        largest_step=max(
            (result.context["largest_step"] for result in played if result.context), default=None
        ),
        prompt_growth=_over_seeds(played, lambda result: result.context.get("growth_per_step")),
    )


def _prompts(results: Sequence[EpisodeResult]) -> tuple[Prompts, ...]:
    found: dict[tuple[str, str], list[Part]] = {}
    for result in results:
        for part in result.context.get("parts", ()):
            found.setdefault((part["role"], part["routine"]), []).append(part)
    steps = sum(result.game_steps for result in results if result.context)
    return tuple(
        Prompts(
            role,
            routine,
            per_step=sum(part["tokens"] for part in parts) / max(steps, 1),
            per_call=sum(part["tokens"] for part in parts)
            / max(sum(part["calls"] for part in parts), 1),
            largest_call=max(part["largest_call"] for part in parts),
            largest_step=max(part["largest_step"] for part in parts),
        )
        for (role, routine), parts in sorted(found.items())
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


def progressions(results: Results, env_id: str) -> dict[int, list[float]]:
    """The progressions of an environment's finished episodes, by seed."""
    finished = (
        result
        for episode, result in results
        if episode.env_id == env_id and result is not None and not result.error
    )
    return by_seed(finished, lambda result: result.progression)


def unproductive_share(result: EpisodeResult) -> float | None:
    """The share of an episode's game steps that led nowhere; None where that was not measured."""
    if not result.game_steps or not result.unproductive:
        return None
    return sum(result.unproductive.values()) / result.game_steps


def _over_seeds(
    results: Iterable[EpisodeResult],
    value: Callable[[EpisodeResult], float | None],
    bounds: Interval | None = None,
) -> Estimate | None:
    return estimate(list(seed_means(by_seed(results, value)).values()), bounds)


def _measure(name: str) -> Callable[[EpisodeResult], float | None]:
    def value(result: EpisodeResult) -> float | None:
        found: Mapping[str, Any] = result.memory
        return found.get(name)

    return value


def _share(kind: str) -> Callable[[EpisodeResult], float | None]:
    def value(result: EpisodeResult) -> float | None:
        if kind not in result.unproductive or not result.game_steps:
            return None
        return result.unproductive[kind] / result.game_steps

    return value


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

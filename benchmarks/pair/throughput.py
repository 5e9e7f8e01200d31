"""How much faster several episodes are played at the same time than one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter

from benchmarks.pair.episode_row import EpisodeRow
from benchmarks.pair.pair import Pair
from benchmarks.pair.played import Played
from benchmarks.speed.subject import Measurement


def one_after_the_other(rows: Sequence[EpisodeRow], game_steps: int) -> Played:
    """Plays rows one after the other, each for so many game steps."""
    return sum((row.advance(game_steps) for row in rows), Played())


def at_the_same_time(rows: Sequence[EpisodeRow], game_steps: int) -> Played:
    """Plays rows in as many threads; the seconds are those of the wall."""
    start = perf_counter()
    with ThreadPoolExecutor(len(rows)) as threads:
        played = sum(threads.map(lambda row: row.advance(game_steps), rows), Played())
    return played.taking(perf_counter() - start)


def throughput(
    one: Pair, many: Pair, env_id: str, in_flight: int, game_steps: int, rounds: int, seed: int
) -> Measurement:
    """Game steps a second with several episodes in flight, by those with one.

    Args:
        one: The pair for one episode at a time.
        many: The same pair again: with one for both, each way would find in the cache what the
            other had computed, for the episodes are the same.
        env_id: The environment.
        in_flight: How many episodes.
        game_steps: Steps of each episode in a round.
        rounds: Rounds that count, in turns; one more is played before them.
        seed: Seed of the first episode; the others follow.

    Returns:
        The median over rounds.

    Raises:
        RuntimeError: The two ways did not play the same.
    """
    ways = {
        "one": (one_after_the_other, _rows(one, env_id, in_flight, seed)),
        "many": (at_the_same_time, _rows(many, env_id, in_flight, seed)),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    before = many.statistics()
    for number in range(rounds + 1):
        order = list(ways) if number % 2 else list(reversed(ways))
        played = {name: ways[name][0](ways[name][1], game_steps) for name in order}
        if played["one"].actions != played["many"].actions:
            raise RuntimeError(f"{env_id}: with {in_flight} in flight other actions were done")
        for name in order if number else ():
            rates[name].append(played[name].game_steps_per_second)
    for _, rows in ways.values():
        for row in rows:
            row.close()
    batches = many.since(before)
    return Measurement(
        median(many / one for one, many in zip(rates["one"], rates["many"], strict=True)),
        {
            "one_steps_per_s": median(rates["one"]),
            "many_steps_per_s": median(rates["many"]),
            "in_flight": in_flight,
            "mean_batch": batches["rows"] / batches["passes"],
            "mixed_batches": batches["mixed_batches"],
            "rounds": rounds,
        },
    )


def _rows(pair: Pair, env_id: str, count: int, seed: int) -> list[EpisodeRow]:
    # A stride, so that no two rows ever come to the same seed.
    return [pair.row(env_id, seed + number, stride=count) for number in range(count)]

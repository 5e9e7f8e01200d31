"""The measurements by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from agents.model import ModelSpec
from benchmarks.pair.memory import memory
from benchmarks.pair.overhead import overhead
from benchmarks.pair.pair import Pair
from benchmarks.pair.play import Game, play
from benchmarks.pair.reuse import reuse
from benchmarks.pair.settings import Settings
from benchmarks.pair.subjects import subject
from benchmarks.pair.throughput import throughput
from benchmarks.speed.subject import Measurement, Subject

#: One thing that was measured, or played.
Found = tuple[Subject, Measurement] | Game


def _play(settings: Settings) -> Iterator[Found]:
    with Pair(settings.pair) as pair:
        for env_id in settings.env_ids:
            game = play(pair, env_id, settings.game_steps, settings.in_flight, settings.seed)
            yield game
            yield subject("prefill", env_id), game.prefill


def _reuse(settings: Settings) -> Iterator[Found]:
    with Pair(settings.pair) as kept, Pair(settings.pair.having(cache_bytes=0)) as anew:
        for env_id in settings.env_ids:
            found = reuse(kept, anew, env_id, settings.round_steps, settings.rounds, settings.seed)
            for name, measured in found.items():
                yield subject(f"reuse-{name}", env_id), measured


def _throughput(settings: Settings) -> Iterator[Found]:
    with Pair(settings.pair) as one, Pair(settings.pair) as many:
        for env_id in settings.env_ids:
            yield (
                subject("throughput", env_id),
                throughput(
                    one,
                    many,
                    env_id,
                    in_flight=settings.in_flight,
                    game_steps=settings.round_steps,
                    rounds=settings.rounds,
                    seed=settings.seed,
                ),
            )


def _memory(settings: Settings) -> Iterator[Found]:
    kinds = dict.fromkeys(("", "4bit", str(settings.pair.options.get("load_in", ""))))
    for load_in in kinds:
        dtype = settings.pair.options.get("dtype", "auto")
        measured = memory(settings.pair.having(load_in=load_in))
        yield subject("memory", f"{load_in or 'unquantised'}-{dtype}"), measured


def _overhead(settings: Settings) -> Iterator[Found]:
    force = ModelSpec.parse(str(settings.pair.options["force"]))
    seeds = range(settings.seed, settings.seed + settings.rounds + 1)
    for env_id in settings.env_ids:
        args = settings.pair.agent_args
        yield (
            subject("overhead", env_id),
            overhead(env_id, settings.game_steps, seeds, force, args),
        )


#: Name to what measures it. Each opens what it needs, and nothing else is open meanwhile.
MEASURES: dict[str, Callable[[Settings], Iterator[Found]]] = {
    "memory": _memory,
    "overhead": _overhead,
    "play": _play,
    "reuse": _reuse,
    "throughput": _throughput,
}

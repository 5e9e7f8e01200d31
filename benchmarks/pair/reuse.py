"""What keeping the beginnings of prompts saves, against reading each prompt from its start."""

from __future__ import annotations

from statistics import median

from benchmarks.pair.pair import Pair
from benchmarks.pair.played import Played
from benchmarks.speed.subject import Measurement


def reuse(
    kept: Pair, anew: Pair, env_id: str, game_steps: int, rounds: int, seed: int
) -> dict[str, Measurement]:
    """Plays the same episodes both ways, in turns of a few game steps.

    Args:
        kept: The pair with its cache.
        anew: The same pair without one.
        env_id: The environment.
        game_steps: Steps of a round.
        rounds: Rounds that count; one more is played before them, for tokens and time alike.
        seed: Seed of the first episode.

    Returns:
        ``tokens``: prefilled tokens of all rounds, anew by kept. ``time``: wall time of the same,
        the median over rounds.

    Raises:
        RuntimeError: The two ways did not play the same, or the one without a cache has one.
    """
    rows = {"kept": kept.row(env_id, seed), "anew": anew.row(env_id, seed)}
    played: dict[str, list[Played]] = {name: [] for name in rows}
    for number in range(rounds + 1):
        for name in list(rows) if number % 2 else list(reversed(rows)):
            played[name].append(rows[name].advance(game_steps))
        if played["kept"][-1].actions != played["anew"][-1].actions:
            raise RuntimeError(f"{env_id}: with and without a cache other actions were done")
        if played["anew"][-1].usage.cached_tokens:
            raise RuntimeError(f"{env_id}: the pair without a cache has one")
    for row in rows.values():
        row.close()
    counted = {name: found[1:] for name, found in played.items()}
    whole = {name: sum(found, Played()) for name, found in counted.items()}
    steps = {f"{name}_steps": each.game_steps for name, each in whole.items()}
    return {
        "tokens": Measurement(
            whole["anew"].prefilled / whole["kept"].prefilled,
            {
                f"{name}_tokens_per_step": each.per_game_step(each.prefilled)
                for name, each in whole.items()
            }
            | steps,
        ),
        "time": Measurement(
            median(
                one.seconds / other.seconds
                for one, other in zip(counted["anew"], counted["kept"], strict=True)
            ),
            {
                f"{name}_ms_per_step": 1e3 * median(p.per_game_step(p.seconds) for p in found)
                for name, found in counted.items()
            }
            | {"rounds": rounds, **steps},
        ),
    }

"""Plays with the pair, and counts."""

from __future__ import annotations

from typing import Any, NamedTuple

from benchmarks.pair.pair import Pair
from benchmarks.pair.played import Played
from benchmarks.pair.throughput import at_the_same_time
from benchmarks.speed.subject import Measurement


class Game(NamedTuple):
    """What came of some game steps of one environment.

    Attributes:
        env_id: The environment.
        played: What was played.
        engine: What the engine did for it: :class:`agents.backends.local.statistics.Statistics`.
    """

    env_id: str
    played: Played
    engine: dict[str, int]

    @property
    def prefill(self) -> Measurement:
        """Tokens of all prompts by those that were prefilled.

        Reading each prompt from its start prefills all of its tokens; that the engine does so
        without its cache is seen by :func:`benchmarks.pair.reuse.reuse`.
        """
        played = self.played
        return Measurement(
            played.usage.input_tokens / played.prefilled,
            {
                "anew_tokens_per_step": played.per_game_step(played.usage.input_tokens),
                "kept_tokens_per_step": played.per_game_step(played.prefilled),
                "game_steps": played.game_steps,
            },
        )

    def to_json(self) -> dict[str, Any]:
        """It as plain data."""
        return {"env": self.env_id, **self.played.to_json(), "engine": self.engine}


def play(pair: Pair, env_id: str, game_steps: int, in_flight: int, seed: int) -> Game:
    """Plays episodes, several at the same time.

    Args:
        pair: The pair.
        env_id: The environment.
        game_steps: How many game steps in all, at least; each row plays as many as the others.
        in_flight: How many rows of episodes.
        seed: Seed of the first episode.
    """
    rows = [pair.row(env_id, seed + number, stride=in_flight) for number in range(in_flight)]
    before = pair.statistics()
    played = at_the_same_time(rows, -(-game_steps // in_flight))
    for row in rows:
        row.close()
    return Game(env_id, played, pair.since(before))

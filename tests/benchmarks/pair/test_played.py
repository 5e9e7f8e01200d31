from __future__ import annotations

from collections import Counter

import pytest

from agents.model import Usage
from benchmarks.pair.played import Played

ONE = Played(
    game_steps=2,
    turns=7,
    episodes=1,
    seconds=0.5,
    commands=Counter(APPEND=1),
    refused=1,
    events=Counter({"hand-over": 2}),
    calls=Counter(specialist=5, gameplay=2),
    usage=Usage(100, 60, 0, 10),
    actions=("a", "b"),
)


def test_everything_is_added_up():
    both = ONE + Played(2, 3, 0, 1.5, Counter(READ=2), calls=Counter(gameplay=1), actions=("c",))
    assert (both.game_steps, both.turns, both.episodes, both.refused) == (4, 10, 1, 1)
    assert both.commands == {"APPEND": 1, "READ": 2}
    assert both.calls == {"specialist": 5, "gameplay": 3}
    assert both.actions == ("a", "b", "c")
    assert both.game_steps_per_second == 2.0
    assert both.taking(8.0).game_steps_per_second == 0.5


def test_tokens_that_were_not_kept_were_prefilled():
    found = ONE.to_json()
    assert ONE.prefilled == 40
    assert found["tokens"] == {"prompt": 100, "prefilled": 40, "reused": 60, "decoded": 10}
    assert found["tokens_per_game_step"]["prefilled"] == 20
    assert found["ms_per_game_step"] == pytest.approx(250)

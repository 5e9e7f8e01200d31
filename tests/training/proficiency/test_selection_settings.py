"""How a data set is chosen."""

from __future__ import annotations

import re
import tomllib

import pytest

from benchmarks import toml
from training.proficiency.selection_settings import SelectionSettings


@pytest.mark.parametrize(
    "settings",
    [
        SelectionSettings(),
        SelectionSettings(least_score=None),
        SelectionSettings("random", {"seed": 3}, -1, 10, 5, 0.75, 0, 1, 7),
    ],
)
def test_settings_are_the_same_after_they_were_written_down(settings):
    written = tomllib.loads(toml.dumps(settings.to_toml()))
    assert SelectionSettings.from_toml(written) == settings


def test_no_least_score_can_be_said_in_words():
    assert SelectionSettings(least_score="-inf").least_score is None
    assert SelectionSettings(least_score=float("-inf")).least_score is None


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"mots": 3}, "a selection has no 'mots'. Did you mean 'most'? It has selector,"),
        ({"most": 0}, "most is a whole number, 1 or more, not 0"),
        ({"most": 2.5}, "not 2.5"),
        ({"per_episode": True}, "per_episode is a whole number, 1 or more, not True"),
        ({"seed": -1}, "seed is a whole number, 0 or more, not -1"),
        ({"log_share": 1.5}, "log_share is a number in [0, 1], not 1.5"),
        ({"log_share": "half"}, "log_share is a number in [0, 1], not 'half'"),
        ({"held_out": 1}, "held_out is less than 1"),
        ({"held_out": float("nan")}, "held_out is a number in [0, 1], not nan"),
        ({"least_score": "high"}, "least_score is a number, or -inf for no limit, not 'high'"),
        ({"least_score": float("nan")}, "not nan"),
        ({"selector": 3}, "selector is a name"),
        ({"selector_arg": [1]}, "a table of its arguments"),
    ],
)
def test_what_makes_no_sense_is_told(entry, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        SelectionSettings.from_toml(entry)

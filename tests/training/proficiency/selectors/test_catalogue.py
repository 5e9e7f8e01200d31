"""Selectors by their names."""

from __future__ import annotations

import pytest

from training.proficiency.selectors import SelectorError, open_selector
from training.proficiency.selectors.criteria import CriteriaSelector
from training.proficiency.selectors.random_choice import RandomChoice


def test_selectors_are_opened_by_name_with_their_arguments():
    assert isinstance(open_selector("criteria", {"gain": 2}), CriteriaSelector)
    assert isinstance(open_selector("random"), RandomChoice)
    own = open_selector("training.proficiency.selectors.random_choice:RandomChoice", {"seed": 3})
    assert isinstance(own, RandomChoice)


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("critera", {}, "no selector 'critera'. Did you mean 'criteria'?"),
        ("criteria", {"nope": 1}, "there is no criterion 'nope'"),
        ("random", {"seeds": 1}, "the selector random does not take {'seeds': 1}"),
        ("no.such.module:Selector", {}, "No module named"),
        ("training.proficiency.turn:Nope", {}, "has no attribute 'Nope'"),
        ("missing.py", {}, "missing.py: [Errno 2]"),
        ("some.py", {"a": 1}, "the selector in a file takes no arguments, not {'a': 1}"),
    ],
)
def test_what_cannot_be_opened_is_told(name, arguments, told):
    with pytest.raises(SelectorError) as error:
        open_selector(name, arguments)
    assert told in str(error.value)

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_fs import Refused
from training.structure.workspace.recordings import Recordings

NAME = "AutoMem-MiniHack-Corridor-R3-v0 seed 1"


def test_runs_have_names(review, second_review):
    assert Recordings.of(review).names == ("parent",)
    assert Recordings.of(second_review).names == ("parent", "failed", "001")


@pytest.mark.parametrize("name", ["seed 1", " seed  1 ", NAME, f"{NAME} repeat 0"])
def test_episodes_are_found_by_name(review, name):
    assert Recordings.of(review).find("parent", name)[0].name == NAME


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("seed 2", "there is no 'seed 2'"),
        ("seed 1 repeat 1", "there is no"),
        ("Elsewhere-v0 seed 1", "there is no"),
        ("1", "written as in 'seed 42'"),
        ("", "written as in 'seed 42'"),
        ("../../ seed 1", "there is no"),
        ("seed " + "9" * 5_000, "written as in"),
    ],
)
def test_what_is_no_episode_is_refused(review, name, says):
    with pytest.raises(Refused, match=says) as refused:
        Recordings.of(review).open("parent", name)
    assert len(str(refused.value)) < 500


def test_what_is_no_run_is_refused(second_review, tmp_path):
    recordings = Recordings.of(second_review)
    for name in ("fail", "../parent", ""):
        with pytest.raises(Refused, match="there is no run"):
            recordings.results(name)
    gone = replace(second_review.history[0], run=tmp_path / "gone")
    with pytest.raises(Refused, match="the run 001 cannot be read"):
        Recordings.of(replace(second_review, history=(gone,))).results("001")


@given(st.text(), st.text())
def test_any_text_is_an_answer_or_refused(parent_run, run, name):
    recordings = Recordings({"parent": parent_run})
    for of in (run, "parent"):
        with suppress(Refused):
            recordings.find(of, name)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.structure.workspace.recordings import Recordings
from training.structure.workspace.references import reference_problems


@pytest.fixture
def recordings(second_review):
    return Recordings.of(second_review)


@pytest.mark.parametrize(
    "text",
    [
        "In seed 1 step 17 it went east.",
        "Seed 1, step 17",
        "seed 1 (steps 17-20)",
        "in seed 1 repeat 0 at game step 3",
        "seed 1\n  step 26",
        "seed 0 step 30 and seed 1 step 26",
    ],
)
def test_references_that_lead_somewhere(recordings, text):
    assert list(reference_problems(text, recordings)) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("It never looks.", "names no episode and step"),
        ("step 17", "names no episode and step"),
        ("seed 1 is hard; step 17 too", "names no episode and step"),
        ("seed 7 step 1", "there is no such episode"),
        ("seed 1 repeat 3 step 1", "there is no such episode"),
        ("seed 1 step 27", "that episode has 26 steps"),
        ("seed 0 step 1, seed 1 step 99", "that episode has 26 steps"),
    ],
)
def test_references_that_lead_nowhere(recordings, text, says):
    (problem,) = reference_problems(text, recordings)
    assert says in problem


@given(st.text(alphabet=st.sampled_from("sedtp 0123456789,(\n"), max_size=300))
def test_any_text_is_read(parent_run, text):
    list(reference_problems(text, Recordings({"parent": parent_run})))

"""Data sets that are compared with the traces again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.model import Message
from training.proficiency.example import ExampleError
from training.proficiency.selection import select
from training.proficiency.selection_settings import SelectionSettings
from training.proficiency.verification import verify


@pytest.fixture(scope="module")
def examples(crafter_run):
    return select([crafter_run], SelectionSettings(least_score=None, most=20)).examples


def test_a_data_set_is_what_was_recorded(examples, crafter_run, minihack_run):
    assert verify(examples, [crafter_run]) == len(examples)
    assert verify(examples, [minihack_run, crafter_run]) == len(examples)
    assert verify([], [crafter_run]) == 0


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda it: {"target": it.target.replace("a", "o")}, "the target is not what the spans"),
        (lambda it: {"spans": ((0, 3),)}, "the target is not what the spans cut out"),
        (lambda it: {"spans": ((0, 10**6),)}, "are no pieces, in order, of an answer of"),
        (lambda it: {"spans": ((2, 4), (0, 2))}, "are no pieces, in order"),
        (lambda it: {"spans": ((4, 2),)}, "are no pieces, in order"),
        (lambda it: {"spans": ((-3, 2),)}, "are no pieces, in order"),
        (lambda it: {"digest": "0" * 64}, "the digest is 0000000000000000"),
        (lambda it: {"messages": (*it.messages, Message("user", "x"))}, "the conversation is not"),
        (lambda it: {"routine": "plan" if it.routine == "log" else "log"}, "the conversation is"),
        (lambda it: {"turn": 10_000}, "no such call was recorded in"),
        (lambda it: {"episode": "AutoMem-Crafter-v0/9/0"}, "no such call was recorded in"),
    ],
)
def test_an_example_that_was_edited_is_named(examples, crafter_run, edit, told):
    edited = replace(examples[3], **edit(examples[3]))
    with pytest.raises(ExampleError) as error:
        verify([*examples[:3], edited], [crafter_run])
    assert str(error.value).startswith(f"{edited.place}: ")
    assert told in str(error.value)


def test_an_episode_that_is_learnt_and_measures_is_refused(examples, crafter_run):
    swapped = replace(examples[0], held_out=not examples[0].held_out)
    with pytest.raises(ExampleError, match="some of its examples are learnt and others held out"):
        verify([swapped, *examples[1:]], [crafter_run])

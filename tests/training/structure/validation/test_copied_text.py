from __future__ import annotations

from training.structure.validation.copied_text import CopiedText

SEEN = "You see a rusty key under the loose stone beside the well.\nA rat bites you."


def copied():
    found = CopiedText(["The old well gives water to all who come to it by day."])
    found.learn(SEEN, "seed 3, step 17")
    return found


def test_a_sentence_of_an_episode_is_found_with_its_place():
    text = "Go on.\nRemember: a rusty key under the loose stone beside the well is there."
    (problem,) = copied().problems({"prompts/plan.j2": text})
    assert problem.startswith("prompts/plan.j2:2: ")
    assert "seed 3, step 17" in problem


def test_what_it_taught_may_be_said():
    assert not list(copied().problems({"prompts/plan.j2": "Keys may lie under loose stones."}))


def test_what_the_scaffold_said_before_may_stay():
    found = CopiedText(["You see a rusty key under the loose stone beside the well."])
    found.learn(SEEN, "seed 3, step 17")
    assert not list(found.problems({"memory/a.md": SEEN}))


def test_maps_and_tables_are_no_sentences():
    found = CopiedText([])
    row = "# . . . | - - - + . . . #"
    found.learn(row, "seed 3, step 17")
    assert not list(found.problems({"prompts/plan.j2": row}))

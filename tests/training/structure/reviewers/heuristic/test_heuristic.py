"""The heuristic reviewer on runs of a scripted model with bad habits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.scaffold import load_scaffold
from agents.scaffold_command.new import flattened
from automem_gym.commands import main
from benchmarks.commands import COMMANDS
from benchmarks.run_directory import RunDirectory
from training.structure.attempt import Attempt
from training.structure.attempt_store import write_files
from training.structure.review import Review
from training.structure.reviewers.heuristic.diagnosis import diagnose
from training.structure.reviewers.heuristic.edit import catalogue
from training.structure.reviewers.heuristic.hook_file import HookFile
from training.structure.reviewers.heuristic.reviewer import HeuristicReviewer
from training.structure.validation import Validator


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("habits") / "run"
    words = ["run", "--env", "AutoMem-Crafter-v0", "--agent", "memory", "--seeds", "0,1"]
    words += ["--model", "scripted:consult=0.5", "--max-game-steps", "60", "--out", str(out)]
    assert main(COMMANDS, [*words, "--no-scenes"]) == 0
    return out


@pytest.fixture(scope="module")
def review(run, tmp_path_factory):
    files = flattened(load_scaffold("crafter/v0"), "crafter")
    check = Validator("Crafter", files, run).problems
    return Review("Crafter", files, "d0", run, (), None, check, 0, tmp_path_factory.mktemp("r"))


def turned_down(review, revision):
    attempt = Attempt(
        len(review.history) + 1, "d0", "d1", revision, "turned down", "", {}, review.run, {}
    )
    return replace(review, history=(*review.history, attempt))


def test_the_habits_are_seen_where_they_show(run):
    found = {(it.name, it.file): it for it in diagnose(RunDirectory(run))}
    assert 0.3 < found["acting unread", ""].share < 0.7
    assert 0.3 < found["writing unread", ""].share < 0.7
    assert found["endless list", "actions.md"].share == 1
    assert found["turned down", ""].share == 0
    place = found["acting unread", ""].places[0]
    assert (place.episode, place.seed) == ("Crafter", 0)


def test_a_log_that_notes_nothing_is_seen_and_asked_once_more(tmp_path):
    out = tmp_path / "run"
    words = ["run", "--env", "AutoMem-MiniHack-MazeWalk-9x9-v0", "--agent", "memory", "--no-scenes"]
    words += ["--seeds", "0,1", "--model", "scripted:neglect=0.6", "--scaffold", "brief"]
    assert main(COMMANDS, [*words, "--max-game-steps", "30", "--out", str(out)]) == 0
    (symptom,) = (it for it in diagnose(RunDirectory(out)) if it.name == "nothing noted")
    assert 0.4 < symptom.share < 0.9
    (edit,) = (it for it in catalogue() if it.name == "note-what-is-new")
    files = flattened(load_scaffold("minihack/brief"), "minihack")
    write_files(tmp_path / "revised", edit.revise(symptom, files).files)
    words[words.index("brief")] = str(tmp_path / "revised")
    again = [*words, "--max-game-steps", "30", "--trust-hooks", "--out", str(tmp_path / "again")]
    assert main(COMMANDS, again) == 0
    (left,) = (it for it in diagnose(RunDirectory(tmp_path / "again")) if it.name == symptom.name)
    assert left.share < symptom.share / 2


def test_it_makes_careful_edits_at_once_then_all_then_one_by_one(review, tmp_path):
    reviewer, titles = HeuristicReviewer(), []
    while (revision := reviewer.revise(review)) is not None:
        titles.append(revision.title)
        assert review.check(revision.files) == []
        assert "seed 0 step" in revision.analysis
        write_files(tmp_path / str(len(titles)), revision.files)
        load_scaffold(tmp_path / str(len(titles)), "Crafter")
        review = turned_down(review, revision)
    assert all(" changes at once: " in title for title in titles[:2])
    assert set(titles[0].split(", ")[1:]) < set(titles[1].split(", "))
    assert titles[1].startswith(f"{len(titles) - 2} changes at once: ")
    assert len(set(titles)) == len(titles) >= 4


def test_what_was_kept_is_not_proposed_again(review, run):
    first = HeuristicReviewer().revise(review)
    second = HeuristicReviewer().revise(
        replace(review, scaffold=first.files, digest="d1", check=lambda files: [])
    )
    assert second is None or not set(second.title.split(", ")) & set(first.title.split(", "))


def test_hooks_of_others_are_left_alone(review):
    files = {**review.scaffold, "hooks.py": "def notices(context):\n    return []\n"}
    revision = HeuristicReviewer().revise(replace(review, scaffold=files, check=lambda files: []))
    assert revision is None or revision.files["hooks.py"] == files["hooks.py"]


def test_a_hook_file_is_read_as_it_was_written():
    one = "def notices(context):\n    return ['a']"
    two = "OPERATIONS = {}\n\n\ndef run_operation(name, key, text, content):\n    return None"
    hooks = HookFile().with_fragment("first map.md", one).with_fragment("second", two)
    assert HookFile.read(hooks.text) == hooks
    assert HookFile.read("") == HookFile()
    assert HookFile.read("def notices(context): ...") is None
    names: dict[str, object] = {}
    exec(hooks.text, names)
    assert names["notices"]({}) == ["a"]


@pytest.fixture(scope="module")
def scattered(tmp_path_factory):
    """A run whose notes on places stand all over a file, and the edit for that alone."""
    out = tmp_path_factory.mktemp("places") / "run"
    words = ["run", "--env", "AutoMem-MiniHack-MazeWalk-45x19-v0", "--agent", "memory"]
    words += ["--seeds", "0", "--model", "scripted:consult=0.5,repeat=0.5", "--no-scenes"]
    assert main(COMMANDS, [*words, "--max-game-steps", "60", "--out", str(out)]) == 0
    (symptom,) = (
        it
        for it in diagnose(RunDirectory(out))
        if (it.name, it.file) == ("places scattered", "dungeon.md")
    )
    (edit,) = (it for it in catalogue() if it.name == "places-together")
    assert edit.fires(symptom)
    files = flattened(load_scaffold("minihack/v0"), "minihack")
    write_files(out.parent / "scaffold", edit.revise(symptom, files).files)
    return load_scaffold(out.parent / "scaffold", "MiniHack")


def merged(scaffold, *lines):
    content = None
    for line in lines:
        content = scaffold.hooks.call("run_operation", "MERGE", "", line, content)["content"]
    return content


def test_places_are_added_to_the_line_of_their_key(scattered):
    assert merged(scattered, "level 1: stood 3,4", "level 1: stood 5,6 3,4; rests 1") == (
        "level 1: stood 3,4 5,6; rests 1\n"
    )


def test_a_value_takes_the_place_of_the_old_one_and_stands_last(scattered):
    lines = ("level 1: branch to 3; branch in 3", "level 1: branch to 2", "level 2: rests 4")
    assert merged(scattered, *lines) == "level 1: branch in 3; branch to 2\nlevel 2: rests 4\n"


def test_the_newer_number_of_a_place_counts(scattered):
    assert merged(scattered, "level 1: tried 3,4=1 5,6=2", "level 1: tried 3,4=7") == (
        "level 1: tried 3,4=7 5,6=2\n"
    )


def test_what_has_neither_places_nor_numbers_stays_a_line_of_its_own(scattered):
    lines = ("level 1: stood 3,4", "level 1: a new game", "level 1: stood 5,6", "a remark")
    assert merged(scattered, *lines) == "\n".join([*lines, ""])

"""A revision made by hand, from the workspace that is laid out to the search that goes on."""

from __future__ import annotations

import shlex

import pytest

from automem_gym.commands import main
from training.commands import COMMANDS
from training.structure.attempt_store import AttemptStore

_SEARCH = """
structure --env AutoMem-MiniHack-MazeWalk-9x9-v0 --max-game-steps 15 --model scripted:consult=0.3
--executor serial --quiet --gate paper --gate-arg screening=3 --reviewer manual --iterations 2
--attempts 1 --continuations 0 --screening-seeds 0-2 --confirmation-seeds 10-40
--report-seeds 50-51 --out
"""
DONE = {"title": "Short notes", "analysis": "In seed 1 step 2.", "method": "By looking."}


def search(out) -> int:
    return main(COMMANDS, [*shlex.split(_SEARCH), str(out)])


@pytest.fixture(scope="module")
def waiting(tmp_path_factory):
    """A search that waits for a revision."""
    out = tmp_path_factory.mktemp("manual") / "search"
    assert search(out) == 1
    revision = out / "attempts" / "001" / "review" / "revision"
    manifest = revision / "scaffold.toml"
    manifest.write_text(manifest.read_text().replace("stuck_steps = 4", "stuck_steps = 3"))
    return out


def submit(out, tmp_path, **words: str) -> int:
    paths = {}
    for name in ("analysis", "method"):
        paths[name] = tmp_path / name
        paths[name].write_text(words[name])
    return main(
        COMMANDS,
        [
            *("submit", str(out), "--title", words["title"]),
            *("--analysis", str(paths["analysis"]), "--method", str(paths["method"])),
        ],
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": "a\x1b[2Jb"}, "title holds U+001B: it is plain text"),
        ({"title": "a\nb"}, "title is one line"),
        ({"title": "x" * 201}, "title has 201 characters; 1 to 200"),
        ({"analysis": " "}, "analysis has 1 characters"),
        ({"analysis": "It fails."}, "names no episode and step"),
        ({"analysis": "seed 9 step 1"}, "no such episode"),
        ({"method": ""}, "method has 0 characters"),
    ],
)
def test_words_are_checked_as_those_of_a_model(waiting, tmp_path, capsys, change, says):
    assert submit(waiting, tmp_path, **{**DONE, **change}) == 1
    assert says in capsys.readouterr().err
    assert not list(waiting.rglob("submitted.json"))


def test_names_of_files_that_a_search_cannot_take_are_told(waiting, tmp_path, capsys):
    strange = waiting / "attempts" / "001" / "review" / "revision" / "prompts" / "a\x1b[2J.j2"
    strange.write_text("text")
    try:
        assert submit(waiting, tmp_path, **DONE) == 1
    finally:
        strange.unlink()
    told = capsys.readouterr().err
    assert "is no path of a scaffold" in told
    assert "\x1b" not in told


def test_what_is_sound_is_handed_in_and_played(waiting, tmp_path):
    assert submit(waiting, tmp_path, **DONE) == 0
    assert search(waiting) == 1, "the next revision is waited for"
    (attempt,) = AttemptStore(waiting).attempts()
    assert attempt.revision.title == "Short notes"
    assert attempt.verdict in ("kept", "turned down")

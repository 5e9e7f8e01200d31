"""A revision that somebody hands in from outside."""

from __future__ import annotations

import pytest

from automem_gym.commands import main
from training.commands import COMMANDS
from training.structure.attempt_store import AttemptStore


@pytest.fixture
def waiting(tmp_path):
    """A search that waits for a revision, which stands in its workspace."""
    out = tmp_path / "search"
    words = ["structure", "--env", "AutoMem-MiniHack-MazeWalk-9x9-v0", "--out", str(out), "--quiet"]
    words += ["--max-game-steps", "15", "--executor", "serial", "--model", "scripted:consult=0.3"]
    words += ["--gate", "paper", "--gate-arg", "screening=3", "--screening-seeds", "0-2"]
    words += ["--reviewer", "manual", "--iterations", "1", "--report-seeds", "50-51"]
    assert main(COMMANDS, words) == 1
    manifest = AttemptStore(out).review(1) / "revision" / "scaffold.toml"
    manifest.write_text(manifest.read_text().replace("stuck_steps = 4", "stuck_steps = 3"))
    (tmp_path / "analysis").write_text("seed 0 step 3: it walked into a wall\n")
    (tmp_path / "method").write_text("look at the steps that changed nothing\n")
    return out


def submit(out, title: str, analysis: str = "analysis") -> int:
    told = ["--analysis", str(out.parent / analysis), "--method", str(out.parent / "method")]
    return main(COMMANDS, ["submit", str(out), "--title", title, *told])


def test_a_sound_revision_is_handed_in(waiting, capsys):
    assert submit(waiting, "Notices come a step earlier") == 0
    assert "handed in as attempt 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("", "title has 0 characters"),
        ("two\nlines", "title is one line"),
        ("\x1b[2J cleared", "title holds characters that are not shown (U+001B)"),
        ("right \u202e to left", "U+202E"),
        ("x" * 201, "title has 201 characters"),
    ],
)
def test_words_that_no_model_may_hand_in_are_refused_of_people_too(waiting, capsys, title, words):
    assert submit(waiting, title) == 1
    assert words in capsys.readouterr().err
    (waiting.parent / "escape").write_text("seed 0 step 3 \x9b5m\n")
    assert submit(waiting, "A title", "escape") == 1
    assert "analysis holds characters that are not shown (U+009B)" in capsys.readouterr().err

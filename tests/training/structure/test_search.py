"""Whole searches, through the command, with reviewers that hand in what is to be judged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from automem_gym.commands import main
from training.commands import COMMANDS
from training.structure.attempt_store import AttemptStore

sys.path.insert(0, str(Path(__file__).parent))  # canned_reviewers

ENV = "AutoMem-MiniHack-MazeWalk-9x9-v0"
GATE = ["--gate", "paper", "--gate-arg", "screening=3"]


def search(out: Path, changes: str, *more: str, gate: list[str] = GATE) -> int:
    return main(
        COMMANDS,
        [
            *(
                "structure",
                "--env",
                ENV,
                "--out",
                str(out),
                "--quiet",
                "--max-game-steps",
                "15",
                "--executor",
                "serial",
            ),
            *("--model", "scripted:consult=0.3", "--reviewer", "canned_reviewers:Canned"),
            *("--reviewer-arg", f"changes={changes}"),
            *("--reviewer-arg", f"log={out.parent / 'asked'}"),
            *("--screening-seeds", "0-2", "--confirmation-seeds", "10-40"),
            *("--report-seeds", "50-51", "--attempts", "9", "--continuations", "0"),
            *gate,
            *more,
        ],
    )


def outcomes(out: Path) -> list[tuple[str, str]]:
    return [
        (it.revision.title if it.revision else "", it.verdict)
        for it in AttemptStore(out).attempts()
    ]


def git(out: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=out / "lineage", capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_each_revision_is_turned_down_for_the_right_reason(tmp_path, capsys):
    out = tmp_path / "search"
    assert (
        search(out, "words history seed forged broken failed worse better", "--iterations", "1")
        == 0
    )
    assert outcomes(out) == [
        ("words", "invalid"),
        ("history", "invalid"),
        ("seed", "invalid"),
        ("forged", "invalid"),
        ("broken", "invalid"),
        ("", "failed"),
        ("worse", "turned down"),
        ("better", "kept"),
    ]
    reasons = [it.reason for it in AttemptStore(out).attempts()]
    for reason, words in zip(
        reasons,
        (
            "changes words alone",
            "a history beside the memory",
            "looks for a seed",
            "imports benchmarks",
            "hooks.py:2: the hooks failed in notices: IndexError",
            "it had no idea",
            "mean",
            "mean",
        ),
        strict=True,
    ):
        assert words in reason
    assert git(out, "log", "--format=%s", "main").split("\n") == [
        "008 kept: better",
        "start: v0",
    ]
    assert "check_action" in git(out, "show", "main:scaffold/hooks.py")
    assert git(out, "show", "tried-002:scaffold/hooks.py").startswith("SEEN = []")
    assert "a history beside the memory" in git(out, "show", "tried-002:ATTEMPT.md")
    assert (out / "best" / "hooks.py").exists()
    used = (out / "best" / "used_seeds.toml").read_text()
    assert 'seeds = "0-2"' in used
    assert "10-40" in used
    assert "The first scaffold and the last" in capsys.readouterr().out


def test_a_search_that_is_killed_anywhere_goes_on(tmp_path, monkeypatch):
    """The same lineage, nobody asked twice for what was given, nothing played twice."""
    whole = tmp_path / "whole" / "search"
    whole.parent.mkdir()
    changes = "words worse better same"
    assert search(whole, changes, "--iterations", "2") == 0
    killed = tmp_path / "killed" / "search"
    killed.parent.mkdir()
    changes = " ".join(f"!{change}" for change in changes.split())
    played: dict[Path, int] = {}
    status = 130
    for _ in range(9):
        status = search(killed, changes, "--iterations", "2")
        now = {path: path.stat().st_mtime_ns for path in killed.rglob("result.json")}
        assert {path: now[path] for path in played} == played
        played = now
        if status != 130:
            break
    assert status == 0
    assert outcomes(killed) == outcomes(whole)
    for tag in git(whole, "tag").split():
        assert git(killed, "rev-parse", f"{tag}^{{tree}}") == git(
            whole, "rev-parse", f"{tag}^{{tree}}"
        )
    assert {path.relative_to(killed) for path in played} == {
        path.relative_to(whole) for path in whole.rglob("result.json")
    }
    # Each reviewer was asked again once, because it had been killed.
    asked = (killed.parent / "asked").read_text().split()
    assert asked[1::2] == [word for change in changes.split() for word in (change, change)]


def test_files_that_no_directory_can_hold_make_a_revision_invalid(tmp_path):
    """It is told to the next reviewers, and a search goes on with it wherever it is resumed."""
    out = tmp_path / "search"
    for status in (130, 0):
        assert search(out, "clash long large !better", "--iterations", "1") == status
    assert outcomes(out) == [
        ("clash", "invalid"),
        ("long", "invalid"),
        ("large", "invalid"),
        ("better", "kept"),
    ]
    reasons = [it.reason for it in AttemptStore(out).attempts()]
    for reason, words in zip(
        reasons, ("which is a file itself", "500 at most", "64,000 at most"), strict=False
    ):
        assert words in reason
    assert "which is a file itself" in git(out, "show", "tried-001:ATTEMPT.md")


def test_the_lineage_can_be_made_anew(tmp_path):
    out = tmp_path / "search"
    assert search(out, "words better", "--iterations", "1") == 0
    trees = {tag: git(out, "rev-parse", f"{tag}^{{tree}}") for tag in git(out, "tag").split()}
    subprocess.run(["rm", "-r", str(out / "lineage")], check=True)
    assert search(out, "words better", "--iterations", "1") == 0
    assert trees == {tag: git(out, "rev-parse", f"{tag}^{{tree}}") for tag in trees}


def test_a_budget_of_episodes_stops_and_goes_on(tmp_path, capsys):
    out = tmp_path / "search"
    assert search(out, "worse better", "--iterations", "1", "--budget-episodes", "4") == 1
    assert "a higher --budget-episodes goes on" in capsys.readouterr().err
    assert len(list(out.rglob("result.json"))) <= 4
    assert search(out, "worse better", "--iterations", "1") == 0
    assert outcomes(out)[-1] == ("better", "kept")


def test_the_confirmed_gate_plays_fresh_seeds_for_both(tmp_path):
    out = tmp_path / "search"
    gate = ["--gate-arg", "blocks=[3]", "--gate-arg", "looks=[10]", "--gate-arg", "decay=0.5"]
    assert search(out, "better", "--iterations", "1", gate=gate) == 0
    attempt = AttemptStore(out).attempts()[0]
    seeds = {
        (path.parents[4].name, json.loads(path.read_text())["seed"])
        for path in out.rglob("result.json")
        if path.parents[4].name != "report"
    }
    assert {seed for stage, seed in seeds if stage == "screening"} == {0, 1, 2}
    assert {seed for stage, seed in seeds if stage == "confirmation-01"} <= set(range(10, 20))
    assert attempt.confirmation or attempt.verdict == "turned down"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--trust-hooks",), "runs shut in, always"),
        (("--report-seeds", "1-2"), "is named for screening and for report"),
        (("--screening-seeds", "0-1"), "asks for 3"),
        (("--env", "AutoMem-Crafter-v0"), "a scaffold is made for one game"),
        (("--reviewer", "heuristics"), "Did you mean 'heuristic'"),
        (("--gate-arg", "alhpa=0.1"), "parameter of the gate"),
    ],
)
def test_mistakes_are_told_before_anything_is_made(tmp_path, capsys, more, words):
    assert search(tmp_path / "search", "better", *more) == 2
    assert words in capsys.readouterr().err


def test_another_search_is_not_mixed_in(tmp_path, capsys):
    out = tmp_path / "search"
    assert search(out, "failed", "--iterations", "1") == 0
    assert search(out, "failed", "--iterations", "1", "--max-game-steps", "40") == 2
    assert "holds another search" in capsys.readouterr().err

"""Whole searches, through the command, with reviewers that hand in what is to be judged."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agents.scaffold import load_scaffold
from agents.scaffold_command.new import flattened
from automem_gym.commands import main
from training.commands import COMMANDS
from training.structure.attempt_store import AttemptStore, write_files
from training.structure.directory import SearchDirectory, SearchError
from training.structure.opening import checker
from training.structure.settings import SearchSettings

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


#: Lets almost everything pass, on a seed a time.
LENIENT = [
    *("--gate-arg", "blocks=[1]", "--gate-arg", "passing=0.9", "--gate-arg", "looks=[1]"),
    *("--gate-arg", "alpha=0.9", "--gate-arg", "decay=0.1"),
]


def test_a_search_without_seeds_for_a_confirmation_is_not_begun(tmp_path, capsys):
    out = tmp_path / "search"
    assert (
        search(
            out,
            "better",
            "--confirmation-seeds",
            "10-28",
            gate=["--gate-arg", "looks=[20]", "--gate-arg", "blocks=[3]"],
        )
        == 2
    )
    told = capsys.readouterr().err
    assert "--confirmation-seeds: the gate confirmed asks for 20" in told
    assert "19 are named" in told
    assert not out.exists()


def test_a_search_whose_confirmation_seeds_run_out_goes_on_with_more(tmp_path, capsys):
    out = tmp_path / "search"
    changes, seeds = "better kinder", ("--iterations", "1", "--confirmation-seeds")
    assert search(out, changes, *seeds, "10", gate=LENIENT) == 1
    told = capsys.readouterr().err
    assert "stopped: confirmation 2 needs 1 seeds that no decision has seen, and 0 of 1" in told
    assert "add more to --confirmation-seeds, all above 10" in told
    assert (out / "best" / "scaffold.toml").exists()
    assert search(out, changes, *seeds, "10-11", gate=LENIENT) == 0
    assert [it.confirmation for it in AttemptStore(out).attempts()[:2]] == [True, True]
    # The reviewer was not asked again for what it had handed in.
    assert (tmp_path / "asked").read_text().split() == ["1", "better", "2", "kinder", "3"]


def test_the_time_of_an_interrupted_review_is_counted(tmp_path, monkeypatch):
    out, clock, before = tmp_path / "search", tmp_path / "search" / "clock.json", []

    def revise(self, review):
        before.append(json.loads(clock.read_text())["seconds"])
        time.sleep(0.5)
        raise KeyboardInterrupt

    monkeypatch.setattr("canned_reviewers.Canned.revise", revise)
    assert search(out, "better") == 130
    assert json.loads(clock.read_text())["seconds"] >= before[0] + 0.4


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


def test_a_start_that_was_changed_is_not_mixed_in(tmp_path, capsys):
    mine, out = tmp_path / "mine", tmp_path / "search"
    write_files(mine, flattened(load_scaffold("generic/v0"), "mine"))
    more = ("--iterations", "1", "--attempts", "1", "--scaffold", str(mine))
    assert search(out, "failed", *more) == 0
    digest = AttemptStore(out).attempts()[0].parent
    prompt = mine / "prompts" / "plan.j2"
    text = prompt.read_text()
    prompt.write_text(text + "\nGood luck.\n")
    changed = load_scaffold(mine).digest
    capsys.readouterr()
    assert search(out, "failed", *more) == 2
    told = capsys.readouterr().err
    assert f"its digest was {digest}, and is {changed} now. Restore it" in told
    with pytest.raises(SearchError, match=f"its digest was {digest}, and is {changed} now"):
        checker(out, SearchDirectory(out, SearchSettings).settings())
    prompt.write_text(text)
    assert search(out, "failed", *more) == 0
    assert checker(out, SearchDirectory(out, SearchSettings).settings())

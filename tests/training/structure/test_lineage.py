"""A lineage is the same wherever the process that makes it is killed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from training.structure.attempt import Attempt, Revision
from training.structure.lineage import Lineage, LineageError, diff_of
from training.structure.words import markdown

START = {"scaffold.toml": 'name = "a"\n', "prompts/plan.j2": "plan\n"}


def attempt(number: int, verdict: str) -> Attempt:
    revision = Revision({**START, "memory/notes.md": f"{number}\n"}, f"try {number}", "why", "how")
    return Attempt(number, "d0", f"d{number}", revision, verdict, "measured", {}, None, {})


ATTEMPTS = [attempt(1, "kept"), attempt(2, "turned down")]


def make(path: Path) -> None:
    """As a search does in each of its invocations: all attempts, from the first one."""
    lineage = Lineage(path, START, "v0")
    for it in ATTEMPTS:
        lineage.add(it, markdown(it))


def git(path: Path, *words: str) -> str:
    env = {**os.environ, "GIT_DIR": str(path / ".git"), "GIT_WORK_TREE": str(path)}
    return subprocess.run(
        ["git", *words], cwd=path, env=env, capture_output=True, text=True, check=True
    ).stdout


def state(path: Path) -> dict[str, str]:
    """All that anybody could see of it, but for the times of its commits."""
    names = git(path, "for-each-ref", "--format=%(refname)").split()
    logs = {name: git(path, "log", "--format=%T %s", name) for name in names}
    files = sorted(
        it.relative_to(path).as_posix() for it in path.rglob("*") if ".git" not in it.parts
    )
    return {
        **logs,
        "HEAD": git(path, "symbolic-ref", "HEAD"),
        "changed": git(path, "status", "--porcelain"),
        "files": "\n".join(files),
    }


@pytest.fixture
def dying_git(tmp_path, monkeypatch):
    """A git that fails at one of its calls: after it, or before it, with its locks left behind."""
    real = shutil.which("git")
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "git"
    script.write_text(
        f"""#!/bin/sh
echo call >> {folder}/calls
now=$(wc -l < {folder}/calls)
if [ "$now" -ne "$DIES_AT" ]; then exec {real} "$@"; fi
case "$DIES" in
after) {real} "$@" ;;
locked) mkdir -p "$GIT_DIR/refs/heads"; touch "$GIT_DIR/index.lock" "$GIT_DIR/HEAD.lock" \\
    "$GIT_DIR/refs/heads/main.lock" ;;
esac
echo "fatal: killed" >&2
exit 137
"""
    )
    script.chmod(0o755)

    def dying(at: int, how: str) -> Path:
        (folder / "calls").unlink(missing_ok=True)
        monkeypatch.setenv("DIES_AT", str(at))
        monkeypatch.setenv("DIES", how)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.defpath}")
        return folder / "calls"

    return dying


@pytest.mark.parametrize("how", ["after", "locked"])
def test_killed_at_any_of_its_commands_it_becomes_the_same(tmp_path, dying_git, how):
    calls = dying_git(0, how)
    make(tmp_path / "whole")
    count = len(calls.read_text().split())
    expected = state(tmp_path / "whole")
    assert [line[41:] for line in expected["refs/heads/main"].split("\n")] == [
        "001 kept: try 1",
        "start: v0",
        "",
    ]
    for at in range(1, count + 1):
        path = tmp_path / f"killed-{at}"
        dying_git(at, how)
        with pytest.raises(LineageError, match="fatal: killed"):
            make(path)
        dying_git(0, how)
        make(path)
        assert state(path) == expected, f"killed at call {at}"


def test_what_git_says_is_told_with_the_place_and_the_way_out(tmp_path):
    path = tmp_path / "lineage"
    make(path)
    shutil.rmtree(path / ".git" / "objects")
    for fails in (lambda: make(path), lambda: diff_of(path, 2)):
        with pytest.raises(LineageError, match=r"(?s)lineage: 'git \w+' failed: .*remove that dir"):
            fails()
    shutil.rmtree(path)
    make(path)
    assert "+2" in diff_of(path, 2)


def test_a_repository_around_it_is_left_alone(tmp_path):
    """Killed while its repository was made, git would take the next one above for it."""
    outer = tmp_path / "outer"
    outer.mkdir()
    subprocess.run(["git", "init", "--quiet", str(outer)], check=True)
    path = outer / "lineage"
    (path / ".git").mkdir(parents=True)
    make(path)
    assert git(outer, "for-each-ref") == ""
    assert "001 kept" in git(path, "log", "--format=%s", "main")
    assert diff_of(outer / "nowhere", 1) == ""

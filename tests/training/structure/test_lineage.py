"""The repository of a search's attempts, whatever happens to git."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from training.structure.attempt import Attempt, Revision
from training.structure.lineage import GitError, Lineage

START = {"scaffold.toml": "start\n"}


def attempt(number: int, verdict: str) -> Attempt:
    files = {"scaffold.toml": f"attempt {number}\n"}
    revision = Revision(files, f"title {number}", "analysis", "method")
    return Attempt(number, "d0", f"d{number}", revision, verdict, "", {}, None, {})  # type: ignore[arg-type]


ATTEMPTS = [attempt(1, "turned down"), attempt(2, "kept"), attempt(3, "kept")]


def build(path: Path) -> None:
    lineage = Lineage(path, START, "start")
    for it in ATTEMPTS:
        lineage.add(it, f"# {it.number}\n")


def git(path: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=path, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def told(path: Path) -> tuple[str, dict[str, str]]:
    """What is kept, and the tree of each attempt."""
    tags = git(path, "tag").split()
    trees = {tag: git(path, "rev-parse", f"{tag}^{{tree}}") for tag in tags}
    return git(path, "log", "--format=%s", "main"), trees


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    path = tmp_path_factory.mktemp("undisturbed") / "lineage"
    build(path)
    return told(path)


@pytest.fixture
def dying_git(tmp_path, monkeypatch):
    """A git that dies at a call: before it has done anything, or behind it."""
    real, folder = shutil.which("git"), tmp_path / "bin"
    folder.mkdir()

    def die(at: int, before: bool) -> None:
        count = folder / "count"
        count.write_text("0")
        stop = f'if [ "$n" -eq {at} ]; then {"" if before else real + chr(32) + chr(34)}'
        stop += ("" if before else "$@" + chr(34) + "; ") + "kill -9 $$; fi"
        script = f"#!/bin/sh\nn=$(($(cat {count}) + 1))\necho $n > {count}\n{stop}\n"
        (folder / "git").write_text(f'{script}exec {real} "$@"\n')
        (folder / "git").chmod(0o755)

    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return die


@pytest.mark.parametrize("before", [True, False], ids=["before", "behind"])
@pytest.mark.parametrize("at", range(1, 30, 2))
def test_a_git_that_dies_at_any_call_leaves_nothing_twice(
    tmp_path, dying_git, undisturbed, at, before
):
    path = tmp_path / "lineage"
    dying_git(at, before)
    try:
        build(path)
    except GitError as error:
        assert str(path) in str(error)  # noqa: PT017
    dying_git(0, before)
    build(path)
    assert told(path) == undisturbed


def test_what_a_killed_git_has_locked_is_opened(tmp_path, undisturbed):
    path = tmp_path / "lineage"
    build(path)
    for lock in ("index.lock", "HEAD.lock", "refs/heads/main.lock"):
        (path / ".git" / lock).write_text("")
    build(path)
    assert told(path) == undisturbed


def test_a_broken_repository_is_made_anew(tmp_path, undisturbed):
    path = tmp_path / "lineage"
    build(path)
    shutil.rmtree(path / ".git" / "objects")
    build(path)
    assert told(path) == undisturbed


def test_what_git_says_is_told(tmp_path):
    path = tmp_path / "lineage"
    lineage = Lineage(path, START, "start")
    shutil.rmtree(path / ".git" / "objects")
    with pytest.raises(GitError, match=r"git \w+ failed with status .*the next invocation makes"):
        lineage.add(ATTEMPTS[0], "words")

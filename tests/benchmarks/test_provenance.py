from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path

import pytest

from benchmarks.provenance import Provenance

VAULT = "examples.vault:AutoMem-Vault-v0"


def git(*words: str) -> None:
    name = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *name, *words], check=True, capture_output=True)


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A repository with one commit, as the working directory."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "player.py").write_text("first")
    git("init")
    git("add", "player.py")
    git("commit", "-m", "first")
    return folder


def recorded(run: Path, seed: int) -> str:
    """The commit that an episode was recorded with."""
    result = json.loads((run / "episodes" / VAULT / str(seed) / "0" / "result.json").read_text())
    made = tomllib.loads((run / "run.toml").read_text())["provenance"][result["provenance"]]
    assert made["versions"]["gymnasium"]
    return made["commit"]


def test_results_of_other_code_are_told_and_keep_their_provenance(
    automem, tmp_path, project, capsys
):
    run = tmp_path / "run"
    words = ("run", "--env", VAULT, "--out", run, "--quiet", "--seeds")
    assert automem(*words, "1-2") == 0
    old = recorded(run, 1)
    assert automem(*words, "1-2") == 0
    assert capsys.readouterr().err == "", "the same code is no reason for a warning"

    git("commit", "--allow-empty", "-m", "second")
    assert automem(*words, "1-3") == 0
    warning = capsys.readouterr().err
    new = recorded(run, 3)
    assert f"2 episodes recorded with commit {old}; the code is now commit {new}" in warning
    assert "--overwrite plays them again" in warning
    assert recorded(run, 1) == recorded(run, 2) == old != new

    assert automem(*words, "1-3", "--overwrite") == 0
    assert capsys.readouterr().err == ""
    assert recorded(run, 1) == new


def test_two_states_of_one_commit_are_not_the_same_code(project):
    clean = Provenance.present()
    (project / "player.py").write_text("second")
    second = Provenance.present()
    assert second == Provenance.present()
    (project / "player.py").write_text("third")
    commits = {clean.commit, second.commit, Provenance.present().commit}
    assert len(commits) == 3
    assert all(commit.startswith(clean.commit) for commit in commits)


def test_only_what_differs_is_told():
    old = Provenance("1a", {"numpy": "1.26", "rich": "15"})
    new = Provenance("1a", {"numpy": "2.0", "rich": "15"})
    assert old.difference(new) == "recorded with numpy 1.26; the code is now numpy 2.0"
    assert old.difference(old) == ""


def test_a_run_of_an_earlier_version_keeps_its_one_provenance(automem, tmp_path, project, capsys):
    run = tmp_path / "run"
    words = ("run", "--env", VAULT, "--out", run, "--quiet", "--seeds", "1")
    assert automem(*words) == 0
    settings = (run / "run.toml").read_text().partition("[[provenance]]")[0]
    (run / "run.toml").write_text(f'commit = "0ld"\n{settings}\n[versions]\ngymnasium = "0.9"\n')
    assert automem(*words) == 0
    assert "gymnasium 0.9" in capsys.readouterr().err
    assert recorded(run, 1) == "0ld"

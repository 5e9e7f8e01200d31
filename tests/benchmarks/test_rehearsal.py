from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

VAULT = "examples.vault:AutoMem-Vault-v0"
BOXOBAN = "AutoMem-MiniHack-Boxoban-Hard-v0"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--agent", "rendom"), "Did you mean 'random'?"),
        (("--agent", "no_such_module:X"), "no_such_module"),
        (("--agent-arg", "memory_rat=0.5"), "memory_rat"),
        (("--env-arg", "rums=9"), "rums"),
        (("--env", "AutoMem-MiniHack-v0"), "Corridor-R3"),
        (("--env", "AutoMem-MiniHack-v0", "--env-arg", "task=Koridor"), "'Koridor'"),
        (("--env", BOXOBAN), "AUTOMEM_BOXOBAN_LEVELS"),
        (("--env", f"{VAULT},CartPole-v1"), "MemoryWrapper"),
    ],
)
def test_a_wrong_setting_is_told_in_a_line_and_leaves_nothing(
    automem, tmp_path, capsys, monkeypatch, words, told
):
    monkeypatch.delenv("AUTOMEM_BOXOBAN_LEVELS", raising=False)
    run = tmp_path / "run"
    env = () if "--env" in words else ("--env", VAULT)
    assert automem("run", *env, *words, "--seeds", "1-2", "--out", run) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("automem run: --")
    assert told in line
    assert not run.exists()
    assert automem("run", "--env", VAULT, "--seeds", "1", "--out", run, "--quiet") == 0


def test_a_foreign_package_of_our_name_is_told_in_a_line(tmp_path):
    (tmp_path / "agents").mkdir()
    (tmp_path / "agents" / "__init__.py").touch()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "run", "--env", VAULT, "--seeds", "1", "--out", "run"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert str(tmp_path / "agents") in line

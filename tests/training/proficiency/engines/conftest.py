"""A small recorded run, and ledgers over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from automem_gym.commands import main
from benchmarks.commands import COMMANDS
from training.proficiency.engines import TrialLedger


@pytest.fixture(scope="session")
def collection(tmp_path_factory) -> Path:
    """Two episodes of Crafter, by a player who looks things up half of the time."""
    out = tmp_path_factory.mktemp("collection") / "run"
    words = ["run", "--env", "AutoMem-Crafter-v0", "--agent", "memory", "--seeds", "0,1"]
    words += ["--model", "scripted:consult=0.5,repeat=0.5", "--max-game-steps", "30"]
    words += ["--no-scenes", "--executor", "serial", "--out", str(out)]
    assert main(COMMANDS, words) == 0
    return out


@pytest.fixture
def ledger(collection, tmp_path) -> TrialLedger:
    folder = tmp_path / "engine"
    folder.mkdir()
    return TrialLedger((), collection, "", folder, 3, 7)

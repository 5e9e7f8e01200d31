"""Two short runs of the same episodes, and reviews of them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from agents.scaffold import load_scaffold
from agents.scaffold_command.new import flattened
from automem_gym.commands import main
from benchmarks.commands import COMMANDS
from training.structure.attempt import Attempt, Revision
from training.structure.review import Review

# The server stands with the backends' tests.
sys.path.insert(0, str(Path(__file__).parents[2] / "agents" / "backends"))

ENV = "AutoMem-MiniHack-Corridor-R3-v0"


def _play(out: Path, model: str) -> Path:
    words = ["run", "--env", ENV, "--agent", "memory", "--model", model, "--seeds", "0,1"]
    assert main(COMMANDS, [*words, "--max-game-steps", "30", "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="session")
def parent_run(tmp_path_factory) -> Path:
    """The scaffold's: seed 1 is solved in 26 steps, seed 0 not in 30."""
    return _play(tmp_path_factory.mktemp("parent") / "run", "scripted")


@pytest.fixture(scope="session")
def failed_run(tmp_path_factory) -> Path:
    """That of a player who makes mistakes."""
    return _play(
        tmp_path_factory.mktemp("failed") / "run", "scripted:slip=0.4,early=0.3,forget=0.5"
    )


@pytest.fixture(scope="session")
def scaffold() -> dict[str, str]:
    return flattened(load_scaffold("generic/v0"), "mine")


def check(files) -> list[str]:
    """A check that is quick: what the tests' revisions do wrong is the word BAD."""
    return [f"{path}: says BAD" for path, text in files.items() if "BAD" in text]


@pytest.fixture
def review(parent_run, scaffold, tmp_path) -> Review:
    folder = tmp_path / "001"
    return Review("MiniHack", scaffold, "d0", parent_run, (), None, check, 7, folder)


@pytest.fixture
def second_review(review, failed_run, tmp_path) -> Review:
    """The review that goes on from an attempt that was turned down."""
    files = {**review.scaffold, "memory/strategy.md": "Go east.\n"}
    revision = Revision(files, "East first", "seed 0 step 3: went west", "Look at the map")
    failed = Attempt(
        1,
        "d0",
        "d1",
        revision,
        "turned down",
        "0.10 less than its parent",
        {"parent": 0.5, "revision": 0.4},
        failed_run,
        {"usd": 0.5},
    )
    return replace(
        review,
        history=(failed,),
        failed=failed,
        folder=tmp_path / "002",
        failed_folder=tmp_path / "001",
    )

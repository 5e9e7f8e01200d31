from __future__ import annotations

import sys
from pathlib import Path

import pytest

from training.structure.workspace import Workspace

# Worker processes get the path of this one, and so find walls.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def workspace(review) -> Workspace:
    return Workspace(review)


@pytest.fixture
def second(second_review) -> Workspace:
    return Workspace(second_review)


@pytest.fixture(scope="session")
def wall_run(tmp_path_factory):
    """A player who walks into a wall."""
    from automem_gym.commands import main
    from benchmarks.commands import COMMANDS

    out = tmp_path_factory.mktemp("wall") / "run"
    words = ["run", "--env", "AutoMem-MiniHack-Corridor-R3-v0", "--agent", "walls:into_a_wall"]
    assert (
        main(COMMANDS, [*words, "--seeds", "1", "--max-game-steps", "12", "--out", str(out)]) == 0
    )
    return out

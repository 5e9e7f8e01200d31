from __future__ import annotations

from pathlib import Path

import pytest

from automem_gym.commands import main
from benchmarks.commands import COMMANDS


@pytest.fixture(autouse=True)
def _players(monkeypatch):
    # Worker processes get the path of this one, and so find benchmark_players.
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


@pytest.fixture
def automem():
    """Runs a command as the command line does; gives the exit status."""

    def run(*words: object) -> int:
        return main(COMMANDS, [str(word) for word in words])

    return run

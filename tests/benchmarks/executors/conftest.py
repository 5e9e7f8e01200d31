from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _players(monkeypatch):
    tests = Path(__file__).parents[2]
    for folder in ("benchmarks", "benchmarks/models", "benchmarks/executors", "agents/backends"):
        monkeypatch.syspath_prepend(str(tests / folder))

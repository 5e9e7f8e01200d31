from __future__ import annotations

import sys
from pathlib import Path

import pytest

# So that the tests find scripted_reviewer.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def server():
    from model_server import ModelServer
    from scripted_reviewer import answer_in_turn

    with ModelServer(answer_in_turn) as running:
        yield running

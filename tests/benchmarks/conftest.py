from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agents.backends.scripted import ScriptedModel
from agents.model import Message
from automem_gym.commands import main
from benchmarks.commands import COMMANDS


@pytest.fixture(autouse=True)
def _players(monkeypatch):
    # Worker processes get the path of this one, and so find benchmark_players.
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "agents" / "backends"))


@pytest.fixture
def automem():
    """Runs a command as the command line does; gives the exit status."""

    def run(*words: object) -> int:
        return main(COMMANDS, [str(word) for word in words])

    return run


@pytest.fixture
def play_by_rules():
    """Reacts to a request of the Messages API as a scripted model would."""
    from model_server import Answer

    model = ScriptedModel()

    def react(body: dict[str, Any]):
        system = "\n\n".join(block["text"] for block in body["system"])
        messages = [Message("system", system)]
        messages += [Message(turn["role"], turn["content"]) for turn in body["messages"]]
        done = model.generate(messages, 0)
        usage = {"input_tokens": 90, "cache_read_input_tokens": 10, "output_tokens": 5}
        return Answer(done.text, usage=usage)

    return react


@pytest.fixture
def server(play_by_rules):
    """A server that plays by the rules of the scripted model."""
    from model_server import ModelServer

    with ModelServer(play_by_rules) as running:
        yield running

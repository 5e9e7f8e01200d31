"""The commands of the page run as they stand there, but for seeds, steps and the server."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from model_server import Answer, ModelServer

from agents.backends.local.random_weights import build
from automem_gym.commands import main
from benchmarks.commands import COMMANDS
from benchmarks.suite import load_suite

PAGE = Path(__file__).parents[2] / "docs" / "reproduce-32b.md"
BLOCKS = re.findall(r"```\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
LINES = "".join(BLOCKS).replace("\\\n", " ").splitlines()
RUNS = [shlex.split(line)[1:] for line in LINES if line.startswith("automem run")]
ACTIONS = re.compile(r"<actions>\n(.*?)\n", re.DOTALL)


def answer(body: dict[str, Any]) -> Answer:
    """Takes the first action there is, whichever way it is asked for one."""
    if "tools" in body:
        action = body["tools"][1]["input_schema"]["properties"]["action"]["enum"][0]
        call = {"type": "tool_use", "id": "t", "name": "act", "input": {"action": action}}
        return Answer(blocks=(call,))
    system = body["system"][0]["text"] if "system" in body else body["messages"][0]["content"]
    found = ACTIONS.search(system)
    assert found
    return Answer(f"<|ACTION|>{found[1]}<|END|>")


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer(answer) as server:
        yield server


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    build(folder, "25M")
    return folder


def shortened(words: list[str], server: ModelServer, weights: Path, out: Path) -> list[str]:
    """The command with other values for what cannot be had here, or would take too long."""
    values = {
        "--seeds": lambda value: value.partition("-")[0],
        "--base-url": lambda value: server.url,
        "--workers": lambda value: "1",
        "--out": lambda value: str(out),
        "--adapter": lambda value: str(weights / "adapter"),
    }
    if "--load-in" in words:
        values["--model"] = lambda value: str(weights)
        values["--max-tokens"] = lambda value: "4"
    made = [words[0]]
    for option, value in zip(words[1::2], words[2::2], strict=True):
        if "Boxoban" not in value:  # which needs levels that are no part of any package
            made += [option, values.get(option, str)(value)]
    return [*made, "--max-game-steps", "2", "--quiet"]


@pytest.mark.parametrize("words", RUNS, ids=[words[words.index("--out") + 1] for words in RUNS])
def test_a_command_of_the_page(
    words: list[str],
    server: ModelServer,
    weights: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
    server.forget()
    made = shortened(words, server, weights, tmp_path / "run")
    assert main(COMMANDS, made) == 0
    results = json.loads((tmp_path / "run" / "results.json").read_text())
    assert results["owed"] == []
    assert len(results["episodes"]) == (6 if "minihack" in words[-1] else 1)
    roles = {"agent"} if words[words.index("--agent") + 1] != "pair" else {"specialist", "gameplay"}
    for episode in results["episodes"]:
        assert episode["game_steps"] == 2
        assert not episode["error"]
        assert set(episode["models"]) == roles
    asked = [request.body for request in server.requests]
    if "--load-in" in words:
        assert not asked
        return
    assert {body["model"] for body in asked} == set(models_of(words))
    if "lora" in str(words):
        assert {body["lora"][0]["scale"] for body in asked} == {0.0, 1.0}


def models_of(words: list[str]) -> Iterator[str]:
    """The names by which the server is asked."""
    for option, value in zip(words[1::2], words[2::2], strict=True):
        if option in ("--model", "--specialist"):
            yield value.split(":")[-1]


def test_the_page_names_what_the_paper_plays() -> None:
    """The seeds, the games and the MiniHack tasks of the paper, and no others."""
    named = {env for words in RUNS for value in words for env in value.split(",") if "-v0" in env}
    assert named == {env for task in load_suite("paper").tasks for env in task.env}
    for words in RUNS:
        crafter = "AutoMem-Crafter-v0" in words
        assert words[words.index("--seeds") + 1] == ("42-51" if crafter else "42-46")

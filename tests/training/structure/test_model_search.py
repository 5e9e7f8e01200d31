"""A whole search whose reviewer is a model behind the real SDK, on a server of our own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from agents.scaffold import load_scaffold
from agents.scaffold_command.new import flattened
from automem_gym.commands import main
from training.commands import COMMANDS
from training.structure.attempt_store import AttemptStore

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "reviewers")]

PRICES = '[[price]]\nmodels = ["m"]\ninput = 10.0\ncached = 1.0\nwritten = 12.0\noutput = 50.0\n'
DONE = {
    "title": "PLAN reads before it acts",
    "analysis": "In seed 0 step 1 it acted without a look.",
    "method": "Compare what was read with what was done.",
}


@pytest.fixture
def server():
    """Rewords, which is refused; makes it worse, which is turned down; goes on, and mends it."""
    from canned_reviewers import CHANGES
    from model_server import Answer, ModelServer
    from scripted_reviewer import use

    files = flattened(load_scaffold("v0", "MiniHack"), "mine")

    def write(change: str) -> list[dict]:
        return [
            use("write_file", {"path": f"revision/{path}", "text": text}, number)
            for number, (path, text) in enumerate(CHANGES[change](dict(files)).items())
            if files.get(path) != text
        ]

    undo = [
        use("write_file", {"path": "revision/prompts/plan.j2", "text": files["prompts/plan.j2"]}, 9)
    ]
    answers = [
        [use("list_files", {"folder": "scaffold"}), use("episodes")],
        [use("step", {"episode": "seed 0", "step": 1}), *write("words")],
        [use("finish", DONE)],
        [*undo, *write("worse"), use("check")],
        [use("finish", {**DONE, "title": "Never act"})],
        [
            use("compare", {"run": "parent", "other": "failed", "seed": 0}),
            use("episodes", {"run": "failed"}),
        ],
        [*write("better"), use("check")],
        [use("finish", DONE)],
    ]
    usage = {"input_tokens": 900, "cache_read_input_tokens": 100, "output_tokens": 50}

    def react(body):
        turn = sum(message["role"] == "assistant" for message in body["messages"])
        return Answer(blocks=tuple(answers[turn]), usage=usage)

    with ModelServer(react) as running:
        yield running


def test_rejections_and_continuations(server, tmp_path, capsys):
    out = tmp_path / "search"
    prices = tmp_path / "prices.toml"
    prices.write_text(PRICES)
    words = [
        *("structure", "--env", "AutoMem-MiniHack-MazeWalk-9x9-v0", "--out", str(out), "--quiet"),
        *(
            "--max-game-steps",
            "15",
            "--executor",
            "serial",
            "--model",
            "scripted:consult=0.3",
            "--reviewer",
            "messages:m",
        ),
        *("--reviewer-arg", f"base_url={server.url}", "--prices", str(prices)),
        *("--screening-seeds", "0-2", "--confirmation-seeds", "10-40", "--report-seeds", "50-51"),
        *("--gate", "paper", "--gate-arg", "screening=3", "--iterations", "1"),
    ]
    # The budget ends the first review; with a higher one it goes on where it was.
    assert main(COMMANDS, [*words, "--budget-usd", "0.02"]) == 1
    assert "budget" in capsys.readouterr().err
    asked = len(server.requests)
    assert 0 < asked < 4
    assert main(COMMANDS, [*words, "--budget-usd", "5"]) == 0
    assert len(server.requests) == 8
    first, second = AttemptStore(out).attempts()
    assert (first.verdict, second.verdict) == ("turned down", "kept")
    assert first.revision.title == "Never act"
    assert "check_action" in second.revision.files["hooks.py"]
    each = (900 * 10 + 100 * 1 + 50 * 50) / 1e6
    assert first.cost == pytest.approx({"usd": 5 * each, "tokens": 5 * 1050, "calls": 5})
    assert second.cost == pytest.approx({"usd": 3 * each, "tokens": 3 * 1050, "calls": 3})
    # What it was told: that words are not enough, and what came of its first revision.
    told = json.dumps([request.body["messages"] for request in server.requests])
    assert "changes words alone" in told
    assert "the mean did not rise" in told
    # One conversation, that grows.
    last = server.requests[-1].body["messages"]
    assert last[: len(server.requests[0].body["messages"])] == server.requests[0].body["messages"]
    assert main(COMMANDS, ["lineage", str(out)]) == 0
    assert "PLAN reads before it acts" in capsys.readouterr().out
    assert main(COMMANDS, ["lineage", str(out), "--html", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text()
    assert "Never act" in page
    assert "<script" not in page


def test_the_reviewer_may_spend_what_the_episodes_have_left(tmp_path, capsys):
    """One budget for both: what was played since the search was opened counts as well."""
    from model_server import Answer, ModelServer
    from scripted_reviewer import use

    usage = {"input_tokens": 390, "output_tokens": 10}

    def react(body):
        if "tools" in body:
            return Answer(blocks=(use("episodes"),), usage=usage)
        return Answer("<|ACTION|>north<|END|>", usage=usage)

    words = [
        *("structure", "--env", "AutoMem-MiniHack-MazeWalk-9x9-v0", "--quiet"),
        *("--max-game-steps", "4", "--executor", "serial", "--out", str(tmp_path / "search")),
        *("--screening-seeds", "0-2", "--gate", "paper", "--gate-arg", "screening=3"),
        *("--budget-tokens", str(40 * 400), "--model", "messages:m", "--reviewer", "messages:m"),
    ]
    with ModelServer(react) as server:
        words += ["--base-url", server.url, "--reviewer-arg", f"base_url={server.url}"]
        assert main(COMMANDS, words) == 1
        assert "a higher --budget-tokens goes on" in capsys.readouterr().err
        assert any("tools" in request.body for request in server.requests)
        assert len(server.requests) == 40

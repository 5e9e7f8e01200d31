"""A whole search whose engine is a model behind the real SDK, on a server of our own.

The first trial is an ordinary recipe. Before the second one the engine looks at what came of it,
writes selectors that attack, and then one that is sound.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from model_server import Answer, ModelServer, Status
from scripted_reviewer import results, use
from small_search import search, search_words
from walked_vault import ENV, scaffold

from agents.sandbox import SandboxLimits, confinement
from training.proficiency.example import read_examples
from training.proficiency.selectors import sandboxed
from training.proficiency.trial import Trial
from training.proficiency.trial_store import TrialStore

PRICES = '[[price]]\nmodels = ["m"]\ninput = 10.0\ncached = 1.0\nwritten = 12.0\noutput = 50.0\n'
USAGE = {"input_tokens": 900, "output_tokens": 100}
COST = (900 * 10 + 100 * 50) / 1e6

LORA = "epochs = 2.0\nbatch = 2\naccumulation = 1\ngradient_checkpointing = false\n"
ORDINARY = {
    "title": "All that is sound",
    "reason": "Nothing is known yet.",
    "selection": "least_score = -10.0\nmost = 12\nper_episode = 6",
    "lora": LORA,
}
#: What a selector must not do, and what its author is told.
HOSTILE = {
    "import os\nos.mkdir('{mark}')\ndef judge(turns): ...\n": "selector.py: ",
    "import os\ndef judge(turns):\n    return os.listdir('/')\n": "in judge: PermissionError",
    "def judge(turns):\n    while True:\n        pass\n": "selector.py: ",
    "def judge(turns):\n    return [{'score': 'high'} for turn in turns]\n": "a verdict is",
}
SOUND = """
def judge(turns):
    found = []
    for turn in turns:
        writes = [it for it in turn["commands"] if it["mutates"]]
        veto = "asks for nothing" if not turn["commands"] else ""
        found.append({"score": 2 + len(writes), "reasons": ["MY REASON"], "veto": veto})
    return found
"""
REWRITTEN = {
    "title": "What is written counts",
    "reason": "The first trial learnt whatever was sound.",
    "selection": 'selector = "selector.py"\nmost = 8\nper_episode = 4',
    "lora": LORA + "rank = 4\nalpha = 8",
}


def answers(mark: Path) -> tuple[list[list[dict[str, Any]]], ...]:
    """What the engine says, proposal by proposal."""
    attacks = [code.replace("{mark}", str(mark)) for code in HOSTILE]
    return (
        [[use("propose", ORDINARY)]],
        [
            [use("trial", {"number": 1}), use("selection_report", {"trial": 1})],
            *([use("write_selector", {"code": code})] for code in attacks),
            # None of them is there.
            [use("propose", REWRITTEN)],
            [use("write_selector", {"code": SOUND})],
            [use("propose", REWRITTEN)],
        ],
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ModelServer]:
    scripts = answers(tmp_path / "mark")

    def react(body: Mapping[str, Any]) -> Answer:
        number = int("trial 2 of" in first_message(body))
        turn = sum(message["role"] == "assistant" for message in body["messages"])
        return Answer(blocks=tuple(scripts[number][turn]), usage=USAGE)

    with ModelServer(react) as running:
        yield running


def first_message(body: Mapping[str, Any]) -> str:
    return str(body["messages"][0]["content"][0]["text"])


def bodies(server: ModelServer, number: int) -> list[dict[str, Any]]:
    """What was asked for a trial's proposal."""
    asked = [request.body for request in server.requests]
    return [body for body in asked if f"trial {number} of" in first_message(body)]


def test_a_model_rewrites_the_selector_and_what_attacks_costs_no_trial(
    base: Path, server: ModelServer, tmp_path: Path, capsys, monkeypatch
) -> None:
    if confinement().open:
        pytest.skip(f"code cannot be confined here: {confinement().reasons}")
    monkeypatch.setattr(sandboxed, "_LIMITS", SandboxLimits(cpu_seconds=1, seconds=2.0, deaths=1))
    out, prices = tmp_path / "search", tmp_path / "prices.toml"
    prices.write_text(PRICES)
    words = search_words(base, ENV, scaffold(tmp_path / "scaffold"))
    words += ["--prices", str(prices), "--engine", "messages:m"]
    for argument in (f"base_url={server.url}", "retries=0"):
        words += ["--engine-arg", argument]

    # The model cannot be asked in the middle of its second proposal: nothing is decided.
    usual = server.react
    server.react = lambda body: Status(500) if len(bodies(server, 2)) == 4 else usual(body)
    assert search(words, out) == 1
    assert "stopped: " in capsys.readouterr().err
    (first,) = TrialStore(out).trials()
    server.react = usual
    assert search(words, out) == 0
    again, second = TrialStore(out).trials()
    assert again == first

    # Each answer was asked for once, and paid for by its trial.
    calls = [len(script) for script in answers(tmp_path)]
    assert (len(bodies(server, 1)), len(bodies(server, 2))) == (calls[0], calls[1] + 1)
    for trial, count in zip((first, second), calls, strict=True):
        assert trial.cost == pytest.approx(
            {"usd": count * COST, "tokens": count * 1_000, "calls": count}
        )
    assert_played(first, out)
    assert_played(second, out)
    assert_told_the_truth(bodies(server, 2), first, out)
    assert_attacks_are_answered(bodies(server, 2)[-1], tmp_path)

    # The second one learnt what its selector chose, and as its recipe says.
    assert second.recipe is not None
    assert second.recipe.selector_source == SOUND
    assert (second.recipe.lora.rank, second.recipe.lora.alpha) == (4, 8)
    folder = TrialStore(out).folder(2)
    chosen = list(read_examples(folder / "selection" / "examples.jsonl"))
    assert len(chosen) == second.data["examples"]
    assert {it.reasons for it in chosen} == {("MY REASON",)}
    report = (folder / "selection" / "REPORT.md").read_text()
    assert f"| MY REASON | {len(chosen)} |" in report
    assert "### asks for nothing: " in report
    config = json.loads((folder / "training" / "adapter" / "adapter_config.json").read_text())
    assert (config["r"], config["lora_alpha"]) == (4, 8)


def assert_played(trial: Trial, out: Path) -> None:
    """It was trained and played, and its ledger says what stands on the disk."""
    assert trial.verdict in ("kept", "turned down")
    assert set(trial.scores["own"]) == set(trial.scores["parent"]) == {"400", "401"}
    adapter = TrialStore(out).folder(trial.number) / "training" / "adapter"
    result = json.loads((adapter / "training.json").read_text())
    assert trial.training["last"] == result["last"]
    assert trial.training["last"]["held_out"] < trial.training["first"]["held_out"]
    assert (adapter / "adapter_model.safetensors").exists()


def assert_told_the_truth(asked: list[dict[str, Any]], first: Trial, out: Path) -> None:
    """The engine sees what the first trial came to, and nothing of where it runs."""
    assert first.score  # something, or nothing would be shown by it
    line = f"001 {first.verdict}, mean score {first.score:.4f}: All that is sound | {first.reason}"
    assert line in first_message(asked[0])
    trial, report = (it["content"] for it in results(asked[1]))
    for seed in ("400", "401"):
        own, parent = (first.scores[side][seed] for side in ("own", "parent"))
        assert f"{seed}: {own:.4g}, {parent:.4g}" in trial
    for side in ("first", "last"):
        assert f'"held_out": {first.training[side]["held_out"]}' in trial
    assert f"{first.data['examples']} answers of" in report
    assert str(out.parent) not in json.dumps([asked[0], asked[1]])


def assert_attacks_are_answered(asked: dict[str, Any], tmp_path: Path) -> None:
    given = [
        block
        for message in asked["messages"]
        for block in message["content"]
        if block["type"] == "tool_result"
    ][2:]
    told = [block["content"] for block in given]
    for text, expected in zip(told, HOSTILE.values(), strict=False):
        assert expected in text
    assert "write_selector writes it" in told[len(HOSTILE)]
    assert all(block["is_error"] for block in given[: len(HOSTILE) + 1])
    assert "selector.py is written, and judged" in told[len(HOSTILE) + 1]
    assert not (tmp_path / "mark").exists()

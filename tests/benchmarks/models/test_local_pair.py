"""A pair with one base and an adapter, played through transformers and PEFT by worker processes."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

VAULT = "examples.vault:AutoMem-Vault-v0"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from agents.backends.local.random_weights import build

    texts = ["Write one command, such as <|ACTION|>east<|END|>."]
    return build(tmp_path_factory.mktemp("models") / "tiny", "tiny", seed=1, texts=texts)


def test_a_local_pair_plays_in_two_processes(base, automem, tmp_path, capsys) -> None:
    run = tmp_path / "run"
    adapter = base / "adapter"
    # A random model writes no commands: the scripted one's are put into its answers.
    words = ("run", "--env", VAULT, "--seeds", "1-2", "--max-game-steps", 3, "--workers", 2)
    words += ("--agent", "pair", "--model", base, "--adapter", adapter, "--max-tokens", 200)
    words += ("--model-arg", "force=scripted", "--out", run, "--quiet")
    assert automem(*words) == 0
    episodes = json.loads((run / "results.json").read_text())["episodes"]
    assert len(episodes) == 2
    for episode in episodes:
        assert episode["events"]["hand-over"] == episode["game_steps"]
        for model in episode["models"].values():
            assert model["cost_usd"] == 0
            assert model["cached_tokens"] > 0, "one engine holds the beginnings of both"
    record = tomllib.loads((run / "run.toml").read_text())
    assert record["provenance"][0]["versions"]["transformers"]
    weights = record["weights"]
    assert weights.keys() == {"specialist", "gameplay"}
    assert weights["specialist"] != weights["gameplay"]
    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps({**config, "lora_alpha": 1}))
    capsys.readouterr()
    assert automem(*words) == 2
    assert "specialist's weights: " in capsys.readouterr().err

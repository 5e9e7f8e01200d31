"""An activated LoRA shares what the base has read."""

import json
import shutil
from pathlib import Path

import pytest

from agents.model import Message, ModelSetupError, ModelSpec, Sampling

TALK = [
    Message("system", "You play a game. Write one command. " * 8),
    Message("user", "You see a wall, a door, a grid bug."),
]


def test_each_role_reads_on_from_the_others_prompt(spec, opened) -> None:
    models = opened({"specialist": spec("activated"), "gameplay": spec()})
    first = models["gameplay"].generate(TALK, 0)
    second = models["specialist"].generate(TALK, 0)
    assert first.usage.cached_tokens == 0
    # All but the beginning of the answer, which turns the adapter on.
    assert second.usage.cached_tokens >= second.usage.input_tokens - 10
    assert second.token_ids != first.token_ids
    fresh = opened({"specialist": spec("activated", cache_bytes=0)})["specialist"]
    assert fresh.generate(TALK, 0).token_ids == second.token_ids
    longer = [*TALK, Message("assistant", second.text), Message("user", "And some stairs.")]
    alone = opened({"gameplay": spec(cache_bytes=0)})["gameplay"].generate(longer, 0)
    shared = models["gameplay"].generate(longer, 0)
    assert shared.token_ids == alone.token_ids
    assert shared.usage.cached_tokens >= second.usage.input_tokens - 10


def test_any_other_adapter_shares_nothing_with_the_base(spec, opened) -> None:
    models = opened({"specialist": spec("adapter"), "gameplay": spec()})
    models["gameplay"].generate(TALK, 0)
    assert models["specialist"].generate(TALK, 0).usage.cached_tokens == 0


def test_an_adapter_that_would_never_be_on_is_told(base: Path, opened, tmp_path: Path) -> None:
    shutil.copytree(base / "activated", tmp_path / "activated")
    path = tmp_path / "activated" / "adapter_config.json"
    config = json.loads(path.read_text())
    path.write_text(json.dumps({**config, "alora_invocation_tokens": [5, 5, 5, 5]}))
    model = opened(
        {
            "agent": ModelSpec(
                "local", str(base), str(tmp_path / "activated"), Sampling(max_tokens=4)
            )
        }
    )["agent"]
    with pytest.raises(ModelSetupError, match=r"would do nothing: the tokens.*\[5, 5, 5, 5\]"):
        model.generate(TALK, 0)

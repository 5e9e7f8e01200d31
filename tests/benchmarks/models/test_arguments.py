from __future__ import annotations

import argparse
import re

import pytest

from agents.model import ModelSpec, Sampling
from benchmarks.run_arguments import add_arguments, configuration

NEEDED = ["--env", "examples.vault:AutoMem-Vault-v0", "--seeds", "1", "--out", "run"]


def specs(*words: str) -> dict[str, ModelSpec]:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    found = configuration(parser.parse_args([*NEEDED, *words]))
    return {role: ModelSpec.from_json(model) for role, model in found.models.items()}


def test_an_agent_without_models_has_none() -> None:
    assert specs() == {}


def test_one_model_plays_alone() -> None:
    assert specs("--agent", "memory", "--model", "claude-x") == {
        "agent": ModelSpec("messages", "claude-x")
    }
    alone = specs("--agent", "memory", "--model", "base", "--adapter", "lora")
    assert alone == {"agent": ModelSpec("local", "base", "lora")}


def test_the_specialist_is_the_model_with_the_adapter() -> None:
    words = ("--agent", "pair", "--model", "base", "--load-in", "4bit")
    found = specs(*words, "--adapter", "lora", "--model-arg", "context=4096")
    options = {"context": 4096, "load_in": "4bit"}
    assert found == {
        "specialist": ModelSpec("local", "base", "lora", options=options),
        "gameplay": ModelSpec("local", "base", options=options),
    }


def test_a_pair_without_any_specialist_is_one_model_twice() -> None:
    assert specs("--agent", "pair", "--model", "scripted") == dict.fromkeys(
        ("specialist", "gameplay"), ModelSpec("scripted")
    )


def test_two_names_on_one_server() -> None:
    words = ("--agent", "pair", "--model", "messages:base", "--specialist", "messages:memory")
    words += ("--base-url", "http://localhost:8000", "--model-arg", "timeout=60")
    words += ("--specialist-arg", "timeout=90", "--temperature", "0.5", "--top-p", "0.9")
    found = specs(*words, "--max-tokens", "300")
    sampling = Sampling(0.5, 0.9, 300)
    url = {"base_url": "http://localhost:8000"}
    assert found == {
        "specialist": ModelSpec(
            "messages", "memory", sampling=sampling, options={"timeout": 90, **url}
        ),
        "gameplay": ModelSpec(
            "messages", "base", sampling=sampling, options={"timeout": 60, **url}
        ),
    }


def test_options_of_one_backend_do_not_go_to_another() -> None:
    words = ("--agent", "pair", "--model", "claude-x", "--specialist", "local:base")
    words += ("--model-arg", "timeout=60", "--specialist-arg", "context=2048")
    words += ("--adapter", "lora", "--load-in", "8bit", "--base-url", "http://x")
    assert specs(*words) == {
        "specialist": ModelSpec(
            "local", "base", "lora", options={"context": 2048, "load_in": "8bit"}
        ),
        "gameplay": ModelSpec(
            "messages", "claude-x", options={"timeout": 60, "base_url": "http://x"}
        ),
    }


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--agent pair", "the agent pair needs a model: name it with --model and, for the"),
        ("--agent memory", "the agent memory needs a model: name it with --model"),
        ("--agent random --model scripted", "--model: the agent random asks no model"),
        ("--agent random --budget-usd 1", "--budget-usd: the agent random asks no model"),
        ("--agent memory --model scripted --specialist scripted", "--specialist: the agent memory"),
        ("--agent chat --model scripted --specialist-arg a=1", "--specialist-arg: the agent chat"),
        ("--agent pair --model claude-x --adapter lora", "--adapter: messages:claude-x is asked"),
        ("--agent memory --model scripted --adapter lora", "--adapter: scripted has no weights"),
        ("--agent memory --model claude-x --load-in 4bit", "--load-in: it is for local models"),
        ("--agent memory --model base --base-url http://x", "--base-url: it is for completions"),
        (
            "--agent memory --model claude-x --base-url http://x --model-arg base_url=http://y",
            "--base-url: base_url is given twice",
        ),
        ("--agent memory --model scripted --temperature -1", "temperature is in [0, 10], not -1.0"),
        ("--agent memory --model scripted --max-tokens 0", "max_tokens is at least 1, not 0"),
        ("--agent memory --model completions:", "names no model; write completions:NAME"),
        ("--agent memroy --model scripted", "--agent memroy: there is no agent 'memroy'"),
    ],
)
def test_mistakes_are_told(words: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)) as error:
        specs(*words.split())
    assert "\n" not in str(error.value)

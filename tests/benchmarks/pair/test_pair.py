from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from agents.model import ModelSpec
from benchmarks.pair.arguments import DEFAULTS
from benchmarks.pair.memory import adapter_bytes, held_by, memory
from benchmarks.pair.overhead import overhead
from benchmarks.pair.pair import Pair
from benchmarks.pair.play import play
from benchmarks.pair.reuse import reuse
from benchmarks.pair.storages import held_bytes
from benchmarks.pair.throughput import throughput

ENV = "AutoMem-MiniHack-Corridor-R3-v0"


@pytest.mark.parametrize("load_in", ["", "4bit"])
def test_what_is_played_is_what_the_engine_did(pair, load_in):
    with Pair(pair.having(load_in=load_in)) as opened:
        game = play(opened, ENV, 3, 1, 0)
    played, engine = game.played, game.engine
    assert played.game_steps == 3
    assert played.calls["specialist"] > played.calls["gameplay"] == 3
    assert played.events["hand-over"] == 3
    assert {"APPEND", "TAIL"} <= set(played.commands)
    assert not played.refused
    assert engine["requests"] == sum(played.calls.values())
    assert engine["prompt_tokens"] == played.usage.input_tokens
    assert engine["prefilled_tokens"] == played.prefilled
    assert engine["reused_tokens"] == played.usage.cached_tokens
    assert engine["decoded_tokens"] == played.usage.output_tokens
    assert engine["adapter_switches"] >= 2 * 3 - 1
    assert game.prefill.value == played.usage.input_tokens / played.prefilled
    assert game.to_json()["tokens"]["prefilled"] == played.prefilled


def test_several_episodes_are_played_at_once(pair):
    with Pair(pair) as opened:
        game = play(opened, ENV, 3, 2, 0)
    assert game.played.game_steps == 4, "each row plays as many steps as the others"
    assert game.played.episodes == 2
    assert game.engine["rows"] > game.engine["passes"]


def test_statistics_count_from_a_point_in_time(pair):
    with Pair(pair) as opened:
        row = opened.row(ENV, 0)
        row.advance(1)
        before = opened.statistics()
        played = row.advance(1)
        since = opened.since(before)
        row.close()
    assert since["requests"] == sum(played.calls.values())
    assert since["base_bytes"] == before.base_bytes


def test_reuse_is_a_ratio_of_tokens_and_of_time(pair):
    with Pair(pair) as kept, Pair(pair.having(cache_bytes=0)) as anew:
        found = reuse(kept, anew, ENV, game_steps=1, rounds=2, seed=0)
    tokens = found["tokens"]
    one, other = tokens.details["anew_tokens_per_step"], tokens.details["kept_tokens_per_step"]
    assert tokens.value == pytest.approx(one / other)
    assert tokens.value > 1.5
    assert tokens.details["anew_steps"] == tokens.details["kept_steps"] == 2
    assert found["time"].value > 0
    assert found["time"].details["rounds"] == 2


def test_reuse_is_not_compared_with_itself(pair):
    with Pair(pair) as kept, pytest.raises(RuntimeError, match="without a cache"):
        reuse(kept, kept, ENV, game_steps=2, rounds=1, seed=0)


def test_episodes_at_the_same_time_do_what_they_do_alone(pair):
    with Pair(pair) as one, Pair(pair) as many:
        found = throughput(one, many, ENV, in_flight=3, game_steps=1, rounds=1, seed=0)
    assert found.value == pytest.approx(
        found.details["many_steps_per_s"] / found.details["one_steps_per_s"]
    )
    assert 1 < found.details["mean_batch"] <= 3
    assert found.details["in_flight"] == 3


class Other(Pair):
    """A pair whose episodes begin with another seed."""

    def row(self, env_id, seed, stride=1):
        return super().row(env_id, seed + 100, stride)


def test_episodes_that_differ_are_not_compared(pair):
    with Pair(pair) as one, Other(pair) as many, pytest.raises(RuntimeError, match="other actions"):
        throughput(one, many, ENV, in_flight=1, game_steps=5, rounds=1, seed=0)


@pytest.mark.parametrize("options", [{}, {"dtype": "bfloat16"}, {"load_in": "4bit"}])
def test_the_base_is_there_once(pair, options):
    found = memory(pair.having(**options))
    assert 0.99 < found.value < 1.02
    assert found.details["two_copies"] > 1.5


def test_two_bases_are_counted_as_two(pair, tmp_path):
    copy = shutil.copytree(pair.model, tmp_path / "copy")
    base = pair.having(cache_bytes=0).models["gameplay"]
    once = held_by({"gameplay": base})
    twice = held_by({"gameplay": base, "specialist": dataclasses.replace(base, name=str(copy))})
    assert twice == pytest.approx(2 * once, rel=0.02)


def test_an_adapter_counts_in_the_type_that_is_computed_in(pair):
    size = (Path(pair.adapter) / "adapter_model.safetensors").stat().st_size
    assert size - 10_000 < adapter_bytes(pair) < size
    assert 2 * adapter_bytes(pair.having(dtype="bfloat16")) == adapter_bytes(pair)


def test_tensors_that_share_memory_count_once():
    import torch

    before = held_bytes()
    whole = torch.zeros(1000)
    part = whole[:10]
    assert held_bytes() - before == 4000
    del whole
    assert held_bytes() - before == 4000
    del part
    assert held_bytes() == before


@pytest.mark.parametrize("force", ["scripted", DEFAULTS["force"]])
def test_overhead_is_that_of_the_agent_alone(force):
    found = overhead(ENV, 5, [0, 1, 2], ModelSpec.parse(force), {"scaffold": "v0"})
    assert found.details["episodes"] == 2
    assert found.details["game_steps"] == 5
    assert found.details["calls_per_step"] > found.details["turns_per_step"] > 1
    assert found.details["env_and_memory_ms"] > 0

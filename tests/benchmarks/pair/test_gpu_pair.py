from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from agents.backends.local.network import Piece
from agents.backends.local.prefix_cache import Beginning
from agents.model import Usage
from benchmarks.gpu_pair import main
from benchmarks.pair.bandwidth import copy_bandwidth
from benchmarks.pair.pass_meter import Passes
from benchmarks.pair.played import Played
from benchmarks.pair.reached import Reached


def test_passes_add_up():
    passes = Passes()
    passes.add([Piece([5], 9, "adapter1"), Piece([6], 3)], 0.5)
    passes.add([Piece([7], 10)], 0.25)
    assert passes == Passes(count=2, seconds=0.75, tokens=3, adapted=1, kept=10 + 4 + 11)


def test_a_beginning_that_rows_share_is_read_once():
    beginning = Beginning(np.arange(6), [])
    passes = Passes()
    passes.add([Piece([5], 9, beginning=beginning), Piece([6], 7, beginning=beginning)], 1.0)
    assert passes.kept == 6 + (10 - 6) + (8 - 6)


def test_the_share_is_the_time_to_read_by_the_time_taken():
    reached = Reached(
        in_flight=2,
        played=Played(game_steps=4, seconds=2.0, usage=Usage(100, 40, 0, 30)),
        prefill=Passes(count=1, seconds=0.5, tokens=60),
        decode=Passes(count=10, seconds=1.0, tokens=20),
        read_bytes=3_000,
        bandwidth=4_000.0,
        engine={},
        memory={"allocated": 2_000_000_000},
    )
    assert reached.share == 0.75
    figures = reached.figures
    assert figures["game steps/s"] == 2
    assert figures["prefilled tokens/s"] == 30
    assert figures["  in prefill passes"] == 120
    assert figures["decoded tokens/s"] == 15
    assert figures["rows of a decode pass"] == 2
    assert figures["ms of a decode pass"] == 100
    assert figures["allocated, GB"] == 2
    assert reached.to_json()["figures"] == figures


def test_bandwidth_is_that_of_a_memory():
    assert 1e8 < copy_bandwidth(torch.device("cpu")) < 1e13


def test_the_script_measures_each_kind_of_weights(tmp_path, capsys):
    out = tmp_path / "gpu.json"
    words = "--shape roomy --rank 2 --device cpu --in-flight 1,2 --game-steps 1 --warm-up 1"
    env = "AutoMem-MiniHack-Corridor-R3-v0"
    assert main([*words.split(), "--env", env, "--out", str(out)]) == 0
    found = json.loads(out.read_text())
    assert found["shape"] == "roomy"
    assert found["ran_on"].startswith("cpu (no GPU")
    assert found["ran_on"] in capsys.readouterr().out
    assert [run["load_in"] for run in found["runs"]] == ["none", "4bit"]
    for run in found["runs"]:
        assert [reached["in_flight"] for reached in run["reached"]] == [1, 2]
        for reached in run["reached"]:
            engine, prefill, decode = (reached[name] for name in ("engine", "prefill", "decode"))
            assert reached["played"]["game_steps"] == reached["in_flight"]
            assert prefill["count"] + decode["count"] == engine["passes"]
            assert decode["count"] == pytest.approx(engine["decode_passes"], abs=8)
            assert reached["read_bytes"] > decode["count"] * engine["adapter_bytes"]
            assert reached["figures"]["share of the bandwidth limit, %"] > 0
    plain, packed = (run["reached"][0] for run in found["runs"])
    assert packed["read_bytes"] < plain["read_bytes"]
    assert plain["decode"]["tokens"] == plain["decode"]["count"]


def test_what_cannot_be_opened_is_told_and_the_others_are_measured(tmp_path, capsys):
    out = tmp_path / "gpu.json"
    words = "--shape roomy --rank 2 --device cpu --in-flight 1 --game-steps 1 --warm-up 0"
    assert main([*words.split(), "--load-in", "5bit,none", "--out", str(out)]) == 1
    assert "5bit did not run to the end" in capsys.readouterr().out
    bad, good = json.loads(out.read_text())["runs"]
    assert "5bit" in bad["error"]
    assert not bad["reached"]
    assert not good["error"]
    assert len(good["reached"]) == 1

import json
from pathlib import Path

import pytest
import torch

from agents.backends.local.random_weights import SHAPES
from training.gpu_train import main, operations, product_rate


def test_the_script_measures_each_kind_of_weights(tmp_path: Path, capsys) -> None:
    out = tmp_path / "gpu.json"
    words = "--shape tiny --tokens 200 --steps 1 --rank 2 --device cpu --out"
    assert main([*words.split(), str(out)]) == 0
    found = json.loads(out.read_text())
    assert found["ran_on"] == "cpu (no GPU)"
    assert [run["load_in"] for run in found["runs"]] == ["none", "4bit"]
    for run in found["runs"]:
        assert run["tokens_per_second"] > 0
        assert 0 < run["useful_share"] < run["arithmetic_share"] < 1.5
        assert run["memory"]["resident"] > 0
        assert run["limit"]
    assert "tokens/s" in capsys.readouterr().out


def test_what_cannot_run_is_told_and_the_others_are_measured(tmp_path: Path, capsys) -> None:
    out = tmp_path / "gpu.json"
    words = "--shape tiny --tokens 200 --steps 1 --load-in 8bit --device cpu --out"
    assert main([*words.split(), str(out)]) == 1
    assert "load_in is one of empty, 4bit" in capsys.readouterr().out
    assert json.loads(out.read_text())["runs"][0]["error"]


def test_a_shape_that_is_none_is_told(capsys) -> None:
    with pytest.raises(SystemExit):
        main(["--shape", "8B"])
    assert "'8B' is none; there are tiny" in capsys.readouterr().err


@pytest.mark.parametrize("shape", ["7B", "32B"])
def test_operations_are_two_a_weight_and_token(shape: str) -> None:
    from transformers import AutoModelForCausalLM, Qwen2Config

    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(Qwen2Config(**SHAPES[shape]["config"]))
    weights = sum(
        it.weight.numel() for it in model.model.layers.modules() if hasattr(it, "in_features")
    )
    assert operations(shape, 1, 1) == pytest.approx(2 * weights, rel=1e-3)


def test_a_product_has_a_rate() -> None:
    assert product_rate(torch.device("cpu"), torch.float32) > 1e8

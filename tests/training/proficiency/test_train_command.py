import json
import subprocess
import sys
from pathlib import Path

import pytest
from lora_examples import recipe

from agents.model import ModelSpec
from benchmarks import toml
from benchmarks.used_seeds import read_used
from training.proficiency.train import main


@pytest.fixture
def words(spec: ModelSpec, data: Path, tmp_path: Path) -> list[str]:
    path = tmp_path / "recipe.toml"
    path.write_text(toml.dumps(recipe().to_toml()))
    given = ["--model", spec.name, "--data", str(data), "--out", str(tmp_path / "out")]
    return [*given, "--model-arg", "device=cpu", "--recipe", str(path), "--report-to", "none"]


def test_the_command_trains(words: list[str], tmp_path: Path, capsys) -> None:
    assert main([*words, "--set", "rank=2", "--scaffold", "abc"]) == 0
    assert f"{tmp_path / 'out'}: the adapter; 8 steps" in capsys.readouterr().out
    found = json.loads((tmp_path / "out" / "training.json").read_text())
    assert found["recipe"]["rank"] == 2
    assert found["recipe"]["learning_rate"] == 0.01
    assert found["scaffold"] == "abc"


def test_the_seeds_of_the_data_travel_with_the_adapter(words, tmp_path, capsys) -> None:
    """Wherever the data were copied to."""
    assert main(words) == 0
    (found,) = read_used(tmp_path / "out")
    assert (found.env, found.seeds) == ({"AutoMem-Test-v0"}, {0, 1, 2, 3, 4})


@pytest.mark.parametrize(
    ("more", "status", "message"),
    [
        (["--set", "rnk=2"], 2, "a LoRA recipe has no 'rnk'. Did you mean 'rank'?"),
        (["--set", 'targets=["query"]'], 1, "no adapter was made: "),
        (["--processes", "3"], 2, "start them with torchrun --nproc-per-node 3"),
        (["--model", "/nowhere"], 2, "there is no directory /nowhere"),
        (["--model", "claude-x"], 2, "an adapter is trained on a local model"),
        (["--data", "/nowhere.jsonl"], 2, "No such file"),
        (["--evaluate-every", "0"], 1, "evaluate_every is at least 1, not 0"),
    ],
)
def test_what_is_wrong_is_told(words, more, status: int, message: str, capsys) -> None:
    assert main([*words, *more]) == status
    assert message in capsys.readouterr().err


def test_a_line_that_is_no_example_is_told(words, tmp_path: Path, capsys) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"episode": 1}\n')
    assert main([*words, "--data", str(path)]) == 2
    assert f"{path}:1: this is no example" in capsys.readouterr().err


def test_its_arguments_are_read_without_heavy_libraries() -> None:
    code = (
        "import sys, training.proficiency.train_command, training.proficiency.lora_recipe; "
        "print([m for m in ('torch', 'transformers', 'peft', 'accelerate') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

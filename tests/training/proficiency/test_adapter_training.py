"""Adapters that are trained in a process of their own: what it says, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from agents.model import ModelSpec
from benchmarks.used_seeds import Used, read_used
from training.proficiency.adapter_training import AdapterTraining, TrainingFailed
from training.proficiency.lora_recipe import LoraRecipe
from training.proficiency.train_command import FAILED
from training.structure.stopped import SearchStoppedError

FINISHED = {
    **{"steps": 3, "first": 2.0, "last": 1.0, "learnt": 9, "held_out": [1.5], "tokens": 99},
    **{"seconds": 0.1, "warnings": [], "more": "not told"},
}
SCRIPT = """\
import json, pathlib, sys
words = sys.argv[1:]
out = pathlib.Path(words[words.index("--out") + 1])
print("step 1")
print(*words)
{act}
"""


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """Trains with a script in the place of the command."""

    def of(act: str, **spec):
        script = tmp_path / "train.py"
        script.write_text(SCRIPT.format(act=act))
        popen, said = subprocess.Popen, []

        def started(command, **options):
            assert command[:3] == [sys.executable, "-m", "training.proficiency.train"]
            return popen([sys.executable, str(script), *command[3:]], **options)

        monkeypatch.setattr(subprocess, "Popen", started)
        used = [Used(frozenset({"Env-v0"}), frozenset({1, 2}), "training")]
        base = ModelSpec("local", "base", **spec)
        training = AdapterTraining(base, "d0", used, say=said.append)
        out = tmp_path / "training" / "adapter"
        return training.train(tmp_path / "examples.jsonl", LoraRecipe(), out), said, out

    return of


def test_what_a_training_came_to_is_told_and_its_seeds_are_kept(trained):
    act = f"out.mkdir()\n(out / 'training.json').write_text('''{json.dumps(FINISHED)}''')"
    result, said, out = trained(act, options={"threads": 2})
    assert result == {name: value for name, value in FINISHED.items() if name != "more"}
    assert said[0] == "step 1"
    assert "--model local:base" in said[1]
    assert "--model-arg threads=2" in said[1]
    assert "--scaffold d0" in said[1]
    (used,) = read_used(out)
    assert used.seeds == {1, 2}
    assert (out.parent / "recipe.toml").exists()


def test_a_training_that_fails_tells_why(trained):
    act = f"print('{FAILED}it diverged; lower it', 'torchrun says', sep='\\n')\nsys.exit(1)"
    with pytest.raises(TrainingFailed) as error:
        trained(act)
    assert str(error.value) == "the training failed: it diverged; lower it"


def test_what_is_no_fault_of_the_recipe_stops_the_search_and_decides_nothing(trained):
    """Such as a full disk; and torchrun ends so when one of its processes is killed."""
    told = r"(?s)ended with status 1; the same command goes on.*\n39\nNo space left"
    with pytest.raises(SearchStoppedError, match=told):
        trained("print(*range(40), 'No space left', sep='\\n')\nsys.exit(1)")


def test_a_process_that_is_killed_is_told(trained):
    told = r"killed by signal 9; the same command goes on .*want of memory.*batch and cutoff"
    with pytest.raises(SearchStoppedError, match=told):
        trained("sys.stdout.flush()\nimport os\nos.kill(os.getpid(), 9)")


def test_a_base_that_cannot_be_used_stops_the_search_and_decides_nothing(trained):
    with pytest.raises(SearchStoppedError, match=r"(?s)could not be begun:\n.*no such base"):
        trained("print('no such base')\nsys.exit(2)")

"""Trainings in processes of their own: killed in the middle, and two at once."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from lora_examples import examples, recipe
from safetensors.torch import load_file

from agents.model import ModelSpec
from training.proficiency.adapter_trainer import AdapterTrainer
from training.proficiency.checkpoints import LIST, discard_parts, last_whole, mark_whole
from training.proficiency.example import write_examples
from training.proficiency.launching import LaunchError, check_launch
from training.proficiency.lora_recipe import LoraRecipe
from training.proficiency.trainer import train

ROOT = Path(__file__).parents[3]
MODULE = "training.proficiency.train"


def words(spec: ModelSpec, data: Path, out: Path, how: LoraRecipe, every: int) -> list[str]:
    """The command's arguments."""
    given = ["--model", spec.name, "--data", str(data), "--out", str(out), "--report-to", "none"]
    given += ["--model-arg", "device=cpu", "--save-every", str(every), "--evaluate-every", "3"]
    for name, value in how.to_toml().items():
        given += ["--set", f"{name}={json.dumps(value)}"]
    return given


def environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}


def losses(out: Path) -> list[dict]:
    return [json.loads(line) for line in (out / "losses.jsonl").read_text().splitlines()]


def assert_alike(found: list[dict], wanted: list[dict], tolerance: float) -> None:
    """The same losses, but for how fast they were computed."""
    for ours, theirs in zip(found, wanted, strict=True):
        assert ours.keys() == theirs.keys()
        for name, value in theirs.items():
            if name != "tokens_per_second":
                near = value if value is None else pytest.approx(value, rel=tolerance)
                assert ours[name] == near, (ours["step"], name)


def test_after_kill_9_it_goes_on_from_the_last_whole_checkpoint(
    spec: ModelSpec, data: Path, tmp_path: Path, monkeypatch
) -> None:
    # Dropout draws numbers in every step: they go on where they stopped, too.
    how = recipe(epochs=6, dropout=0.2)
    out, every = tmp_path / "killed", 4
    process = subprocess.Popen(
        [sys.executable, "-m", MODULE, *words(spec, data, out, how, every)],
        env=environment(),
        cwd=ROOT,
    )
    deadline = time.monotonic() + 120
    while not (out / ".checkpoints" / "checkpoint-12" / LIST).exists():
        assert process.poll() is None, "it was over before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert not (out / "adapter_model.safetensors").exists()
    whole = last_whole(out / ".checkpoints")
    assert whole is not None
    begun = int(whole.name.removeprefix("checkpoint-"))
    # Half of the next one, as a worse moment would have left it.
    part = out / ".checkpoints" / f"checkpoint-{begun + every}"
    part.mkdir(exist_ok=True)
    (part / LIST).unlink(missing_ok=True)
    (part / "adapter_model.safetensors").write_bytes(b"half")
    steps: list[int] = []
    usual = AdapterTrainer.training_step

    def training_step(self, *given, **named):
        steps.append(self.state.global_step + 1)
        return usual(self, *given, **named)

    monkeypatch.setattr(AdapterTrainer, "training_step", training_step)
    arguments = {"evaluate_every": 3, "save_every": every, "report_to": ["none"]}
    resumed = train(spec, data, out, how, **arguments)
    assert resumed.resumed == begun
    assert sorted(set(steps)) == list(range(begun + 1, resumed.steps + 1))
    assert len(steps) == len(set(steps)) * how.accumulation
    calm = train(spec, data, tmp_path / "calm", how, **arguments)
    assert calm.resumed == 0
    one, other = (load_file(it.adapter / "adapter_model.safetensors") for it in (resumed, calm))
    for name, weight in one.items():
        torch.testing.assert_close(weight, other[name], rtol=1e-5, atol=1e-7)
    assert_alike(losses(resumed.adapter), losses(calm.adapter), 1e-5)
    assert not (out / ".checkpoints").exists()


def test_two_processes_learn_what_one_learns(spec: ModelSpec, tmp_path: Path) -> None:
    # 13 examples: the last step of an epoch is not full, and the processes' shares differ.
    data = tmp_path / "examples.jsonl"
    write_examples(data, examples(13, held_out=3))
    two, one = tmp_path / "two", tmp_path / "one"
    subprocess.run(
        [
            *(sys.executable, "-m", "torch.distributed.run", "--standalone"),
            *("--nproc-per-node", "2", "-m", MODULE, "--processes", "2"),
            *words(spec, data, two, recipe(epochs=2, accumulation=2), 100),
        ],
        env=environment(),
        cwd=ROOT,
        check=True,
        timeout=300,
    )
    train(spec, data, one, recipe(epochs=2, accumulation=4), evaluate_every=3, report_to=())
    found, wanted = losses(two), losses(one)
    assert [it["step"] for it in found] == [it["step"] for it in wanted] == [0, 3, 6, 8]
    assert_alike(found, wanted, 1e-4)
    assert json.loads((two / "training.json").read_text())["processes"] == 2
    pairs = (load_file(it / "adapter_model.safetensors") for it in (two, one))
    for weight, other in zip(*(it.values() for it in pairs), strict=True):
        torch.testing.assert_close(weight, other, rtol=1e-3, atol=1e-4)


def test_accelerate_that_starts_one_of_several_is_refused(
    spec: ModelSpec, data: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "accelerate.commands.launch", "--cpu", "--num_processes", "2"),
            *("--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no"),
            *("-m", MODULE, *words(spec, data, tmp_path / "out", recipe(), 100)),
        ],
        env=environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode != 0
    assert "was asked for several processes and has started one" in done.stderr
    assert not (tmp_path / "out").exists()


def test_other_processes_than_were_meant_are_refused() -> None:
    check_launch(None, {})
    check_launch(2, {"WORLD_SIZE": "2"})
    check_launch(1, {"ACCELERATE_MIXED_PRECISION": "no"})
    with pytest.raises(LaunchError, match="--processes 2: there are 1; start them with torchrun"):
        check_launch(2, {})


def test_a_checkpoint_counts_once_it_is_whole(tmp_path: Path) -> None:
    assert last_whole(tmp_path / "nowhere") is None
    for step in (9, 10, 11):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        (folder / "weights").write_text("all of it")
        if step < 11:
            mark_whole(folder)
    (tmp_path / "checkpoint-10" / "weights").write_text("some")
    assert last_whole(tmp_path) == tmp_path / "checkpoint-9"
    discard_parts(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-9"]

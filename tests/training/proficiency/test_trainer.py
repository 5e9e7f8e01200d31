"""From a file of examples to an adapter that plays."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from lora_examples import SYSTEM, example, examples
from safetensors.torch import load_file

from agents.backends.local import open_models
from agents.model import Message, ModelSpec
from training.proficiency.adapter_trainer import AdapterTrainer
from training.proficiency.example import write_examples
from training.proficiency.held_out import HeldOut
from training.proficiency.launching import LaunchError
from training.proficiency.loss_log import LossLog
from training.proficiency.trainer import Training, TrainingError
from training.proficiency.undertaking import alone

QUESTION = [SYSTEM, Message("user", "You see a wall. Some stairs down in the north.")]


def lines(adapter: Path) -> list[dict]:
    return [json.loads(line) for line in (adapter / "losses.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("activated", [False, True])
def test_the_pair_plays_with_it(spec: ModelSpec, trained, activated: bool) -> None:
    result = trained(activated=activated, epochs=3)
    alone = open_models({"agent": spec})["agent"]
    plain = alone.generate(QUESTION, 0)
    alone.close()
    pair = open_models({"gameplay": spec, "specialist": replace(spec, adapter=str(result.adapter))})
    try:
        assert pair["gameplay"].generate(QUESTION, 0).token_ids == plain.token_ids
        assert pair["specialist"].generate(QUESTION, 0).token_ids != plain.token_ids
    finally:
        for model in pair.values():
            model.close()


def test_what_it_came_to_is_written_down(trained, data: Path) -> None:
    said: list[str] = []
    result = trained(say=said.append, epochs=2)
    assert result == Training.read(result.adapter)
    assert result.steps == 16
    assert result.learnt.examples == 16
    assert result.held_out.examples == 4
    assert result.last.held_out < result.first.held_out
    found = lines(result.adapter)
    assert [line["step"] for line in found] == [0, 4, 8, 12, 16]
    assert found[0]["loss"] is None
    for line in found[1:]:
        assert set(line["by_routine"]) == {"log", "plan"}
        assert (
            min(line["by_routine"].values()) < line["held_out"] < max(line["by_routine"].values())
        )
        assert line["loss"] > 0
        assert line["grad_norm"] > 0
        assert line["tokens_per_second"] > 0
    assert found[-1]["tokens"] == result.tokens == 2 * result.learnt.tokens
    assert found[1]["learning_rate"] > found[-1]["learning_rate"] > 0
    assert any("step 4 of 16, loss" in line for line in said)
    names = {path.name for path in result.adapter.iterdir()}
    assert names == {
        "README.md",
        "adapter_config.json",
        "adapter_model.safetensors",
        "losses.jsonl",
        "training.json",
        "used_seeds.toml",
    }


def test_the_same_again_is_there_and_another_is_refused(trained, data: Path) -> None:
    first = trained()
    stamp = (first.adapter / "adapter_model.safetensors").stat().st_mtime_ns
    said: list[str] = []
    assert trained(say=said.append) == first
    assert "holds this adapter already" in said[0]
    assert (first.adapter / "adapter_model.safetensors").stat().st_mtime_ns == stamp
    with pytest.raises(TrainingError, match=r"another training \(learning_rate: 0.01 there, 0.02"):
        trained(learning_rate=0.02)
    (first.adapter / "training.json").unlink()
    with pytest.raises(TrainingError, match="holds an adapter from elsewhere"):
        trained()


def test_the_same_seed_gives_the_same_adapter(trained) -> None:
    first, again, other = (
        load_file(trained(out, seed=seed, dropout=0.1).adapter / "adapter_model.safetensors")
        for out, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_packed_rows_learn_the_same(trained) -> None:
    """All examples in one step, in rows of their own or in one row: the same gradient."""
    apart = trained("apart", accumulation=16, warm_up=0.0)
    packed = trained("packed", accumulation=1, packing=True, warm_up=0.0)
    assert apart.steps == packed.steps == 1
    assert packed.last.loss == pytest.approx(apart.last.loss, rel=1e-5)
    assert packed.last.grad_norm == pytest.approx(apart.last.grad_norm, rel=1e-3)


@pytest.mark.parametrize("broken", ["nan", "inf"])
def test_a_loss_that_is_none_stops_at_once(trained, tmp_path: Path, monkeypatch, broken) -> None:
    usual = AdapterTrainer.compute_loss

    def compute_loss(self, *given, **named):
        loss = usual(self, *given, **named)
        return loss * float(broken) if self.state.global_step == 2 else loss

    monkeypatch.setattr(AdapterTrainer, "compute_loss", compute_loss)
    words = rf"step 3: the loss is {broken}, .*no adapter is saved; lower learning_rate \(it is"
    with pytest.raises(TrainingError, match=words):
        trained(save_every=1)
    assert not list(tmp_path.glob("adapter/adapter*"))


def test_a_gradient_that_is_none_stops_before_it_is_kept(trained, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(AdapterTrainer, "_clip_grad_norm", lambda self, model: math.inf)
    with pytest.raises(TrainingError, match="step 1: the gradient is inf"):
        trained(save_every=1)
    assert not list(tmp_path.rglob("checkpoint-*"))


def test_weights_that_the_last_step_broke_are_not_kept(trained, tmp_path, monkeypatch) -> None:
    """No loss of a step tells of them."""
    usual = HeldOut.measure

    def measure(self, model, accelerator):
        found = usual(self, model, accelerator)
        self.calls = getattr(self, "calls", 0) + 1
        return (math.nan, found[1]) if self.calls == 3 else found

    monkeypatch.setattr(HeldOut, "measure", measure)
    with pytest.raises(TrainingError, match="step 8: the loss of what is held out is nan"):
        trained()
    assert not list(tmp_path.glob("adapter/adapter*"))


def test_two_trainings_in_one_directory_are_refused(trained, tmp_path) -> None:
    with alone(tmp_path / "adapter"), pytest.raises(LaunchError, match="another training is at wo"):
        trained()
    assert trained().steps == 8  # it is free again


@pytest.mark.parametrize(
    "error",
    [
        torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 9.7 GiB"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
        MemoryError(),
    ],
)
def test_lack_of_memory_says_what_to_lower(trained, monkeypatch, error) -> None:
    def compute_loss(self, *given, **named):
        raise error

    monkeypatch.setattr(AdapterTrainer, "compute_loss", compute_loss)
    words = r"lower batch \(it is 2\), or cutoff \(16,384\), or set gradient_checkpointing=true, or"
    with pytest.raises(TrainingError, match=words + r" set load_in=4bit"):
        trained(batch=2)


def test_nothing_to_learn_is_an_error(trained, tmp_path: Path) -> None:
    path = tmp_path / "none.jsonl"
    write_examples(path, [])
    with pytest.raises(TrainingError, match="no examples to learn from; collect more"):
        trained(data=path)
    write_examples(path, [example(1, held_out=True)])
    with pytest.raises(TrainingError, match="no examples to learn from but 1 held-out ones"):
        trained(data=path)
    write_examples(path, [example(1)])
    with pytest.raises(TrainingError, match="no example is left: 1 have targets longer"):
        trained(data=path, cutoff=16)


def test_what_to_know_is_in_the_result(trained, tmp_path: Path) -> None:
    path = tmp_path / "few.jsonl"
    another = replace(example(3, length=40), model="their/model")
    write_examples(path, [*examples(3, held_out=0), another])
    result = trained(data=path, cutoff=400, rank=24)
    told = "\n".join(result.warnings)
    assert "start it with --max-lora-rank 32" in told
    assert "all 4 examples come from one episode" in told
    assert "no example is held out" in told
    assert "the answers are those of their/model, and " in told
    assert "1 of 4 prompts (learnt) lost their beginning" in told
    assert lines(result.adapter)[-1]["held_out"] is None


def test_the_card_says_how_it_is_served(trained) -> None:
    card = (trained("a", rank=24).adapter / "README.md").read_text()
    assert "--enable-lora --max-lora-rank 32" in card
    assert "| of the routine log | 8 | 2 |" in card
    assert "learning_rate = 0.01" in card
    result = trained("b", activated=True)
    card = (result.adapter / "README.md").read_text()
    assert "vLLM serves no activated LoRA, and refuses this adapter" in card
    assert result.data in card
    assert f"torch {torch.__version__}" in card


def test_tensorboard_is_told_where_it_is_installed(trained) -> None:
    pytest.importorskip("tensorboard")
    result = trained(report_to=None)
    assert list((result.adapter / ".tensorboard").glob("events*"))


def test_without_tensorboard_a_line_says_so(trained, monkeypatch) -> None:
    import importlib.util

    usual = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, *rest: None if name == "tensorboard" else usual(name, *rest),
    )
    said: list[str] = []
    trained(report_to=None, say=said.append)
    assert "note: TensorBoard is not installed" in said[0]


def test_a_line_that_was_half_written_is_no_loss(tmp_path: Path) -> None:
    path = tmp_path / "losses.jsonl"
    path.write_text('{"step": 0}\n{"step": 4}\n{"step": 8, "lo')
    log = LossLog(path)
    assert [it.step for it in log.read()] == [0, 4]
    log.cut_back(0)
    assert [it.step for it in log.read()] == [0]
    log.cut_back(None)
    assert not log.read()

"""What one training does to the base, to the target's loss, and to everything else."""

import hashlib
from pathlib import Path

import pytest
import torch
from lora_examples import examples, recipe
from torch import nn

from agents.model import ModelSetupError, ModelSpec
from training.proficiency.adapter_trainer import AdapterTrainer, Watch, arguments
from training.proficiency.base import add_adapter, open_base
from training.proficiency.collator import Collator
from training.proficiency.data_set import DataSet
from training.proficiency.held_out import HeldOut, evaluating, row_losses
from training.proficiency.lora_recipe import LoraRecipe
from training.proficiency.loss_log import LossLog
from training.proficiency.packing import PackingError, check_packing
from training.proficiency.tokens import ExampleTokens, encode
from training.proficiency.undertaking import TrainingError


def digests(model: nn.Module) -> dict[str, str]:
    """Hashes of the base's weights, however the layers are wrapped."""
    return {
        name.replace(".base_layer", "").removeprefix("base_model.model."): hashlib.sha256(
            weight.detach().contiguous().flatten().view(torch.uint8).numpy().tobytes()
        ).hexdigest()
        for name, weight in [*model.named_parameters(), *model.named_buffers()]
        if ".lora_" not in name
    }


def learn(spec: ModelSpec, folder: Path, how: LoraRecipe, count: int = 8):
    """Trains in this process; gives the model, and the digests of its base before and after."""
    base = open_base(spec, how)
    found, _ = encode(examples(count, held_out=0), base.form, how.cutoff, base.invocation)
    data = DataSet([(it,) for it in found], how.batch * how.accumulation, how.epochs, how.seed)
    collator = Collator(base.pad, trims=base.trims)
    model = add_adapter(base, how)
    before = digests(model)
    watch = Watch(
        data, HeldOut(found[:2], collator, 2), LossLog(folder / "l.jsonl"), 2, lambda line: None
    )
    settings = arguments(folder / "out", how, data.steps, 100, "cpu", [])
    AdapterTrainer(model, settings, data, collator, how, watch, []).train()
    return model, before, digests(model)


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"gradient_checkpointing": True, "dropout": 0.1},
        {"activated": True, "gradient_checkpointing": True},
        {"load_in": "4bit", "gradient_checkpointing": True},
        {"dtype": "bfloat16"},
    ],
    ids=lambda entries: " ".join(entries) or "plain",
)
def test_the_base_stays_bit_for_bit_and_the_adapter_learns(
    spec: ModelSpec, tmp_path: Path, entries
) -> None:
    model, before, after = learn(spec, tmp_path, recipe(**entries))
    assert before == after
    assert len(before) > 20
    losses = LossLog(tmp_path / "l.jsonl").read()
    assert losses[-1].held_out < losses[0].held_out - 0.5
    trained = {name for name, weight in model.named_parameters() if weight.requires_grad}
    assert trained == {name for name, _ in model.named_parameters() if ".lora_" in name}
    # Every layer takes part: no gradient got lost on the way through the base.
    for name, weight in model.named_parameters():
        if ".lora_B." in name:
            assert weight.abs().max() > 0, name


def test_checkpoints_of_activations_change_nothing(spec: ModelSpec, tmp_path: Path) -> None:
    for activated in (False, True):
        found = []
        for checkpoints in (False, True):
            how = recipe(activated=activated, gradient_checkpointing=checkpoints)
            model, *_ = learn(spec, tmp_path / f"{activated}{checkpoints}", how)
            found.append({n: w for n, w in model.named_parameters() if w.requires_grad})
        for name, weight in found[0].items():
            torch.testing.assert_close(weight, found[1][name], rtol=1e-4, atol=1e-6)


@pytest.fixture
def learner(spec: ModelSpec):
    base = open_base(spec, recipe())
    found, _ = encode(examples(4, held_out=0), base.form, 1_000)
    return base, found


def all_losses(model: nn.Module, example: ExampleTokens) -> torch.Tensor:
    """The loss of every token but the first, computed without any of ours."""
    tokens = torch.tensor([example.tokens])
    with torch.no_grad():
        scores = model.eval()(input_ids=tokens).logits[0, :-1].float()
    return nn.functional.cross_entropy(scores, tokens[0, 1:], reduction="none")


def test_the_loss_is_that_of_the_target_alone(learner) -> None:
    base, found = learner
    for trims in (True, False):
        collator = Collator(base.pad, trims=trims)
        with evaluating(base.model):
            ours = row_losses(base.model, collator([(it,) for it in found]))
            batch = collator([(it,) for it in found])
            mean = base.model(**batch, num_items_in_batch=torch.tensor(7)).loss
        wanted = [all_losses(base.model, it)[it.prompt - 1 :].sum() for it in found]
        torch.testing.assert_close(ours, torch.stack(wanted), rtol=1e-5, atol=1e-4)
        torch.testing.assert_close(mean, torch.stack(wanted).sum() / 7, rtol=1e-5, atol=1e-4)


def test_what_stands_in_the_prompt_is_no_label(learner) -> None:
    """The gradient reaches the scores that predict the target, and no others."""
    base, found = learner
    model = add_adapter(base, recipe())
    collator = Collator(base.pad)
    batch = collator([(found[0],)])
    scores = model.train()(input_ids=batch["input_ids"]).logits
    scores.retain_grad()
    labels = batch["labels"]
    shifted = nn.functional.pad(labels, (0, 1), value=-100)[:, 1:]
    loss = nn.functional.cross_entropy(scores.flatten(0, 1), shifted.flatten())
    torch.testing.assert_close(loss, model(**batch).loss)
    loss.backward()
    assert scores.grad is not None
    touched = scores.grad[0].abs().sum(dim=-1) > 0
    at = found[0].prompt - 1
    assert touched.tolist() == [at <= place < len(touched) - 1 for place in range(len(touched))]


def test_a_step_lowers_the_loss_of_its_target(learner) -> None:
    base, found = learner
    model = add_adapter(base, recipe())
    before = [all_losses(model, it) for it in found]
    batch = Collator(base.pad)([(found[0],)])
    optimiser = torch.optim.SGD([w for w in model.parameters() if w.requires_grad], lr=0.05)
    model.train()(**batch).loss.backward()
    optimiser.step()
    after = [all_losses(model, it) for it in found]
    targets, prompts = [], []
    for old, new, it in zip(before, after, found, strict=True):
        targets.append(float((old - new)[it.prompt - 1 :].mean()))
        prompts.append(float((old - new)[: it.prompt - 1].mean()))
    assert targets[0] > 0
    assert targets[0] > max(targets[1:])
    # The prompt was not asked for.
    assert targets[0] > 5 * abs(prompts[0])


def test_packing_is_exact_here_and_refused_where_it_is_not(learner) -> None:
    base, found = learner
    collator = Collator(base.pad, packed=True)

    def measure(batch: dict[str, torch.Tensor]) -> list[float]:
        with evaluating(base.model):
            return [float(loss) for loss in row_losses(base.model, batch)]

    check_packing(measure, collator, found, torch.finfo(torch.float32).eps)
    # With a cache transformers forgets what is packed.
    base.model.config.use_cache = True
    with pytest.raises(PackingError, match=r"lets the second one see the first: .*packing=false"):
        check_packing(measure, collator, found, torch.finfo(torch.float32).eps)


def test_layers_that_are_not_there_are_told(spec: ModelSpec) -> None:
    how = recipe(targets=["query_projection"])
    with pytest.raises(TrainingError, match=r"takes no such adapter: .*query_projection"):
        add_adapter(open_base(spec, how), how)
    for name in ("embed_tokens", "lm_head"):  # they would be trained, and refused in play
        how = recipe(targets=[name])
        with pytest.raises(TrainingError, match=rf"targets: \S*{name} is an embedding or the outp"):
            add_adapter(open_base(spec, how), how)
    with pytest.raises(ModelSetupError, match="messages:claude: an adapter is trained on a local"):
        open_base(ModelSpec("messages", "claude"), how)

"""Trains an adapter on examples: from a file of them to a directory that the backends open."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.model import ModelSpec
from benchmarks.whole_file import replace_file
from training.proficiency.cautions import cautions
from training.proficiency.checkpoints import discard_parts, last_whole, step_of
from training.proficiency.example import Example, read_examples, write_used
from training.proficiency.launching import check_launch, is_first, world_size
from training.proficiency.lora_recipe import LoraRecipe
from training.proficiency.loss_log import LossLog
from training.proficiency.tokens import ExampleTokens, TokenCounts, TokenError, encode
from training.proficiency.training_result import RESULT, Training
from training.proficiency.undertaking import CHECKPOINTS, TrainingError, alone, begin, finished

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.proficiency.adapter_trainer import AdapterTrainer
    from training.proficiency.base import TrainingBase
    from training.proficiency.collator import Collator
    from training.proficiency.data_set import DataSet
    from training.proficiency.packing import Row

#: The losses, in an adapter's directory, and a hidden folder there.
LOSSES, TENSORBOARD = "losses.jsonl", ".tensorboard"

__all__ = ["LOSSES", "TENSORBOARD", "Training", "TrainingError", "train"]


def train(
    base: ModelSpec,
    data: Path,
    out: Path,
    recipe: LoraRecipe | None = None,
    *,
    scaffold: str = "",
    evaluate_every: int = 20,
    save_every: int = 20,
    report_to: Sequence[str] | None = None,
    processes: int | None = None,
    say: Callable[[str], None] = print,
) -> Training:
    """Trains an adapter. What was interrupted, even by ``kill -9``, goes on from where it was.

    Args:
        base: The model, a local one. Its options say how conversations become tokens, as in play;
            ``load_in`` and ``dtype`` are the recipe's here.
        data: File of examples; those that are held out measure the loss.
        out: Directory of the adapter.
        recipe: How to train; the default recipe where it is left out.
        scaffold: Digest of the scaffold, for the record.
        evaluate_every: Steps between two evaluations.
        save_every: Steps between two checkpoints.
        report_to: Services that transformers tells of the losses, such as ``wandb``. TensorBoard
            by default, where it is installed.
        processes: How many processes have to train together; None for as many as were started.
        say: Told of the progress; only in the first process.

    Returns:
        What it came to. Where ``out`` holds the result of the very same training, that.

    Raises:
        TrainingError: It cannot be done so, or it diverged, or memory was lacking.
        ExampleError: The file of examples is none.
        LaunchError: Processes were not started as meant, or another training is at work in ``out``.
        ModelSetupError: The base cannot be loaded, or cannot say the marks of commands.
        OSError: A file cannot be read or written.
    """
    start = time.perf_counter()
    recipe = recipe or LoraRecipe()
    check_launch(processes)
    for name, value in (("evaluate_every", evaluate_every), ("save_every", save_every)):
        if value < 1:
            raise TrainingError(f"{name} is at least 1, not {value}")
    examples = _read(data)
    speak = say if is_first() else _say_nothing
    begun = {
        "base": base.name,
        "options": dict(base.options),
        "data": _digest(data),
        "scaffold": scaffold,
        "recipe": recipe.to_toml(),
        "processes": world_size(),
    }
    every = evaluate_every, save_every
    with alone(out):
        if done := finished(out, begun):
            speak(f"{out} holds this adapter already")
            return done
        return _train(base, examples, out, recipe, begun, every, report_to, speak, start)


def _train(
    base: ModelSpec,
    examples: Sequence[Example],
    out: Path,
    recipe: LoraRecipe,
    begun: dict[str, Any],
    every: tuple[int, int],
    report_to: Sequence[str] | None,
    speak: Callable[[str], None],
    start: float,
) -> Training:
    """Trains what is not finished yet; ``every``: steps to evaluate, and to save."""
    # Here, as it loads torch and transformers.
    from training.proficiency.base import local_options, open_base

    try:
        opened = open_base(base, recipe)
        learnt, held_out, counts = _encoded(examples, opened, recipe)
    except TokenError as error:
        raise TrainingError(str(error)) from error
    warnings = cautions(recipe, *counts, opened.name, {it.model for it in examples})
    for warning in warnings:
        speak(f"note: {warning}")
    with _explained(recipe):
        order, collator = _ordered(opened, recipe, learnt)
        services = _services(report_to, speak)
        device = local_options(base, recipe).device
        trainer = _assembled(
            out, opened, recipe, device, order, collator, held_out, every, services, speak
        )
        resumed = _prepare(out, begun, trainer)
        if resumed is not None:
            speak(f"goes on from step {step_of(resumed)}")
        trainer.train(resume_from_checkpoint=str(resumed) if resumed is not None else None)
        _save(out, trainer)
    losses = LossLog(out / LOSSES).read()
    result = Training(
        adapter=out,
        base=base.name,
        data=str(begun["data"]),
        scaffold=str(begun["scaffold"]),
        recipe=recipe,
        learnt=counts[0],
        held_out=counts[1],
        steps=order.steps,
        first=losses[0],
        last=losses[-1],
        tokens=order.tokens(0, order.steps),
        seconds=time.perf_counter() - start,
        processes=world_size(),
        resumed=step_of(resumed) if resumed is not None else 0,
        warnings=tuple(warnings),
        versions=_versions(),
    )
    if is_first():
        _record(result, begun, examples)
    trainer.accelerator.wait_for_everyone()
    return result


def _ordered(
    base: TrainingBase, recipe: LoraRecipe, learnt: Sequence[ExampleTokens]
) -> tuple[DataSet, Collator]:
    """What is learnt, in its order, and what makes batches of it."""
    from training.proficiency.data_set import DataSet

    rows, collator = _rows(base, recipe, learnt)
    step = recipe.batch * recipe.accumulation * world_size()
    blank = base.invocation or base.form.end
    return DataSet(rows, step, recipe.epochs, recipe.seed, blank), collator


def _assembled(
    out: Path,
    base: TrainingBase,
    recipe: LoraRecipe,
    device: str,
    order: DataSet,
    collator: Collator,
    held_out: Sequence[ExampleTokens],
    every: tuple[int, int],
    services: Sequence[str],
    speak: Callable[[str], None],
) -> AdapterTrainer:
    """The trainer, with a new adapter in the base; ``every``: steps to evaluate, and to save."""
    from training.proficiency.adapter_trainer import AdapterTrainer, Watch, arguments
    from training.proficiency.base import add_adapter
    from training.proficiency.collator import Collator
    from training.proficiency.held_out import HeldOut

    evaluate_every, save_every = every
    measure = HeldOut(held_out, Collator(base.pad, trims=base.trims), recipe.batch)
    watch = Watch(order, measure, LossLog(out / LOSSES), evaluate_every, speak)
    others = [it for it in services if it != "tensorboard"]
    settings = arguments(out / CHECKPOINTS, recipe, order.steps, save_every, device, others)
    boards = [_board(out)] if "tensorboard" in services else []
    model = add_adapter(base, recipe)
    return AdapterTrainer(model, settings, order, collator, recipe, watch, boards)


def _say_nothing(line: str) -> None:
    """What the other processes say."""


def _read(data: Path) -> list[Example]:
    examples = list(read_examples(data))
    if all(example.held_out for example in examples):
        held = f" but {len(examples)} held-out ones" if examples else ""
        raise TrainingError(
            f"{data} holds no examples to learn from{held}; collect more episodes, or select less "
            "strictly"
        )
    return examples


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _encoded(
    examples: Sequence[Example], base: TrainingBase, recipe: LoraRecipe
) -> tuple[list[ExampleTokens], list[ExampleTokens], tuple[TokenCounts, TokenCounts]]:
    learnt, counts = encode(
        (it for it in examples if not it.held_out), base.form, recipe.cutoff, base.invocation
    )
    held_out, held_counts = encode(
        (it for it in examples if it.held_out), base.form, recipe.cutoff, base.invocation
    )
    if not learnt:
        raise TokenError(
            f"no example is left: {counts.too_long} have targets longer than the cutoff of "
            f"{recipe.cutoff:,} tokens, and the tokenizer does not give {counts.altered} targets "
            "back; raise cutoff, or name another base"
        )
    return learnt, held_out, (counts, held_counts)


@contextmanager
def _explained(recipe: LoraRecipe) -> Iterator[None]:
    """Turns what goes wrong in a training into what to do about it."""
    from agents.backends.local.batch import is_out_of_memory
    from training.proficiency.adapter_trainer import DivergedError
    from training.proficiency.packing import PackingError

    try:
        yield
    except (DivergedError, PackingError) as error:
        raise TrainingError(str(error)) from error
    except (RuntimeError, MemoryError) as error:
        if isinstance(error, RuntimeError) and not is_out_of_memory(error):
            raise
        wishes = [
            f"batch (it is {recipe.batch})" if recipe.batch > 1 else "",
            f"cutoff ({recipe.cutoff:,})",
            "" if recipe.gradient_checkpointing else "set gradient_checkpointing=true",
            "" if recipe.load_in else "set load_in=4bit",
        ]
        raise TrainingError(
            f"the memory does not suffice: lower {', or '.join(filter(None, wishes))}. ({error})"
        ) from error


def _rows(
    base: TrainingBase, recipe: LoraRecipe, learnt: Sequence[ExampleTokens]
) -> tuple[list[Row], Collator]:
    """Rows of examples, packed if so wished and possible."""
    import torch

    from training.proficiency.collator import Collator
    from training.proficiency.held_out import evaluating, row_losses
    from training.proficiency.packing import check_packing, pack

    collator = Collator(base.pad, recipe.packing, base.trims)
    if not recipe.packing:
        return [(example,) for example in learnt], collator

    def measure(batch: dict[str, torch.Tensor]) -> list[float]:
        with evaluating(base.model):
            return [float(loss) for loss in row_losses(base.model, batch)]

    check_packing(measure, collator, learnt, torch.finfo(base.model.dtype).eps)
    return list(pack(learnt, recipe.cutoff)), collator


def _services(report_to: Sequence[str] | None, speak: Callable[[str], None]) -> list[str]:
    if report_to is not None:
        return [service for service in report_to if service != "none"]
    if importlib.util.find_spec("tensorboard") is not None:
        return ["tensorboard"]
    speak(
        f"note: TensorBoard is not installed, so losses stand in {LOSSES} alone; for it, "
        "pip install 'automem-gym[llm]'"
    )
    return []


def _board(out: Path) -> Any:
    """TensorBoard, in a place that does not vanish with the checkpoints."""
    from transformers.integrations.integration_utils import TensorBoardCallback

    board = TensorBoardCallback()  # type: ignore[no-untyped-call]
    board.logging_dir = str(out / TENSORBOARD)
    return board


def _prepare(out: Path, begun: dict[str, Any], trainer: AdapterTrainer) -> Path | None:
    """Makes the directory ready; tells the checkpoint to go on from."""
    root = out / CHECKPOINTS
    if is_first():
        begin(out, begun)
        discard_parts(root)
        whole = last_whole(root)
        LossLog(out / LOSSES).cut_back(step_of(whole) if whole is not None else None)
    trainer.accelerator.wait_for_everyone()
    return last_whole(root)


def _save(out: Path, trainer: AdapterTrainer) -> None:
    """Puts the adapter in its place."""
    draft = out / CHECKPOINTS / "adapter"
    trainer.save_model(str(draft))
    trainer.accelerator.wait_for_everyone()
    if is_first():
        for name in ("adapter_model.safetensors", "adapter_config.json"):
            (draft / name).replace(out / name)


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    names = ("torch", "transformers", "peft", "accelerate", "bitsandbytes", "automem-gym")
    return {name: version(name) for name in names}


def _record(result: Training, begun: dict[str, Any], examples: Sequence[Example]) -> None:
    """Writes the card, the seeds and, last, the result: with that the adapter is finished."""
    from training.proficiency.adapter_card import write_card

    write_card(result)
    # The seeds that the data come from must not measure what was learnt from them.
    write_used(result.adapter, examples)
    text = json.dumps({**result.to_json(), "begun": begun}, indent=1) + "\n"
    replace_file(result.adapter / RESULT, text, sync=True)
    shutil.rmtree(result.adapter / CHECKPOINTS)

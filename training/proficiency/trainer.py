"""Trains an adapter on examples: from a file of them to a directory that the backends open."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from agents.model import ModelSpec
from benchmarks.whole_file import replace_file
from training.proficiency.checkpoints import discard_parts, last_whole, step_of
from training.proficiency.example import Example, read_examples
from training.proficiency.launching import check_launch, is_first, world_size
from training.proficiency.lora_recipe import LoraRecipe
from training.proficiency.loss_log import Losses, LossLog
from training.proficiency.tokens import ExampleTokens, TokenCounts, TokenError, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.proficiency.adapter_trainer import AdapterTrainer
    from training.proficiency.base import TrainingBase
    from training.proficiency.collator import Collator
    from training.proficiency.data_set import DataSet
    from training.proficiency.packing import Row

#: Files in an adapter's directory: what the training came to, and its losses.
RESULT, LOSSES = "training.json", "losses.jsonl"
#: Folders there; hidden, as what an adapter is does not depend on them.
CHECKPOINTS, TENSORBOARD = ".checkpoints", ".tensorboard"
_BEGUN = "begun.json"


class TrainingError(RuntimeError):
    """No adapter could be trained; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Training:
    """What a training came to.

    Attributes:
        adapter: The adapter's directory.
        base: What it was trained on.
        data: SHA-256 of the data set.
        scaffold: Digest of the scaffold whose answers were learnt; empty where none was named.
        recipe: How it was trained.
        learnt: What was learnt.
        held_out: What measured.
        steps: How many steps.
        first: Losses of the base.
        last: Losses of the adapter.
        tokens: Tokens that were read, all epochs together.
        seconds: How long the last invocation took, loading included.
        processes: How many processes trained together.
        resumed: The step that it went on from; 0 where it was not interrupted.
        warnings: What to know about it.
        versions: Libraries.
    """

    adapter: Path
    base: str
    data: str
    scaffold: str
    recipe: LoraRecipe
    learnt: TokenCounts
    held_out: TokenCounts
    steps: int
    first: Losses
    last: Losses
    tokens: int
    seconds: float
    processes: int = 1
    resumed: int = 0
    warnings: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """It as plain data; where it stands is left out."""
        own = asdict(self)
        del own["adapter"]
        return {**own, "recipe": self.recipe.to_toml(), "warnings": list(self.warnings)}

    @classmethod
    def read(cls, adapter: Path) -> Self:
        """Reads what stands in an adapter's directory.

        Raises:
            OSError: There is nothing.
            KeyError: Something is missing.
            ValueError: It is no such file.
        """
        own = json.loads((adapter / RESULT).read_text(encoding="utf-8"))
        del own["begun"]
        return cls(
            adapter,
            **{
                **own,
                "recipe": LoraRecipe.from_toml(own["recipe"]),
                "learnt": TokenCounts(**own["learnt"]),
                "held_out": TokenCounts(**own["held_out"]),
                "first": Losses(**own["first"]),
                "last": Losses(**own["last"]),
                "warnings": tuple(own["warnings"]),
            },
        )


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
        ModelSetupError: The base cannot be loaded.
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
    if done := _done(out, begun):
        speak(f"{out} holds this adapter already")
        return done
    _check_begun(out, begun)

    from training.proficiency.base import open_base

    try:
        opened = open_base(base, recipe)
        learnt, held_out, counts = _encoded(examples, opened, recipe)
    except TokenError as error:
        raise TrainingError(str(error)) from error
    warnings = _warnings(recipe, *counts)
    for warning in warnings:
        speak(f"note: {warning}")
    with _explained(recipe):
        trainer, collated = _trainer(
            base,
            out,
            recipe,
            opened,
            learnt,
            held_out,
            evaluate_every,
            save_every,
            report_to,
            speak,
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
        scaffold=scaffold,
        recipe=recipe,
        learnt=counts[0],
        held_out=counts[1],
        steps=collated.steps,
        first=losses[0],
        last=losses[-1],
        tokens=collated.tokens(0, collated.steps),
        seconds=time.perf_counter() - start,
        processes=world_size(),
        resumed=step_of(resumed) if resumed is not None else 0,
        warnings=tuple(warnings),
        versions=_versions(),
    )
    if is_first():
        _record(result, begun)
    trainer.accelerator.wait_for_everyone()
    return result


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


def _done(out: Path, begun: dict[str, Any]) -> Training | None:
    """The result that is there, where it is that of the same training."""
    if not (out / RESULT).exists():
        return None
    _compare(out / RESULT, begun, json.loads((out / RESULT).read_text("utf-8"))["begun"])
    return Training.read(out)


def _check_begun(out: Path, begun: dict[str, Any]) -> None:
    path = out / CHECKPOINTS / _BEGUN
    if path.exists():
        _compare(path, begun, json.loads(path.read_text(encoding="utf-8")))
    elif (out / "adapter_config.json").exists():
        raise TrainingError(f"{out} holds an adapter of somebody else's; name another directory")


def _compare(path: Path, begun: dict[str, Any], there: dict[str, Any]) -> None:
    differing = [
        f"{name}: {there.get(name)!r} there, {value!r} here"
        for name, value in _flat(begun).items()
        for there in [_flat(there)]
        if there.get(name) != value
    ]
    if differing:
        raise TrainingError(
            f"{path} is of another training ({'; '.join(differing)}); name another directory, or "
            "delete that one"
        )


def _flat(begun: dict[str, Any]) -> dict[str, Any]:
    return {**begun, **begun["recipe"], "recipe": None}


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


def _warnings(recipe: LoraRecipe, learnt: TokenCounts, held_out: TokenCounts) -> list[str]:
    found = list(recipe.warnings)
    if learnt.episodes == 1:
        found.append(
            f"all {learnt.examples:,} examples come from one episode: what is learnt may be good "
            "for that one only"
        )
    if not held_out.examples:
        found.append("no example is held out, so nothing tells whether it learns or memorises")
    for counts, which in ((learnt, "learnt"), (held_out, "held out")):
        total = counts.examples + counts.too_long + counts.altered
        if counts.truncated:
            found.append(
                f"{counts.truncated:,} of {total:,} prompts ({which}) lost their beginning: with "
                f"their targets they are longer than the cutoff of {recipe.cutoff:,} tokens"
            )
        if counts.too_long:
            found.append(
                f"{counts.too_long:,} of {total:,} examples ({which}) are left out: their targets "
                f"alone are longer than the cutoff of {recipe.cutoff:,} tokens"
            )
        if counts.altered:
            found.append(
                f"{counts.altered:,} of {total:,} examples ({which}) are left out: the tokenizer "
                "does not give their targets back as they are"
            )
    return found


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
    except RuntimeError as error:
        if not is_out_of_memory(error):
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


def _trainer(
    spec: ModelSpec,
    out: Path,
    recipe: LoraRecipe,
    base: TrainingBase,
    learnt: Sequence[ExampleTokens],
    held_out: Sequence[ExampleTokens],
    evaluate_every: int,
    save_every: int,
    report_to: Sequence[str] | None,
    speak: Callable[[str], None],
) -> tuple[AdapterTrainer, DataSet]:
    """Everything that a training needs, put together."""
    from training.proficiency.adapter_trainer import AdapterTrainer, Watch, arguments
    from training.proficiency.base import add_adapter, local_options
    from training.proficiency.collator import Collator
    from training.proficiency.data_set import DataSet
    from training.proficiency.held_out import HeldOut

    rows, collator = _rows(base, recipe, learnt)
    data = DataSet(
        rows,
        recipe.batch * recipe.accumulation * world_size(),
        recipe.epochs,
        recipe.seed,
        base.invocation or base.form.end,
    )
    device = local_options(spec, recipe).device
    services = _services(report_to, speak)
    settings = arguments(
        out / CHECKPOINTS,
        recipe,
        data.steps,
        save_every,
        device,
        [it for it in services if it != "tensorboard"],
    )
    watch = Watch(
        data,
        HeldOut(held_out, Collator(base.pad, trims=base.trims), recipe.batch),
        LossLog(out / LOSSES),
        evaluate_every,
        speak,
    )
    callbacks: list[Any] = []
    if "tensorboard" in services:
        from transformers.integrations import TensorBoardCallback

        board = TensorBoardCallback()
        board.logging_dir = str(out / TENSORBOARD)
        callbacks.append(board)
    model = add_adapter(base, recipe)
    return AdapterTrainer(model, settings, data, collator, recipe, watch, callbacks), data


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


def _prepare(out: Path, begun: dict[str, Any], trainer: AdapterTrainer) -> Path | None:
    """Makes the directory ready; tells the checkpoint to go on from."""
    root = out / CHECKPOINTS
    if is_first():
        root.mkdir(parents=True, exist_ok=True)
        discard_parts(root)
        replace_file(root / _BEGUN, json.dumps(begun, indent=1) + "\n")
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


def _record(result: Training, begun: dict[str, Any]) -> None:
    """Writes the card and, last, the result: the adapter is finished once that is there."""
    from training.proficiency.adapter_card import write_card

    write_card(result)
    text = json.dumps({**result.to_json(), "begun": begun}, indent=1) + "\n"
    replace_file(result.adapter / RESULT, text, sync=True)
    shutil.rmtree(result.adapter / CHECKPOINTS)

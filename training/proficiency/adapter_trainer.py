"""The Trainer of transformers, watched: it stops at a loss that is none, and writes losses down."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import (
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from training.proficiency.checkpoints import mark_whole
from training.proficiency.collator import Collator
from training.proficiency.data_set import DataSet
from training.proficiency.held_out import HeldOut
from training.proficiency.lora_recipe import LoraRecipe
from training.proficiency.loss_log import Losses, LossLog

#: Activations are computed again the way that works with frozen inputs.
CHECKPOINTING = {"use_reentrant": False}


class DivergedError(RuntimeError):
    """The loss or its gradient is no number any more."""


def arguments(
    folder: Path, recipe: LoraRecipe, steps: int, save_every: int, device: str, report_to: list[str]
) -> TrainingArguments:
    """The arguments of transformers for a recipe.

    Args:
        folder: Where checkpoints go.
        recipe: The recipe.
        steps: How many steps there are.
        save_every: Steps between two checkpoints.
        device: Where it runs.
        report_to: Services that are told of the losses, by transformers' names.
    """
    on_cpu = device == "cpu"
    return TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=recipe.batch,
        gradient_accumulation_steps=recipe.accumulation,
        max_steps=steps,
        # The data set holds all epochs, in the order in which they are learnt.
        train_sampling_strategy="sequential",
        learning_rate=recipe.learning_rate,
        lr_scheduler_type="constant_with_warmup"
        if recipe.schedule == "constant"
        else recipe.schedule,
        warmup_steps=round(recipe.warm_up * steps),
        weight_decay=recipe.weight_decay,
        max_grad_norm=recipe.max_grad_norm,
        bf16=not on_cpu and recipe.dtype in ("auto", "bfloat16") and _has_bfloat16(device),
        logging_steps=1,
        # It would hide a loss that is no number behind the mean of the others.
        logging_nan_inf_filter=False,
        save_strategy="steps",
        save_steps=save_every,
        # One more than is gone on from: the newest is not whole while it is written.
        save_total_limit=2,
        seed=recipe.seed,
        report_to=report_to,
        use_cpu=on_cpu,
        ddp_find_unused_parameters=False,
        remove_unused_columns=False,
        dataloader_pin_memory=not on_cpu,
        disable_tqdm=True,
        **_checkpointing(recipe),
    )


def _checkpointing(recipe: LoraRecipe) -> dict[str, Any]:
    """The arguments for checkpoints of activations, which transformers has renamed."""
    if not recipe.gradient_checkpointing:
        return {}
    names = {entry.name for entry in fields(TrainingArguments)}
    name = "activation_checkpointing"
    name = name if name in names else "gradient_checkpointing"
    return {name: True, f"{name}_kwargs": CHECKPOINTING}


def _has_bfloat16(device: str) -> bool:
    return device.startswith("cuda") and torch.cuda.is_bf16_supported()


class AdapterTrainer(Trainer):
    """Trains an adapter.

    Args:
        model: The base with the adapter.
        settings: The arguments of transformers.
        data: What is learnt, in order.
        collator: Makes batches.
        recipe: The recipe, for messages.
        watch: Told of each step.
        callbacks: Others that are told.
    """

    def __init__(
        self,
        model: nn.Module,
        settings: TrainingArguments,
        data: DataSet,
        collator: Collator,
        recipe: LoraRecipe,
        watch: Watch,
        callbacks: list[TrainerCallback],
    ) -> None:
        super().__init__(
            model=model,
            args=settings,
            data_collator=collator,
            train_dataset=data,
            callbacks=[watch, *callbacks],
        )
        self.remove_callback(PrinterCallback)
        self._recipe = recipe
        watch.trainer = self

    def training_step(self, *given: Any, **named: Any) -> torch.Tensor:
        """One batch, forwards and backwards.

        Raises:
            DivergedError: Its loss is no number.
        """
        loss = super().training_step(*given, **named)
        self.check("loss", float(loss), self.state.global_step + 1)
        return loss

    def check(self, name: str, value: float, step: int) -> None:
        """Stops where something is no number any more.

        Raises:
            DivergedError: It is not.
        """
        if math.isfinite(value):
            return
        lower = f"learning_rate (it is {self._recipe.learning_rate:g})"
        if name == "loss":
            lower += f" or max_grad_norm ({self._recipe.max_grad_norm:g}), or raise warm_up"
        raise DivergedError(
            f"step {step}: the {name} is {value}, so the training has stopped and no adapter is "
            f"saved; lower {lower}"
        )

    def _save_checkpoint(self, model: nn.Module, trial: Any) -> None:
        super()._save_checkpoint(model, trial)
        # Others write their random states, and parts of a base in shards.
        self.accelerator.wait_for_everyone()
        if self.is_world_process_zero():
            mark_whole(Path(str(self.args.output_dir)) / f"checkpoint-{self.state.global_step}")


class Watch(TrainerCallback):
    """Writes losses down, now and then.

    Args:
        data: What is learnt.
        held_out: What measures.
        log: Where losses are written.
        every: Steps between two evaluations.
        say: Told of the losses.

    Attributes:
        trainer: Whom it watches.
    """

    trainer: AdapterTrainer

    def __init__(
        self,
        data: DataSet,
        held_out: HeldOut,
        log: LossLog,
        every: int,
        say: Callable[[str], None],
    ) -> None:
        self._data, self._held_out, self._log = data, held_out, log
        self._every, self._say = every, say
        self._last, self._began = 0, 0.0

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **named: Any
    ) -> None:
        """Measures what there is before the first step."""
        self._last = state.global_step
        if state.global_step == 0:
            held_out, by_routine = self._held_out.measure(
                self.trainer.model_wrapped, self.trainer.accelerator
            )
            self._write(Losses(0, held_out=held_out, by_routine=by_routine))
        self._began = time.perf_counter()

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **named: Any,
    ) -> None:
        """Checks a step, and evaluates after every so many.

        Raises:
            DivergedError: Its gradient is no number.
        """
        if logs is None or "grad_norm" not in logs:
            return  # what is said of the whole training
        step = state.global_step
        for name, value in (("loss", logs["loss"]), ("gradient", logs["grad_norm"])):
            self.trainer.check(name, value, step)
        if step % self._every and step != state.max_steps:
            return
        seconds = time.perf_counter() - self._began
        held_out, by_routine = self._held_out.measure(
            self.trainer.model_wrapped, self.trainer.accelerator
        )
        if held_out is not None:
            # The last step's weights are in no loss but this one.
            self.trainer.check("loss of what is held out", held_out, step)
        told = {"eval_loss": held_out} if held_out is not None else {}
        told |= {f"eval_{routine}_loss": loss for routine, loss in by_routine.items()}
        if told:
            self.trainer.log(told)
        self._write(
            Losses(
                step,
                loss=self._mean(state),
                held_out=held_out,
                by_routine=by_routine,
                learning_rate=logs["learning_rate"],
                grad_norm=logs["grad_norm"],
                tokens=self._data.tokens(0, step),
                tokens_per_second=self._data.tokens(self._last, step) / seconds,
            )
        )
        self._last = step
        self._began = time.perf_counter()

    def _mean(self, state: TrainerState) -> float:
        """Mean loss of the steps since the last evaluation, those before an interruption too."""
        first = (state.global_step - 1) // self._every * self._every
        found: list[float] = []
        for entry in reversed(state.log_history):
            if entry["step"] <= first:
                break
            if "loss" in entry:
                found.append(entry["loss"])
        return sum(found) / len(found)

    def _write(self, losses: Losses) -> None:
        if not self.trainer.is_world_process_zero():
            return
        self._log.add(losses)
        words = [f"step {losses.step} of {self._data.steps}"]
        if losses.loss is not None:
            words.append(f"loss {losses.loss:.4f}")
        if losses.held_out is not None:
            each = ", ".join(f"{name} {loss:.4f}" for name, loss in losses.by_routine.items())
            words.append(f"held out {losses.held_out:.4f} ({each})")
        if losses.tokens_per_second:
            words.append(f"{losses.tokens_per_second:,.0f} tokens/s")
        self._say(", ".join(words))

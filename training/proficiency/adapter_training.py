"""Trains the adapter of a trial in a process of its own, which gives its memory back."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from agents.model import ModelSpec
from agents.scaffold.directory import USED_SEEDS
from benchmarks import toml
from benchmarks.run import MISTAKE
from benchmarks.used_seeds import Used
from benchmarks.whole_file import replace_file
from training.proficiency.lora_recipe import LoraRecipe
from training.proficiency.train_command import FAILED
from training.proficiency.training_result import RESULT
from training.structure.stopped import SearchStoppedError

#: Lines of the process that an error shows (torchrun adds forty), and characters of a reason.
_SHOWN, _REASON = 60, 1_000


class TrainingFailed(Exception):
    """No adapter came of a recipe; the message tells why."""


class AdapterTraining:
    """Trains adapters for one base.

    Args:
        base: The base model, a local one.
        scaffold: Digest of the scaffold.
        used: The seeds that an adapter is made with, which must not measure it.
        processes: How many processes train together.
        say: Told of the progress, line by line.
    """

    def __init__(
        self,
        base: ModelSpec,
        scaffold: str,
        used: Sequence[Used],
        processes: int = 1,
        say: Callable[[str], None] = print,
    ) -> None:
        self._base, self._scaffold = base, scaffold
        self._used, self._processes, self._say = tuple(used), processes, say

    def train(self, data: Path, recipe: LoraRecipe, out: Path) -> dict[str, Any]:
        """Trains an adapter, or goes on where that was interrupted.

        Args:
            data: File of examples.
            recipe: How.
            out: Directory of the adapter.

        Returns:
            What it came to: losses, steps, seconds, warnings.

        Raises:
            TrainingFailed: It diverged, or memory was lacking, or there was nothing to learn.
            SearchStoppedError: It could not be begun, or ended by no fault of the recipe.
        """
        out.parent.mkdir(parents=True, exist_ok=True)
        recipe_file = out.parent / "recipe.toml"
        replace_file(recipe_file, toml.dumps(recipe.to_toml()))
        words = ["--model", f"local:{self._base.name}", "--data", str(data), "--out", str(out)]
        words += ["--recipe", str(recipe_file), "--scaffold", self._scaffold]
        for name, value in self._base.options.items():
            words += ["--model-arg", f"{name}={json.dumps(value)}"]
        status, lines, failed = self._run([*self._launcher(), *words])
        if status == MISTAKE:
            told = "\n".join(lines)
            raise SearchStoppedError(f"the training could not be begun:\n{told}")
        if failed:
            raise TrainingFailed(f"the training failed: {failed[:_REASON]}")
        if status:
            # Not the recipe's fault, as far as anybody knows: nothing is decided.
            raise SearchStoppedError(_ended(status, lines))
        used = {"used": [it.to_toml() for it in self._used]}
        replace_file(out / USED_SEEDS, toml.dumps(used))
        result: dict[str, Any] = json.loads((out / RESULT).read_text("utf-8"))
        kept = ("steps", "first", "last", "learnt", "held_out", "tokens", "seconds", "warnings")
        return {name: result[name] for name in kept}

    def _launcher(self) -> list[str]:
        module = ["-m", "training.proficiency.train"]
        if self._processes == 1:
            return [sys.executable, *module]
        # torchrun, by the interpreter that runs this.
        together = ["--standalone", f"--nproc-per-node={self._processes}"]
        return [sys.executable, "-m", "torch.distributed.run", *together, *module]

    def _run(self, command: Sequence[str]) -> tuple[int, list[str], str]:
        """Runs a command, and tells what it says.

        Returns:
            Its status, its last lines, and why it failed where that is the recipe's fault: torchrun
            ends with the same status whatever has happened.
        """
        last: deque[str] = deque(maxlen=_SHOWN)
        failed = ""
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            assert process.stdout is not None
            try:
                for line in map(str.rstrip, process.stdout):
                    last.append(line)
                    if line.startswith(FAILED):  # each of several processes may say it
                        failed = failed or line.removeprefix(FAILED)
                    self._say(line)
            except BaseException:
                process.terminate()  # it goes on from its last checkpoint
                raise
        return process.returncode, list(last), failed


def _ended(status: int, lines: Sequence[str]) -> str:
    """What to do about a training that ended without an adapter, and without a word on why."""
    on = "the same command goes on from its last checkpoint"
    if status == -signal.SIGKILL:
        return (
            f"the training was killed by signal 9; {on}. Where the system killed it for want of "
            "memory, it will do so again: the recipe's batch and cutoff, and the base's load_in, "
            "say what it takes"
        )
    if status < 0:
        return f"the training was killed by signal {-status}; {on}"
    told = "\n".join(lines)
    return f"the training ended with status {status}; {on}. Its last lines:\n{told}"

"""The stages that make the base, and what both loops make for it, from scratch."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from training.reproduce.experiment import MADE, Stage

#: In the folder of what is made: the base.
BASE = "base"
#: In the folder of what the stages make: a file for each stage that has ended, with its words.
_ENDED = ".ended"
#: The command of loop 1.
_LOOP_1 = "structure"


class StageError(RuntimeError):
    """A stage did not end well; the message names its command."""


def reviewed_by(stages: Sequence[Stage], reviewer: str) -> tuple[Stage, ...]:
    """The stages with another reviewer in loop 1.

    Args:
        stages: The stages.
        reviewer: As ``automem structure --reviewer`` takes it.

    Raises:
        StageError: None of them is loop 1.
    """
    if not any(stage.words[0] == _LOOP_1 for stage in stages):
        raise StageError("this experiment has no stage that revises a scaffold, so no --reviewer")
    asked = ("--reviewer", reviewer)
    return tuple(
        replace(stage, words=(*stage.words, *asked)) if stage.words[0] == _LOOP_1 else stage
        for stage in stages
    )


def make(
    stages: Sequence[Stage],
    folder: Path,
    command: Callable[[list[str]], int],
    console: Console,
) -> None:
    """Carries out the stages in order, without those that have ended before.

    Args:
        stages: The stages.
        folder: Where they make what they make.
        command: Carries out the words of an ``automem`` command and returns its status.
        console: Where it is told what is done.

    Raises:
        StageError: There are none, one was made by other words, or one has not ended well; the
            same call goes on with that one.
    """
    if not stages:
        raise StageError("this experiment has no stages that make its base; name one with --model")
    (folder / _ENDED).mkdir(parents=True, exist_ok=True)
    for stage in stages:
        mark = folder / _ENDED / stage.name
        words = [word.replace(MADE, str(folder)) for word in stage.words]
        console.rule(f"{stage.name}: {stage.about}")
        if mark.exists():
            if mark.read_text("utf-8") != shlex.join(stage.words):
                raise StageError(
                    f"the stage {stage.name} was made by another command in {folder}, automem "
                    f"{mark.read_text('utf-8')}; name another directory with --out"
                )
            console.print("made already")
            continue
        console.print(f"automem {shlex.join(words)}", markup=False, highlight=False, soft_wrap=True)
        status = command(words)
        if status != 0:
            raise StageError(
                f"the stage {stage.name} ended with status {status}; the same command goes on "
                f"with it: automem {shlex.join(words)}"
            )
        mark.write_text(shlex.join(stage.words), "utf-8")

"""The losses of a training, a line an evaluation: ``losses.jsonl``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.whole_file import replace_file


@dataclass(frozen=True, slots=True)
class Losses:
    """One evaluation.

    Attributes:
        step: After which step; 0 is the base.
        loss: Mean loss of a learnt token since the last evaluation; None at step 0.
        held_out: Mean loss of a token of the held-out examples; None without any.
        by_routine: The same of each routine.
        learning_rate: That of the step; None at step 0.
        grad_norm: Length of its gradient, before it was shortened; None at step 0.
        tokens: Tokens that were read so far.
        tokens_per_second: Since the last evaluation, evaluations left out.
    """

    step: int
    loss: float | None = None
    held_out: float | None = None
    by_routine: Mapping[str, float] = field(default_factory=dict)
    learning_rate: float | None = None
    grad_norm: float | None = None
    tokens: int = 0
    tokens_per_second: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """It as plain data."""
        return asdict(self)


class LossLog:
    """The file of losses.

    Args:
        path: The file; it need not be there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[Losses]:
        """All evaluations; a line that was half written when the process was killed is none."""
        found = []
        for line in self._path.read_text("utf-8").splitlines() if self._path.exists() else ():
            try:
                found.append(Losses(**json.loads(line)))
            except json.JSONDecodeError:
                break
        return found

    def add(self, losses: Losses) -> None:
        """Adds an evaluation."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(losses.to_json()) + "\n")

    def cut_back(self, step: int | None) -> None:
        """Forgets all after a step, which will be gone through again.

        Args:
            step: The step; None forgets everything.
        """
        kept = [it for it in self.read() if step is not None and it.step <= step]
        replace_file(self._path, "".join(json.dumps(it.to_json()) + "\n" for it in kept))

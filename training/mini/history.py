"""What a small model has learnt from, one training after the other, as data that ships with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from training.mini.habits import habits
from training.mini.playing import read_corpus, read_summary

#: Its file in the folder of a model that was shipped.
HISTORY = "history.json"
#: How many rows of a training are kept.
_ROWS = 8


@dataclass(frozen=True)
class History:
    """What a model has learnt from.

    Attributes:
        trainings: Of each training, the first one first, its ``shape`` and some ``rows`` of what
            it had learnt when.
        corpora: Of each corpus, in the order of learning, the ``recipe`` that it was played by, its
            ``tasks``, the ``habits`` that show in it, and a ``note``.
    """

    trainings: tuple[Mapping[str, Any], ...] = ()
    corpora: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Reads what was written with a model.

        Raises:
            OSError: It cannot be read.
            ValueError: It is no such thing.
        """
        path = folder / HISTORY
        try:
            found = json.loads(path.read_text("utf-8"))
            return cls(tuple(found["trainings"]), tuple(found["corpora"]))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path}: is no history that 'automem mini ship' wrote: {error!r}"
            ) from error

    def write(self, folder: Path) -> None:
        """Writes it beside a model."""
        told = {"trainings": self.trainings, "corpora": self.corpora}
        (folder / HISTORY).write_text(json.dumps(told, indent=1) + "\n", "utf-8")

    def after(self, models: Sequence[Path], corpora: Sequence[Path]) -> History:
        """It, and what came after.

        Args:
            models: What ``automem mini train`` wrote one after the other.
            corpora: What ``automem mini play`` wrote, in the order of learning.
        """
        return History(
            (*self.trainings, *map(_training, models)), (*self.corpora, *map(_corpus, corpora))
        )


def _training(model: Path) -> dict[str, Any]:
    log = (model / "losses.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in log]
    return {"shape": json.loads((model / "shape.json").read_text("utf-8")), "rows": _spread(rows)}


def _corpus(folder: Path) -> dict[str, Any]:
    summary = read_summary(folder)
    recipe = {part: summary["recipe"][part] for part in ("habits", "play")}
    found = habits(read_corpus(folder))
    return {"recipe": recipe, "tasks": summary["tasks"], "habits": found, "note": ""}


def _spread(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Some of the rows, evenly spread, with the last."""
    step = max(1, -(-len(rows) // _ROWS))
    return [*rows[::step], *([rows[-1]] if (len(rows) - 1) % step else [])]

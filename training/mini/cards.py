"""The cards of the embedded model: what it is, and what it was trained on."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from training.mini.habits import habits
from training.mini.playing import read_corpus, read_summary
from training.mini.renaming import TOGETHER, name_pool

#: The planted habits, by the knobs of the scripted model.
_PLANTED = (
    ("forget", "PLAN acts without a look"),
    ("blind", "LOG writes without a look"),
    ("neglect", "LOG notes nothing although there is something"),
    ("repeat", "LOG writes a line again that it has just read"),
)


def model_card(stages: Sequence[Path], note: str = "") -> str:
    """The card of a model that ``automem mini train`` wrote.

    Args:
        stages: What it wrote one after the other, each going on from the one before.
        note: What else is to be said.
    """
    from safetensors import safe_open

    with safe_open(stages[-1] / "model.safetensors", "pt") as file:
        weights = sum(math.prod(file.get_slice(key).get_shape()) for key in list(file.keys()))
    shapes = [json.loads((stage / "shape.json").read_text("utf-8")) for stage in stages]
    logs = [(stage / "losses.jsonl").read_text("utf-8").splitlines() for stage in stages]
    rows = [_spread([json.loads(line) for line in log], 8) for log in logs]
    stages_told = list(zip(shapes, rows, strict=True))
    return _render("model_card.md.j2", weights=weights, stages=stages_told, note=note)


def data_card(corpora: Sequence[Path]) -> str:
    """The card of the corpora that ``automem mini play`` wrote, in the order of learning."""
    told = [{**read_summary(it), "habits": habits(read_corpus(it))} for it in corpora]
    return _render(
        "data_card.md.j2",
        corpora=told,
        planted=_PLANTED,
        names=len(name_pool()),
        together=TOGETHER,
    )


def _spread(rows: Sequence[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """Some of the rows, evenly spread, with the last."""
    step = max(1, -(-len(rows) // most))
    return [*rows[::step], *([rows[-1]] if (len(rows) - 1) % step else [])]


def _render(name: str, **facts: Any) -> str:
    templates = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=templates, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return environment.get_template(name).render(**facts)

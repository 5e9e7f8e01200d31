"""The cards of the embedded model: what it is, and what it was trained on."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agents.model import Message
from training.mini.playing import RECIPE, read_corpus, read_summary
from training.mini.renaming import name_pool

_LOOK, _WRITE = re.compile(r"<\|SEARCH\|>"), re.compile(r"<\|APPEND\|>")


def model_card(stages: Sequence[Path], note: str = "") -> str:
    """The card of a model that ``automem mini train`` wrote.

    Args:
        stages: What it wrote one after the other, each going on from the one before.
        note: What else is to be said.
    """
    from safetensors import safe_open

    with safe_open(stages[-1] / "model.safetensors", "pt") as file:
        weights = sum(_product(file.get_slice(key).get_shape()) for key in list(file.keys()))
    shapes = [json.loads((stage / "shape.json").read_text("utf-8")) for stage in stages]
    logs = [(stage / "losses.jsonl").read_text("utf-8").splitlines() for stage in stages]
    rows = [_spread([json.loads(line) for line in log], 8) for log in logs]
    stages_told = list(zip(shapes, rows, strict=True))
    return _render("model_card.md.j2", weights=weights, stages=stages_told, note=note)


def data_card(corpus: Path) -> str:
    """The card of a corpus that ``automem mini play`` wrote."""
    return _render(
        "data_card.md.j2",
        tasks=read_summary(corpus),
        recipe=RECIPE,
        names=len(name_pool()),
        habits=habits(read_corpus(corpus)),
    )


def habits(talks: Iterable[Sequence[Message]]) -> dict[str, float]:
    """How often the planted habits show in conversations, as shares of those of a routine.

    Returns:
        ``acts unread`` of PLAN's; ``writes`` of LOG's, and of those that write ``writes unread``.
    """
    counts: Counter[str] = Counter()
    for talk in talks:
        answers = [message.text for message in talk if message.role == "assistant"]
        looked = _LOOK.search(answers[0]) is not None
        if "<|ACTION|>" in answers[-1]:
            counts["plan"] += 1
            counts["acts unread"] += not looked
        else:
            counts["log"] += 1
            writes = any(_WRITE.search(answer) for answer in answers)
            counts["writes"] += writes
            counts["writes unread"] += writes and not looked
    return {
        "acts unread": counts["acts unread"] / max(1, counts["plan"]),
        "writes": counts["writes"] / max(1, counts["log"]),
        "writes unread": counts["writes unread"] / max(1, counts["writes"]),
    }


def _product(numbers: Iterable[int]) -> int:
    result = 1
    for number in numbers:
        result *= number
    return result


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

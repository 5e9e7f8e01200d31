"""The cards of the embedded model: what it is, and what it was trained on."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from training.mini.history import History
from training.mini.renaming import TOGETHER, name_pool

#: The planted habits, by the knobs of the scripted model.
_PLANTED = (
    ("forget", "PLAN acts without a look"),
    ("blind", "LOG writes without a look"),
    ("neglect", "LOG notes nothing although there is something"),
    ("repeat", "LOG writes a line again that it has just read"),
)
#: What is measured of answers, and how its columns are headed; what was measured later is missing
#: in older trainings.
_MEASURED = (
    ("held_out", "loss"),
    ("likeliest", "all"),
    ("actions", "actions"),
    ("actions_after_look", "after a look"),
    ("digits", "digits"),
    ("digits_after_look", "after a look"),
    ("names", "names"),
    ("names_after_look", "after a look"),
)


def model_card(model: Path, history: History, note: str = "") -> str:
    """The card of a model that ``automem mini train`` wrote.

    Args:
        model: Its folder.
        history: What it has learnt from.
        note: What else is to be said.
    """
    from safetensors import safe_open

    with safe_open(model / "model.safetensors", "pt") as file:
        weights = sum(math.prod(file.get_slice(key).get_shape()) for key in list(file.keys()))
    stages = history.trainings
    return _render(
        "model_card.md.j2", weights=weights, stages=stages, measured=_MEASURED, note=note
    )


def data_card(history: History) -> str:
    """The card of the corpora that a model has learnt from."""
    return _render(
        "data_card.md.j2",
        corpora=history.corpora,
        planted=_PLANTED,
        names=len(name_pool()),
        together=TOGETHER,
    )


def _render(name: str, **facts: Any) -> str:
    templates = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=templates, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return environment.get_template(name).render(**facts)

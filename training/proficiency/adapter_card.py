"""The card of an adapter: what it is, what it was made from, how it is served."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

from benchmarks import toml
from benchmarks.whole_file import replace_file
from training.proficiency.lora_recipe import VLLM_DEFAULT_RANK

if TYPE_CHECKING:
    from training.proficiency.training_result import Training

#: Where model hubs look for it.
CARD = "README.md"


def write_card(training: Training) -> None:
    """Writes the card into the adapter's directory.

    Args:
        training: What the training came to.

    Raises:
        OSError: It cannot be written.
    """
    replace_file(training.adapter / CARD, card(training))


def card(training: Training) -> str:
    """The card, as Markdown.

    Args:
        training: What the training came to.
    """
    # Markdown, not HTML: there is nothing to escape.
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)
    template = files(__package__) / "adapter_card.md.j2"
    return environment.from_string(template.read_text(encoding="utf-8")).render(
        {entry: getattr(training, entry) for entry in training.__slots__},
        routines=sorted({*training.learnt.routines, *training.held_out.routines}),
        recipe_toml=toml.dumps(training.recipe.to_toml()),
        max_lora_rank=training.recipe.max_lora_rank,
        default_rank=VLLM_DEFAULT_RANK,
        number=_number,
    )


def _number(loss: float | None) -> str:
    return "" if loss is None else f"{loss:.4f}"

"""What an engine has to know of the code, in the code's own words."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

from benchmarks import toml
from training.proficiency.lora_recipe import LoraRecipe
from training.proficiency.selection_settings import SelectionSettings
from training.proficiency.selectors import SELECTORS
from training.proficiency.selectors.sandboxed import SandboxedSelector
from training.proficiency.turn import Command, Outcome, Turn

#: Topic to what is documented.
TOPICS: Mapping[str, tuple[object, ...]] = {
    "turn": (Turn, Turn.to_json, Command, Outcome),
    "selector": (SandboxedSelector, *SELECTORS.values()),
    "selection": (SelectionSettings,),
    "lora": (LoraRecipe,),
}


def reference(topic: str) -> str:
    """The documentation of a topic, of :data:`TOPICS`, with the defaults of settings."""
    parts = [f"# {_name(it)}\n{inspect.getdoc(it)}" for it in TOPICS[topic]]
    for kind in (SelectionSettings, LoraRecipe):
        if kind in TOPICS[topic]:
            parts.append(f"# its defaults\n{toml.dumps(kind().to_toml())}")
    return "\n\n".join(parts)


def _name(documented: object) -> str:
    return str(getattr(documented, "__name__", ""))

"""A recipe: how turns are selected, how they are mixed, and how the adapter is trained; as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Self

from memory_fs.suggestion import did_you_mean
from training.proficiency.lora_recipe import LoraRecipe
from training.proficiency.selection_settings import SelectionSettings

_KEYS = ("title", "reason", "selection", "lora", "selector_source")
_SELECTION_KEYS = [entry.name for entry in fields(SelectionSettings)]


@dataclass(frozen=True)
class Recipe:
    """A recipe.

    Attributes:
        title: What it tries, in a line.
        reason: Why.
        selection: Which answers are learnt.
        lora: How the adapter is trained.
        selector_source: The code of a selector that was written for it, which runs in the sandbox;
            empty where the selection names one that there is.
    """

    title: str = ""
    reason: str = ""
    selection: SelectionSettings = field(default_factory=SelectionSettings)
    lora: LoraRecipe = field(default_factory=LoraRecipe)
    selector_source: str = ""

    def to_toml(self) -> dict[str, Any]:
        """It as plain data."""
        return {
            "title": self.title,
            "reason": self.reason,
            "selector_source": self.selector_source,
            "selection": self.selection.to_toml(),
            "lora": self.lora.to_toml(),
        }

    @classmethod
    def from_toml(cls, data: Mapping[str, Any]) -> Self:
        """Reads what :meth:`to_toml` gave, or a part of it; what is left out is as by default.

        Raises:
            ValueError: An entry is none, or makes no sense.
        """
        _check_names("a recipe", data, _KEYS)
        for name in ("selection", "lora"):
            if not isinstance(data.get(name, {}), Mapping):
                raise ValueError(f"{name} is a table of settings, not {data[name]!r:.100}")
        try:
            selection = SelectionSettings.from_toml(data.get("selection", {}))
        except (TypeError, ValueError) as error:
            raise ValueError(f"selection: {error}") from error
        return cls(
            str(data.get("title", "")),
            str(data.get("reason", "")),
            selection,
            LoraRecipe.from_toml(data.get("lora", {})),
            str(data.get("selector_source", "")),
        )


def _check_names(what: str, data: Mapping[str, Any], known: Sequence[str]) -> None:
    for name in data:
        if name not in known:
            hint = did_you_mean(name, known)
            raise ValueError(f"{what} has no {name!r:.100}.{hint} It has {', '.join(known)}")

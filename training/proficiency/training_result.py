"""What a training came to, as it stands in the adapter's directory."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from training.proficiency.lora_recipe import LoraRecipe
from training.proficiency.loss_log import Losses
from training.proficiency.tokens import TokenCounts

#: The file.
RESULT = "training.json"


@dataclass(frozen=True, slots=True)
class Training:
    """What a training came to.

    Attributes:
        adapter: The adapter's directory.
        base: What it was trained on.
        data: SHA-256 of the data set.
        scaffold: Digest of the scaffold whose answers were learnt; empty where none was named.
        recipe: How it was trained.
        learnt: What was learnt.
        held_out: What measured.
        steps: How many steps.
        first: Losses of the base.
        last: Losses of the adapter.
        tokens: Tokens that were read, all epochs together.
        seconds: How long the last invocation took, loading included.
        processes: How many processes trained together.
        resumed: The step that it went on from; 0 where it was not interrupted.
        warnings: What to know about it.
        versions: Libraries.
    """

    adapter: Path
    base: str
    data: str
    scaffold: str
    recipe: LoraRecipe
    learnt: TokenCounts
    held_out: TokenCounts
    steps: int
    first: Losses
    last: Losses
    tokens: int
    seconds: float
    processes: int = 1
    resumed: int = 0
    warnings: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """It as plain data; where it stands is left out."""
        own = asdict(self)
        del own["adapter"]
        return {**own, "recipe": self.recipe.to_toml(), "warnings": list(self.warnings)}

    @classmethod
    def read(cls, adapter: Path) -> Self:
        """Reads what stands in an adapter's directory.

        Raises:
            OSError: There is nothing.
            KeyError: Something is missing.
            ValueError: It is no such file.
        """
        own = json.loads((adapter / RESULT).read_text(encoding="utf-8"))
        del own["begun"]
        return cls(
            adapter,
            **{
                **own,
                "recipe": LoraRecipe.from_toml(own["recipe"]),
                "learnt": TokenCounts(**own["learnt"]),
                "held_out": TokenCounts(**own["held_out"]),
                "first": Losses(**own["first"]),
                "last": Losses(**own["last"]),
                "warnings": tuple(own["warnings"]),
            },
        )

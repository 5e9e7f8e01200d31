"""The shape of a small model, and how long it learns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

#: What decides which weights there are.
_SIZE = ("vocabulary", "hidden", "inner", "layers", "heads", "key_value_heads", "context")
#: What may be 0.
_MAY_BE_NONE = ("repeated_tokens", "weight_decay", "told", "seed")


@dataclass(frozen=True)
class MiniShape:
    """Settings of a small model. It has the architecture of Qwen2.

    Attributes:
        vocabulary: Tokens of its tokenizer, without those for cells and commands.
        hidden: Width.
        inner: Width inside a block.
        layers: Blocks.
        heads: Attention heads.
        key_value_heads: Heads of keys and values.
        context: Most tokens of a conversation and its answer.
        tokens: Tokens of conversations that it is trained on, prompts included.
        repeated_tokens: Tokens of repetitions that it is trained on before; 0 for none.
        batch_tokens: Tokens of one step.
        learning_rate: The highest; it rises for 2% of the steps and falls as a cosine to a tenth.
        weight_decay: Decay of the matrices.
        told: What a token counts that the memory said, where one of an answer counts 1.
        choices: What a token of an action's name counts.
        seed: Of the weights and of the order of the conversations.
    """

    vocabulary: int = 1024
    hidden: int = 128
    inner: int = 384
    layers: int = 4
    heads: int = 4
    key_value_heads: int = 2
    context: int = 2048
    tokens: int = 24_000_000
    repeated_tokens: int = 0
    batch_tokens: int = 4_096
    learning_rate: float = 3e-3
    weight_decay: float = 0.1
    told: float = 1.0
    choices: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if value < 0 or (name not in _MAY_BE_NONE and value == 0):
                raise ValueError(f"{name} is more than 0, not {value}")
        if self.hidden % self.heads or self.heads % self.key_value_heads:
            raise ValueError(
                f"hidden ({self.hidden}) is a multiple of heads ({self.heads}), and that one of "
                f"key_value_heads ({self.key_value_heads})"
            )

    def sized_as(self, other: Mapping[str, Any]) -> Self:
        """The same, with the size of another model.

        Args:
            other: Its shape as plain data.
        """
        return replace(self, **{name: other[name] for name in _SIZE})

    def to_json(self) -> dict[str, Any]:
        """It as plain data."""
        return asdict(self)

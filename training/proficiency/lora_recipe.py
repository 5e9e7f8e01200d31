"""How an adapter is trained: the recipe, as plain data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from memory_fs.suggestion import did_you_mean

#: The values that vLLM's ``--max-lora-rank`` takes, beside 1; without it the most is the second.
VLLM_RANKS = (8, 16, 32, 64, 128, 256, 320, 512)
VLLM_DEFAULT_RANK = 16
#: Stands for all linear layers but the output layer, whatever they are called.
ALL_LINEAR = "all-linear"

_CHOICES = {
    "schedule": ("cosine", "linear", "constant"),
    "load_in": ("", "4bit"),
    "dtype": ("auto", "float32", "bfloat16"),
}
#: Whether a number will do, and in words which ones.
_NUMBERS: dict[str, tuple[Callable[[float], bool], str]] = {
    "rank": (lambda it: 1 <= it <= VLLM_RANKS[-1], f"1 to {VLLM_RANKS[-1]}, vLLM's highest"),
    "alpha": (lambda it: 0 < it <= 10_000, "above 0 and at most 10,000; twice the rank is usual"),
    "dropout": (lambda it: 0 <= it < 1, "0 or more and below 1"),
    "learning_rate": (lambda it: 0 < it <= 1, "above 0 and at most 1; 2e-4 is usual"),
    "epochs": (lambda it: 0 < it <= 1_000, "above 0 and at most 1,000"),
    # A step is filled up to its size, however few examples there are.
    "batch": (lambda it: 1 <= it <= 1_024, "1 to 1,024"),
    "accumulation": (lambda it: 1 <= it <= 1_024, "1 to 1,024"),
    "cutoff": (lambda it: it >= 16, "at least 16 tokens"),
    "warm_up": (lambda it: 0 <= it <= 1, "a share of the steps, from 0 to 1"),
    "weight_decay": (lambda it: 0 <= it <= 1, "from 0 to 1"),
    "max_grad_norm": (lambda it: 0 < it <= 1e6, "above 0 and at most 1e6; 1 is usual"),
    "seed": (lambda it: 0 <= it < 2**32, "0 or more, and below 2**32"),
}
_WHOLE = ("rank", "batch", "accumulation", "cutoff", "seed")
_TRUTHS = ("activated", "gradient_checkpointing", "packing")


@dataclass(frozen=True)
class LoraRecipe:
    """A recipe.

    Attributes:
        rank: Rank of the two small matrices beside each layer.
        alpha: What they add is multiplied by ``alpha / rank``.
        dropout: Share of a layer's input that they do not see, in training.
        targets: Names of the layers that are adapted, or ``all-linear`` alone.
        learning_rate: The highest of the schedule.
        epochs: How often each example is learnt; part of an epoch is allowed.
        batch: Rows that a process computes at once.
        accumulation: Batches of a process before the weights change.
        cutoff: Most tokens of a row; longer prompts lose their beginning.
        schedule: How the learning rate falls after the warm-up: ``cosine``, ``linear`` (both to 0)
            or ``constant``.
        warm_up: Share of the steps in which the learning rate rises.
        weight_decay: Of AdamW, on the adapter.
        max_grad_norm: Longer gradients are shortened to this.
        activated: Whether it is an activated LoRA (aLoRA), which changes nothing before the answer,
            so that both roles share what was read before it; vLLM does not serve these.
        load_in: ``4bit`` quantises the base while it trains (QLoRA); empty leaves it as it is.
        dtype: Type of the base; ``auto`` is bfloat16 on a GPU that has it, and float32 elsewhere.
        gradient_checkpointing: Whether to compute activations twice, for much less memory.
        packing: Whether several examples share a row, where the model keeps them apart exactly.
        seed: Of the adapter's first weights, the order of the examples, and dropout.

    Raises:
        ValueError: A value makes no sense, alone or with another one.

    Example:
        >>> LoraRecipe(rank=24).max_lora_rank
        32
    """

    rank: int = 16
    alpha: float = 32.0
    dropout: float = 0.05
    targets: tuple[str, ...] = (ALL_LINEAR,)
    learning_rate: float = 2e-4
    epochs: float = 3.0
    batch: int = 1
    accumulation: int = 8
    cutoff: int = 16_384
    schedule: str = "cosine"
    warm_up: float = 0.03
    weight_decay: float = 0.0
    max_grad_norm: float = 1.0
    activated: bool = False
    load_in: str = ""
    dtype: str = "auto"
    gradient_checkpointing: bool = True
    packing: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        for entry in fields(self):
            _check(entry.name, getattr(self, entry.name))
        if self.activated and self.packing:
            raise ValueError(
                "activated and packing exclude each other: an activated LoRA is on from one place "
                "of a row, and a packed row would need one for each of its examples; turn one off"
            )
        if ALL_LINEAR in self.targets and len(self.targets) > 1:
            raise ValueError(f"targets: {ALL_LINEAR} stands alone, or name the layers")

    @property
    def max_lora_rank(self) -> int | None:
        """What vLLM's ``--max-lora-rank`` has to be; None where the option is not needed."""
        if self.rank <= VLLM_DEFAULT_RANK:
            return None
        return min(allowed for allowed in VLLM_RANKS if allowed >= self.rank)

    @property
    def warnings(self) -> list[str]:
        """What whoever serves the adapter should know."""
        found = []
        if self.max_lora_rank is not None:
            found.append(
                f"rank {self.rank} is beyond the {VLLM_DEFAULT_RANK} that vLLM serves by default: "
                f"start it with --max-lora-rank {self.max_lora_rank}"
            )
        if self.activated:
            found.append("vLLM serves no activated LoRA; the local backend does")
        return found

    def to_toml(self) -> dict[str, Any]:
        """It as plain data."""
        own = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {**own, "targets": list(self.targets)}

    @classmethod
    def from_toml(cls, data: Mapping[str, Any]) -> Self:
        """Reads what :meth:`to_toml` gave, or a part of it; what is left out is as by default.

        Raises:
            ValueError: There is an entry that is none, or a value makes no sense.
        """
        known = [entry.name for entry in fields(cls)]
        for name in data:
            if name not in known:
                hint = did_you_mean(name, known)
                raise ValueError(f"a LoRA recipe has no {name!r}.{hint} It has {', '.join(known)}.")
        given = dict(data)
        if isinstance(given.get("targets"), list):
            given["targets"] = tuple(given["targets"])
        return cls(**given)


def _check(name: str, value: object) -> None:
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            choices = ", ".join(choice or "empty" for choice in _CHOICES[name])
            hint = did_you_mean(value, _CHOICES[name])
            raise ValueError(f"{name} is one of {choices}; not {value!r}.{hint}")
    elif name in _TRUTHS:
        if not isinstance(value, bool):
            raise ValueError(f"{name} is true or false, not {value!r}")
    elif name in _NUMBERS:
        fits, words = _NUMBERS[name]
        whole = type(value) is int
        if not (whole or (type(value) is float and math.isfinite(value) and name not in _WHOLE)):
            kind = "a whole number" if name in _WHOLE else "a number"
            raise ValueError(f"{name} is {kind}, {words}; not {value!r}")
        assert isinstance(value, int | float)
        # Whole numbers of Python may be too large for a float.
        if not (fits(value) and value < 2**63):
            raise ValueError(f"{name} is {words}; not {value!r}")
    elif not (isinstance(value, tuple) and value and all(type(it) is str and it for it in value)):
        raise ValueError(
            f"{name} is a list of names of layers, such as q_proj and v_proj, or {ALL_LINEAR} "
            f"alone; not {value!r}"
        )

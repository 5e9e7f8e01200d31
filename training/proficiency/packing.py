"""Packing: several examples in one row, where the model keeps them apart exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from training.proficiency.tokens import ExampleTokens

if TYPE_CHECKING:
    import torch

    from training.proficiency.collator import Collator

#: A row of a batch: one example, or several that are packed.
Row = tuple[ExampleTokens, ...]
#: By how much a loss may differ, as a share, where the type has a rounding of 1.
_ROUNDINGS = 64


class PackingError(ValueError):
    """The model does not keep examples of one row apart."""


def pack(examples: Sequence[ExampleTokens], cutoff: int) -> list[Row]:
    """Puts examples together into rows: the longest first, each where it fits first.

    Args:
        examples: The examples.
        cutoff: Most tokens of a row.
    """
    rows: list[list[ExampleTokens]] = []
    room: list[int] = []
    for example in sorted(examples, key=lambda it: len(it.tokens), reverse=True):
        size = len(example.tokens)
        place = next((at for at, free in enumerate(room) if free >= size), None)
        if place is None:
            rows.append([example])
            room.append(cutoff - size)
        else:
            rows[place].append(example)
            room[place] -= size
    return [tuple(row) for row in rows]


def check_packing(
    measure: Callable[[dict[str, torch.Tensor]], list[float]],
    packing: Collator,
    examples: Sequence[ExampleTokens],
    precision: float,
) -> None:
    """Checks on the model itself that packed examples have the losses that they have alone.

    Args:
        measure: Gives the summed loss of each row of a batch.
        packing: Makes batches of packed rows.
        examples: What is trained on; the shortest ones are tried.
        precision: Rounding of the model's type, such as 1.2e-7 for float32.

    Raises:
        PackingError: They differ by more than rounding explains, or the model takes no positions.
    """
    first, second, *_ = (*sorted(examples, key=lambda it: len(it.tokens)), examples[-1])
    try:
        # Three orders: each example stands in the first place, and in the last one, and is padded.
        together = measure(packing([(first, second), (second, first), (second,)]))
        apart = [measure(packing([(it,)]))[0] for it in (first, second)]
    except TypeError as error:
        raise PackingError(f"packing: the model takes no position_ids: {error}") from error
    wanted = [sum(apart), sum(apart), apart[1]]
    for loss, other in zip(together, wanted, strict=True):
        if abs(loss - other) > _ROUNDINGS * precision * max(abs(other), 1.0):
            raise PackingError(
                f"packing: two examples have a loss of {loss:.6g} in one row and of {other:.6g} "
                "apart, so this model lets the second one see the first: train with packing=false"
            )

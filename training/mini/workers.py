"""Processes that learn together: each reads its part of a batch, their gradients are summed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Worker:
    """One of the processes.

    Attributes:
        rank: Its number, from 0.
        count: How many there are.
    """

    rank: int = 0
    count: int = 1

    def share(self, pieces: Sequence[T], size: Callable[[T], int]) -> list[T]:
        """The part of a batch that it reads: about as much as each of the others."""
        loads = [0] * self.count
        mine: list[T] = []
        for piece in sorted(pieces, key=size, reverse=True):
            least = loads.index(min(loads))
            loads[least] += size(piece)
            if least == self.rank:
                mine.append(piece)
        return mine

    def sum_gradients(self, model: Any) -> None:
        """Adds the gradients of all."""
        if self.count == 1:
            return
        import torch
        import torch.distributed as dist

        parameters = [p for p in model.parameters() if p.requires_grad]
        flat = torch.cat(
            [(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in parameters]
        )
        dist.all_reduce(flat)
        parts = torch.split(flat, [p.numel() for p in parameters])
        for p, part in zip(parameters, parts, strict=True):
            p.grad = part.view_as(p).clone()

    def sum(self, value: float) -> float:
        """The sum of a number over all."""
        if self.count == 1:
            return value
        import torch
        import torch.distributed as dist

        total = torch.tensor(value, dtype=torch.float64)
        dist.all_reduce(total)
        return total.item()


def work(count: int, task: Callable[[Worker], None]) -> None:
    """Carries out a task in processes, which begin as copies of this one.

    Args:
        count: How many; with one, this process does it.
        task: What each does.
    """
    if count == 1:
        task(Worker())
        return
    from torch.multiprocessing.spawn import start_processes

    with TemporaryDirectory() as folder:
        meeting = (Path(folder) / "meeting").as_uri()
        # Copies, for what was read once need not be sent to each.
        start_processes(_begin, (count, meeting, task), nprocs=count, start_method="fork")  # type: ignore[no-untyped-call]


def _begin(rank: int, count: int, meeting: str, task: Callable[[Worker], None]) -> None:
    import torch
    import torch.distributed as dist

    # Small matrices gain little from several threads, and a copy must not begin with them.
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=meeting, rank=rank, world_size=count)
    try:
        task(Worker(rank, count))
    finally:
        dist.destroy_process_group()

"""Processes that learn together: each reads its part of a batch, their gradients are summed.

Small matrices gain little from several threads: two processes with a thread each read 1.4 times the
tokens that one process with two threads does.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


def work(count: int, task: Callable[..., None], *args: Any) -> None:
    """Carries out a task in processes.

    Args:
        count: How many.
        task: A function of a module, which takes a :class:`Worker` and the arguments.
        *args: The arguments; they are pickled.
    """
    if count == 1:
        task(Worker(), *args)
        return
    from torch.multiprocessing.spawn import spawn

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    spawn(_begin, (count, port, task, args), nprocs=count)  # type: ignore[no-untyped-call]


def _begin(
    rank: int, count: int, port: int, task: Callable[..., None], args: tuple[Any, ...]
) -> None:
    import torch
    import torch.distributed as dist

    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    torch.set_num_threads(1)
    dist.init_process_group("gloo", rank=rank, world_size=count)
    try:
        task(Worker(rank, count), *args)
    finally:
        dist.destroy_process_group()

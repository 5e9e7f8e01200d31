"""How fast a device's memory is, measured."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import torch

#: Largest block that is copied, and how much of the free memory it may take.
_MOST, _PART = 2 << 30, 0.2
_COPIES = 7


def synchronise(device: torch.device) -> None:
    """Waits until the device has done all that it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def copy_bandwidth(device: torch.device) -> float:
    """Bytes a second that are read and written when a large block is copied; the median.

    The block is far larger than any cache, 2 GiB where there is room.

    Args:
        device: Whose memory.
    """
    size = 512 << 20
    if device.type == "cuda":
        size = min(_MOST, int(_PART * torch.cuda.mem_get_info(device)[0]))
    source = torch.ones(size, dtype=torch.uint8, device=device)
    target = torch.zeros_like(source)
    rates = []
    for _ in range(_COPIES + 1):
        synchronise(device)
        start = perf_counter()
        target.copy_(source)
        synchronise(device)
        rates.append(2 * size / (perf_counter() - start))
    return median(rates[1:])

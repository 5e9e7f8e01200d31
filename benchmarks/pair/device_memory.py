"""How much memory of a device is taken."""

from __future__ import annotations

import torch

from benchmarks.speed.fresh_process import resident_bytes


def reset_peak(device: torch.device) -> None:
    """Forgets the most that was taken so far, where the device counts it."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def taken(device: torch.device) -> dict[str, int]:
    """Bytes by name.

    Returns:
        On CUDA what is allocated, reserved, and was allocated and reserved at most; elsewhere the
        memory of this process, which holds all the rest of it, too.
    """
    if device.type != "cuda":
        return {"resident": resident_bytes()}
    return {
        "allocated": torch.cuda.memory_allocated(device),
        "reserved": torch.cuda.memory_reserved(device),
        "peak allocated": torch.cuda.max_memory_allocated(device),
        "peak reserved": torch.cuda.max_memory_reserved(device),
    }

"""Where a model runs, and in which type."""

from __future__ import annotations

import torch

from agents.backends.local.options import LocalOptions
from agents.model import ModelSetupError


def choose_device(options: LocalOptions) -> torch.device:
    """The device that the options name; CUDA, else MPS, else the CPU, where they name none.

    Raises:
        ModelSetupError: There is no such device.
    """
    name = options.device
    if name == "auto":
        if torch.cuda.is_available():
            name = "cuda"
        else:
            name = "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ModelSetupError(
            f"there is no device {name!r} here ({str(error).splitlines()[0]}); "
            "leave device away, or say cpu, mps, cuda or cuda:1"
        ) from error
    return torch.device("cuda", torch.cuda.current_device()) if name == "cuda" else device


def choose_dtype(options: LocalOptions, device: torch.device) -> torch.dtype:
    """The type that the options name, or one that suits the device."""
    if options.dtype != "auto":
        chosen: torch.dtype = getattr(torch, options.dtype)
        return chosen
    if device.type == "cpu":
        return torch.float32
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    try:
        torch.zeros(1, dtype=torch.bfloat16, device=device) + 1
    except (RuntimeError, TypeError):  # before macOS 14
        return torch.float16
    return torch.bfloat16


def free_bytes(device: torch.device) -> int | None:
    """Free memory of a CUDA device; None for devices that share the host's memory."""
    return torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else None

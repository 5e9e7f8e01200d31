"""What figures were measured with."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from benchmarks.provenance import commit, versions

_LIBRARIES = ("torch", "transformers", "peft", "bitsandbytes")


def machine() -> dict[str, Any]:
    """Commit, versions, processors and device, as plain data."""
    import torch

    return {
        "commit": commit(),
        "versions": {**versions(), **{name: _version(name) for name in _LIBRARIES}},
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # bitsandbytes is needed for quantised weights only
        return "not installed"

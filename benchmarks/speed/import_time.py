"""How long ``import automem_gym`` takes."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

from benchmarks.speed.subject import Measurement

_CODE = """
import time
start = time.perf_counter()
import automem_gym
print(time.perf_counter() - start)
"""
_FEWEST = 5


def import_seconds(seconds: float) -> Measurement:
    """Seconds of the import in a fresh interpreter; the median of several."""
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while len(taken) < _FEWEST or time.perf_counter() < end:
        done = subprocess.run(
            [sys.executable, "-c", _CODE], capture_output=True, text=True, check=True
        )
        taken.append(float(done.stdout))
    return Measurement(median(taken), {"fastest": min(taken), "imports": len(taken)})

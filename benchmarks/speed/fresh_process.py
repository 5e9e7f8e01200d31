"""Measurements that need a process of their own, so that nothing else counts in them."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


def in_fresh_process(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Calls a function of a module in a new process and returns what it returns."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *args, **kwargs).result()


def resident_bytes(process: int | str = "self") -> int:
    """Memory of a process, this one by default, that is in RAM (Linux: ``/proc/self/statm``)."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def resident_bytes_of_all(process: int) -> int:
    """Memory in RAM of a process and of all that it has started; what they share counts twice."""
    try:
        tasks = Path(f"/proc/{process}/task").glob("*/children")
        started = [int(child) for task in tasks for child in task.read_text().split()]
        return resident_bytes(process) + sum(map(resident_bytes_of_all, started))
    except (FileNotFoundError, ProcessLookupError):  # it has just come to its end
        return 0


def open_files() -> int:
    """File descriptors that this process holds."""
    return len(list(Path("/proc/self/fd").iterdir()))

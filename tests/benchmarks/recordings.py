"""Compares recordings without what the clock decides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.trace import TRACE


def timeless(path: Path) -> list[Any]:
    """The lines of a trace, without the latency of its calls and the checksums that it changes."""
    return [json.loads(line, object_hook=_without) for line in path.read_text().splitlines()]


def turns_of(run: Path) -> dict[str, list[Any]]:
    """All traces of a run, by place; without their headers, which name the models of the run."""
    return {
        str(path.parent.relative_to(run)): timeless(path)[1:] for path in sorted(run.rglob(TRACE))
    }


def _without(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name not in ("latency", "crc")}

"""What of the pair has a target."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.short_ids import short_ids
from benchmarks.speed.subject import Subject

_ANEW = "each prompt read from its start, to with reuse"

SUBJECTS = {
    subject.name: subject
    for subject in (
        Subject("prefill", f"tokens prefilled: {_ANEW}", "", "at least", 4),
        Subject("reuse-tokens", f"tokens prefilled: {_ANEW}", "", "at least", 4),
        Subject("reuse-time", f"wall time of a game step: {_ANEW}", "", "", 0),
        Subject("throughput", "game steps/s: many episodes, to one", "", "at least", 2.5),
        Subject("memory", "weights of the pair, to base and adapter", "", "at most", 1.02),
        Subject("overhead", "what the agent adds to a game step", "ms", "at most", 1),
    )
}


def subject(name: str, of: str) -> Subject:
    """A subject of one environment or of one kind of weights.

    Args:
        name: One of :data:`SUBJECTS`.
        of: What it is measured of.
    """
    return replace(SUBJECTS[name], name=f"{name}-{short_ids([of])[0]}")

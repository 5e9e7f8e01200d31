"""References of an analysis to what happened: which episode, which game step."""

from __future__ import annotations

import re
from collections.abc import Iterator

from memory_fs import Refused
from training.structure.workspace.recordings import FAILED, PARENT, Recordings

#: The form of a reference; other words may not stand between its parts.
FORM = "seed 42 step 17"
_REFERENCE = re.compile(
    r"\bseed (\d{1,12})(?: repeat (\d{1,6}))?[,:]? ?\(?(?:at |in )?(?:game )?steps? (\d{1,9})",
    re.IGNORECASE,
)
#: So many are looked at; a text with more has enough.
_MOST = 200


def reference_problems(text: str, recordings: Recordings) -> Iterator[str]:
    """What is wrong with the references of a text; an empty one is wrong anyway.

    Args:
        text: The text.
        recordings: What they refer to: the scaffold's run, or that of the failed revision.

    Yields:
        That there are none, or each one that leads nowhere.
    """
    text = " ".join(text.split())
    if not text:
        return
    found = [match for match, _ in zip(_REFERENCE.finditer(text), range(_MOST), strict=False)]
    if not found:
        yield f"the analysis names no episode and step; write them as in '{FORM}'"
    steps = _steps(recordings)
    for match in found:
        seed, repeat, step = int(match[1]), int(match[2] or 0), int(match[3])
        most = steps.get((seed, repeat))
        if most is None:
            yield f"the analysis names {match[0]!r}, and there is no such episode"
        elif step > most:
            yield f"the analysis names {match[0]!r}, and that episode has {most} steps"


def _steps(recordings: Recordings) -> dict[tuple[int, int], int]:
    """By seed and repeat: the most game steps that an episode has in either run."""
    most: dict[tuple[int, int], int] = {}
    for run in (PARENT, FAILED):
        try:
            results = recordings.results(run)
        except Refused:  # there is none
            continue
        for episode, result in results:
            if result is not None and not result.error:
                key = episode.seed, episode.repeat
                most[key] = max(most.get(key, 0), result.game_steps)
    return most

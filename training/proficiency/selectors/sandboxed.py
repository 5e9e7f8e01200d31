"""A selector in a file that somebody wrote, a model for instance: it runs in the sandbox."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agents.sandbox import Sandbox, SandboxError, SandboxLimits
from training.proficiency.selectors.selector import SelectorError, Verdict
from training.proficiency.turn import Turn

#: What the file has to define: from turns as plain data to a verdict for each.
FUNCTION = "judge"
#: Answers that are judged in one call, and what it may take.
_BATCH = 200
_LIMITS = SandboxLimits(cpu_seconds=20, seconds=60.0, deaths=1)
_LONGEST = 300


class SandboxedSelector:
    """Judges by code that nobody trusts.

    The code defines ``judge(turns)``: it gets a list of answers of one episode, each as
    :meth:`training.proficiency.turn.Turn.to_json` gives it, and returns a list of as many verdicts:
    ``{"score": number, "reasons": [text, ...], "veto": text}``, the last two of which may be left
    out; the number is finite. It has the standard library, no files and no network, and nothing is
    left of earlier calls.

    Args:
        source: The code.
        place: How it is called in messages.

    Raises:
        SelectorError: It does not define the function.
        agents.sandbox.ConfinementError: This machine cannot confine it.
    """

    def __init__(self, source: str, place: str) -> None:
        self._place = place
        self._sandbox = Sandbox(source, place, _LIMITS)
        try:
            defined: dict[str, str] = self._sandbox.look({FUNCTION: 1}, [])["functions"]
        except SandboxError as error:
            self._sandbox.close()
            raise SelectorError(f"{place}: {error}") from error
        if problem := defined.get(FUNCTION, f"it does not define {FUNCTION}(turns)"):
            self._sandbox.close()
            about = f"{FUNCTION}(turns): " if FUNCTION in defined else ""
            raise SelectorError(f"{place}: {about}{problem}")

    @classmethod
    def read(cls, path: Path) -> SandboxedSelector:
        """Opens the selector in a file.

        Raises:
            SelectorError: The file cannot be read, or is none.
        """
        try:
            return cls(path.read_text(encoding="utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise SelectorError(f"{path}: {error}") from error

    def judge(self, turns: Sequence[Turn]) -> list[Verdict]:
        """As :meth:`training.proficiency.selectors.Selector.judge`."""
        found: list[Verdict] = []
        for at in range(0, len(turns), _BATCH):
            part = [turn.to_json() for turn in turns[at : at + _BATCH]]
            found += self._judged(part)
        return found

    def _judged(self, part: list[dict[str, Any]]) -> list[Verdict]:
        half = len(part) // 2
        if half and len(json.dumps(part)) > _LIMITS.message_bytes:
            return self._judged(part[:half]) + self._judged(part[half:])
        try:
            told = self._sandbox.call(FUNCTION, [part])
        except SandboxError as error:
            raise SelectorError(f"{self._place}: {error}") from error
        if not isinstance(told, list) or len(told) != len(part):
            raise SelectorError(
                f"{self._place}: {FUNCTION} returns a list with a verdict for each of the "
                f"{len(part)} answers, not {told!r:.200}"
            )
        return [self._verdict(it) for it in told]

    def _verdict(self, told: Any) -> Verdict:
        if isinstance(told, dict) and not told.keys() - {"score", "reasons", "veto"}:
            score: Any = told.get("score")
            reasons, veto = told.get("reasons", []), told.get("veto", "")
            number = isinstance(score, int | float) and not isinstance(score, bool)
            number = number and abs(score) <= sys.float_info.max  # neither NaN nor infinite
            texts = isinstance(reasons, list) and all(isinstance(it, str) for it in reasons)
            if number and texts and isinstance(veto, str):
                short = tuple(reason[:_LONGEST] for reason in reasons[:20])
                return Verdict(float(score), short, veto[:_LONGEST])
        raise SelectorError(
            f'{self._place}: a verdict is {{"score": number, "reasons": [text], "veto": text}}, '
            f"not {told!r:.200}"
        )

    def close(self) -> None:
        """Ends its process; may be called twice."""
        self._sandbox.close()

"""From a recorded answer to what is learnt of it: six fixed steps, then four checks.

Nothing is written anew: a target is made of pieces of the recorded answer, in their order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agents.dialogue.reply import ACTION, DONE
from memory_fs.syntax import THOUGHT, Block, Syntax
from training.proficiency.example import Span, cut_out

#: The steps, in their order; how often each changed something is counted by these names.
STEPS = (
    "fences around commands unwrapped",
    "cut behind DONE",
    "action stripped",
    "dropped: no memory command left",
    "trimmed behind the last command",
    "dropped: still holds a fence",
)
FENCE = "```"
_MARK = re.compile(rf"^[ \t]*{FENCE}[^\n`]*(?:\n|\Z)|{FENCE}", re.MULTILINE)


class TargetError(ValueError):
    """A target that breaks one of the four checks: the steps before did not do what they say."""


@dataclass
class Counts:
    """How often each step changed something.

    Attributes:
        steps: Times by name of the step, of :data:`STEPS`.
        targets: Answers that came through.
    """

    steps: Counter[str] = field(default_factory=Counter)
    targets: int = 0


class PostProcessing:
    """Makes targets of answers, and counts what it did.

    Args:
        operations: Names of the memory operations that count as commands.
        bare: Those of them that take no fields.

    Attributes:
        counts: What was done so far.
    """

    def __init__(self, operations: Iterable[str], bare: Iterable[str] = ()) -> None:
        self._names = frozenset(operations)
        self._syntax = Syntax([*self._names, ACTION, DONE], [*bare, DONE])
        self.counts = Counts()
        self._read: tuple[str, Sequence[Block]] = "", ()

    def spans(self, text: str, routine: str) -> tuple[Span, ...]:
        """The pieces of an answer that are learnt; none where it is dropped.

        Args:
            text: The answer, as it was recorded.
            routine: ``log`` or ``plan``.

        Raises:
            TargetError: What is left breaks a check.
        """
        spans = self._carried_out(text, routine)
        if spans:
            self.check(cut_out(text, spans), routine)
            self.counts.targets += 1
        return spans

    def _carried_out(self, text: str, routine: str) -> tuple[Span, ...]:
        counted = self.counts.steps
        spans = self._unwrapped(text)
        counted[STEPS[0]] += len(cut_out(text, spans)) < len(text)
        # From here on, places are those in what is left, and are carried back to the answer.
        left = cut_out(text, spans)
        blocks = self._blocks(left)
        end = len(left)
        done = next((block for block in blocks if block.name == DONE), None)
        if routine == "log" and done is not None and done.end < end:
            counted[STEPS[1]] += bool(left[done.end :].strip())
            end = done.end
        action = next((block for block in blocks if block.name == ACTION), None)
        if action is not None and action.start < end:
            counted[STEPS[2]] += 1
            end = action.start
        kept = [block for block in blocks if block.end <= end]
        if not any(block.name in self._names for block in kept):
            counted[STEPS[3]] += 1
            return ()
        # DONE closes the LOG routine: without it, a specialist would not learn to come to an end.
        closing = self._names | ({DONE} if routine == "log" else set())
        last = max(block.end for block in kept if block.name in closing)
        counted[STEPS[4]] += bool(left[last:end].strip())
        spans = _first(spans, last)
        if FENCE in cut_out(text, spans):
            counted[STEPS[5]] += 1
            return ()
        return tuple(spans)

    def _unwrapped(self, text: str) -> list[Span]:
        """The text without the marks of fences that hold commands."""
        whole = [(0, len(text))]
        if FENCE not in text:
            return whole
        marks = list(_MARK.finditer(text))
        gone: list[Span] = []
        for opened, closed in zip(marks[::2], marks[1::2], strict=False):
            inner = self._blocks(text[opened.end() : closed.start()])
            if any(block.name in self._names for block in inner):
                gone += [opened.span(), closed.span()]
        spans, at = [], 0
        for start, end in gone:
            spans.append((at, start))
            at = end
        spans = [span for span in [*spans, (at, len(text))] if span[0] < span[1]]
        # A fence inside of a command is a part of it: without, something else would be learnt.
        same = self._asked(cut_out(text, spans)) == self._asked(text)
        return spans if same else whole

    def _asked(self, text: str) -> list[tuple[str, str]]:
        """What a text asks for."""
        return [(block.name, block.payload) for block in self._blocks(text)]

    def _blocks(self, text: str) -> Sequence[Block]:
        """The blocks that count: as in the agent, none from before the end of a thought."""
        # Of most answers nothing goes, and the checks look at the very text that was just read.
        if text != self._read[0]:
            found: list[Block] = []
            for block in self._syntax.scan(text):
                if block.name == THOUGHT:
                    found.clear()
                else:
                    found.append(block)
            self._read = text, found
        return self._read[1]

    def check(self, target: str, routine: str) -> None:
        """The four checks.

        Args:
            target: What is to be learnt.
            routine: ``log`` or ``plan``.

        Raises:
            TargetError: One of them is broken.
        """
        blocks = self._blocks(target)
        commands = [block for block in blocks if block.name in self._names]
        closing = [b for b in blocks if b in commands or (routine == "log" and b.name == DONE)]
        problem = ""
        if not commands:
            problem = "it has no memory command"
        elif FENCE in target:
            problem = "it holds a code fence"
        elif any(block.name == ACTION for block in blocks):
            problem = "it holds a game action"
        elif target[closing[-1].end :]:
            problem = "something stands behind its last command"
        if problem:
            raise TargetError(f"a target of {routine} breaks a check: {problem}: {target!r:.500}")


def _first(spans: Sequence[Span], count: int) -> list[Span]:
    """The first so many characters of pieces."""
    found = []
    for start, end in spans:
        if count <= 0:
            break
        found.append((start, min(end, start + count)))
        count -= end - start
    return found

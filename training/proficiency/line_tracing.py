"""Follows the lines of an episode's memory: from the write that made them to who found them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from memory_fs import OPERATIONS
from memory_fs.measures import WRITES
from memory_fs.operation import EVERY, NOTHING
from training.proficiency.drafts import AnswerDraft, CommandDraft
from training.proficiency.line_changes import Change, LineChanges

#: The place of the last command of a turn, where those of a turn cannot be told apart.
LAST = 1 << 30
#: What stands before a line in the answer of a search; in one of all files, first the file's name.
#: With the line break before it: what begins with a character is found several times as fast.
_PLACE = re.compile(r"\n[\[(]\d+[\])] ?")
_NAMED = re.compile(r"^([^\[(\n]*)[\[(]\d+[\])] ?(.*)$", re.MULTILINE)

#: The writes from which a line came, by line.
_Written = dict[str, list[tuple[AnswerDraft, CommandDraft]]]


def trace_lines(answers: Iterable[AnswerDraft], changes: LineChanges) -> None:
    """Tells what each write did, and ties lines that are found to the writes they came from.

    Args:
        answers: The answers of an episode, in their order; their commands are filled in.
        changes: What was done to the memory.
    """
    written: defaultdict[str, _Written] = defaultdict(dict)
    of_turn: dict[str, Change | None] = {}
    turn = 0
    for answer in answers:
        for command in answer.commands:
            if not command.done:
                if command.mutates:
                    command.lines = _lines(command)
            elif command.mutates:
                if command.first[0] != turn:
                    turn, of_turn = command.first[0], {}
                if command.last[1] == LAST:
                    # One answer for all writes of the turn to the same file.
                    if command.file not in of_turn:
                        found = changes.of(command.first, command.last, command.file)
                        of_turn[command.file] = found
                    change = of_turn[command.file]
                else:
                    change = changes.of(command.first, command.last, command.file)
                _wrote(command, change)
                of_file = written[command.file]
                for line in command.lines:
                    of_file.setdefault(line, []).append((answer, command))
            else:
                _find(command)
                if command.files:
                    for file, line in zip(command.files, command.lines, strict=True):
                        _mark(written[file], line, answer)
                    continue
                of_file = written[command.file]
                for line in command.lines:
                    if line in of_file:
                        _mark(of_file, line, answer)


def _wrote(command: CommandDraft, change: Change | None) -> None:
    op = command.asked.op
    own = op not in OPERATIONS
    command.lines = _lines(command)
    if change is None:
        # An operation of the scaffold's own that changed nothing leaves no mark.
        command.redundant = own
        return
    command.redundant = change.redundant and (own or op in WRITES)
    if op == "UPSERT":
        key = f"{command.asked.key.strip()}:"
        command.lines = tuple(line for line in change.lines if line.startswith(key))
    elif not own:
        command.lines = change.lines


def _find(command: CommandDraft) -> None:
    """Keeps the lines that a lookup shows: those below its head."""
    head, _, body = command.result.partition("\n")
    if not body or head.startswith(NOTHING):
        return
    if command.asked.op == "SEARCH" and command.file == EVERY:
        found = [it for it in _NAMED.findall(body) if it[1].strip()]
        command.files = tuple([file for file, _ in found])
        command.lines = tuple([line for _, line in found])
        return
    if command.asked.op == "SEARCH":
        body = _PLACE.sub("\n", f"\n{body}")
    command.lines = _not_blank(body)


def _lines(command: CommandDraft) -> tuple[str, ...]:
    """The lines of what a command writes."""
    return _not_blank(command.asked.text)


def _not_blank(text: str) -> tuple[str, ...]:
    return tuple(filter(str.strip, text.split("\n")))


def _mark(written: _Written, line: str, answer: AnswerDraft) -> None:
    """Marks the writes of a line that an answer has found."""
    left = []
    for earlier, command in written.pop(line, ()):
        if earlier is answer:  # who asks knows what it writes beside
            left.append((earlier, command))
        elif command.read_after is None:
            command.read_after = answer.step.number - earlier.step.number
    if left:
        written[line] = left

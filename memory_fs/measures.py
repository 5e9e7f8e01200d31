"""How an agent uses its memory, in numbers: the measures of the AutoMem paper, and a few more.

All of them are computed here, from the commands of an episode and the journal of its memory, and
used everywhere else as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from memory_fs.action import MemoryAction
from memory_fs.mutation import Mutation, whole_lines
from memory_fs.operation import EVERY, NOTHING

LOOKUPS = frozenset({"SEARCH", "COUNT"})
CONSULTATIONS = LOOKUPS | {"READ", "TAIL"}
WRITES = frozenset({"APPEND", "WRITE", "UPSERT"})


class Command(NamedTuple):
    """One executed command.

    Attributes:
        turn: The turn.
        place: Its place among the commands of the turn.
        game_step: How many game steps had been played when it was given.
        action: The command.
        ok: Whether it was done.
        result: What it answered.
    """

    turn: int
    place: int
    game_step: int
    action: MemoryAction
    ok: bool
    result: str = ""


@dataclass
class Measures:
    """Memory measures of one episode; a ratio is None where there is nothing to divide by.

    Attributes:
        operations: How many commands of each kind were done.
        refused: How many commands were refused.
        writes: APPEND, WRITE and UPSERT that were done.
        searches: SEARCH and COUNT that were done.
        consultations: Those, READ and TAIL.
        writes_per_search: writes / searches.
        writes_per_consultation: writes / consultations.
        growth_per_step: (characters at the end - characters at the start) / game steps.
        redundant_writes: Share of writes that left the file with the lines that it had: the set of
            its lines is the same after as before, and it is not shorter.
        nearly_redundant_writes: The same, where lines that differ in case or spacing are the same.
        empty_searches: Share of searches that found nothing.
        consult_before_write: Of the writes to a file that held something, the share before which
            that file was consulted in the same game step.
        never_read: Files that the player wrote and never consulted.
        chars: Characters at the end.
        peak_chars: Characters at the most.
    """

    operations: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    writes: int = 0
    searches: int = 0
    consultations: int = 0
    writes_per_search: float | None = None
    writes_per_consultation: float | None = None
    growth_per_step: float | None = None
    redundant_writes: float | None = None
    nearly_redundant_writes: float | None = None
    empty_searches: float | None = None
    consult_before_write: float | None = None
    never_read: tuple[str, ...] = ()
    chars: int = 0
    peak_chars: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The measures as plain data."""
        return asdict(self)


def measure(
    commands: Iterable[Command], mutations: Iterable[Mutation], game_steps: int
) -> Measures:
    """Computes the measures of an episode.

    Args:
        commands: All commands, in their order.
        mutations: The journal of the memory, from the initial files on.
        game_steps: How many game steps were played.
    """
    return _Measuring(mutations).run(commands, game_steps)


class _File:
    """The lines of a file, counted; as they are, and without case and spacing."""

    def __init__(self) -> None:
        self.chars = 0
        self.lines: list[str] = []
        self.exact: Counter[str] = Counter()
        self.near: Counter[str] = Counter()

    def change(self, mutation: Mutation) -> tuple[bool, bool]:
        """Makes a change; tells whether it was redundant, exactly and nearly."""
        added = whole_lines(mutation.text)
        if mutation.kind == "append":
            start, gone = len(self.lines), []
        elif mutation.kind == "splice":
            start, gone = mutation.line, self.lines[mutation.line :][: mutation.removed]
        else:
            start, gone = 0, self.lines.copy()
        longer = len(added) >= len(gone)
        results = (
            _same(self.exact, added, gone) and longer,
            _same(self.near, [*map(_near, added)], [*map(_near, gone)]) and longer,
        )
        self.lines[start : start + len(gone)] = added
        self.chars += sum(map(len, added)) - sum(map(len, gone))
        return results


def _near(line: str) -> str:
    return " ".join(line.casefold().split())


def _same(counts: Counter[str], added: list[str], gone: list[str]) -> bool:
    """Takes lines out of a count and puts others in; tells whether the set of lines is the same."""
    before = {line for line in [*added, *gone] if counts[line]}
    counts.subtract(gone)
    counts.update(added)
    after = {line for line in [*added, *gone] if counts[line] > 0}
    for line in gone:
        if counts[line] <= 0:
            del counts[line]
    return before == after


class _Measuring:
    def __init__(self, mutations: Iterable[Mutation]) -> None:
        self._mutations = iter(mutations)
        self._next = next(self._mutations, None)
        self._files: dict[str, _File] = {}
        self._chars = self._peak = 0
        self._apply_until((0, 1 << 62))
        self._initial_chars = self._chars

    def run(self, commands: Iterable[Command], game_steps: int) -> Measures:
        measures = Measures()
        done: Counter[str] = Counter()
        consulted: dict[str, int] = {}  # file -> the last game step in which it was consulted
        written: dict[str, None] = {}
        redundant = nearly = empty = asked = known = 0
        for command in commands:
            op, file = command.action.op, command.action.file.strip()
            self._apply_until((command.turn, command.place - 1))  # what no command made
            if not command.ok:
                measures.refused += 1
                continue
            done[op] += 1
            if op in CONSULTATIONS:
                for name in self._files if file == EVERY else (file,):
                    consulted[name] = command.game_step
                empty += op in LOOKUPS and command.result.startswith(NOTHING)
            if op in WRITES:
                written[file] = None
                if self._files[file].lines if file in self._files else False:
                    known += 1
                    asked += consulted.get(file) == command.game_step
            changes = self._apply_until((command.turn, command.place), file)
            if op in WRITES and changes:
                redundant += all(exact for exact, _ in changes)
                nearly += all(near for _, near in changes)
        self._apply_until((1 << 62, 0))
        writes = sum(done[op] for op in WRITES)
        searches = sum(done[op] for op in LOOKUPS)
        consultations = sum(done[op] for op in CONSULTATIONS)
        measures.operations = dict(done)
        measures.writes, measures.searches = writes, searches
        measures.consultations = consultations
        measures.writes_per_search = _ratio(writes, searches)
        measures.writes_per_consultation = _ratio(writes, consultations)
        measures.growth_per_step = _ratio(self._chars - self._initial_chars, game_steps)
        measures.redundant_writes = _ratio(redundant, writes)
        measures.nearly_redundant_writes = _ratio(nearly, writes)
        measures.empty_searches = _ratio(empty, searches)
        measures.consult_before_write = _ratio(asked, known)
        measures.never_read = tuple(name for name in written if name not in consulted)
        measures.chars, measures.peak_chars = self._chars, self._peak
        return measures

    def _apply_until(self, when: tuple[int, int], of: str = "") -> list[tuple[bool, bool]]:
        """Makes the changes up to a command; gives whether each of one file was redundant."""
        changes = []
        while self._next is not None and (self._next.turn, self._next.command) <= when:
            mutation = self._next
            self._next = next(self._mutations, None)
            if mutation.kind == "delete":
                self._chars -= self._files.pop(mutation.file).chars
                continue
            if mutation.kind == "rename":
                self._files[mutation.text] = self._files.pop(mutation.file)
                continue
            file = self._files.setdefault(mutation.file, _File())
            before = file.chars
            redundant = file.change(mutation)
            if mutation.file == of:
                changes.append(redundant)
            self._chars += file.chars - before
            self._peak = max(self._peak, self._chars)
        return changes


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None

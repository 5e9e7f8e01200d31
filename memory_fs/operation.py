"""The operations of a memory, as a table: what each takes, and what it tells the model.

An operation of the user's own is one more :class:`Operation`, passed by
``MemoryConfig(operations=)``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from memory_fs.action import FIELDS, MemoryAction, check_operation_name
from memory_fs.index import plural
from memory_fs.refusal import Refused
from memory_fs.search import Query
from memory_fs.texts import TextFiles

TAIL_LINES = 10
#: In the place of a file name: all files, for SEARCH and COUNT.
EVERY = "*"
#: How the answer of a search begins that found nothing.
NOTHING = "no line holds"
_CUT = "[first {:,} of {:,} characters; SEARCH and TAIL show others]"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the vocabulary.

    Attributes:
        name: Its name in a command, in upper case.
        fields: Which of ``file``, ``key`` and ``text`` it takes, in order.
        summary: What it does, in one phrase for help texts and prompts.
        run: Does it: takes the files and the action, returns the result for the model. It raises
            :class:`Refused` where it cannot.
        mutates: Whether it may change the memory; a routine that only reads is not offered it.
    """

    name: str
    fields: tuple[str, ...]
    summary: str
    run: Callable[[TextFiles, MemoryAction], str]
    mutates: bool = False

    def __post_init__(self) -> None:
        check_operation_name(self.name)
        if set(self.fields) - {"file", "key", "text"}:
            raise ValueError(f"fields are file, key and text, not {', '.join(self.fields)}")


def _named(files: TextFiles, name: str) -> list[str]:
    """The files that a name means: one, or all for ``*``."""
    if name.strip() == EVERY:
        return [entry.name for entry in files.files()]
    return [files.entry(name).name]


def _search(files: TextFiles, action: MemoryAction) -> str:
    query = Query.parse(action.text)
    found = [(name, files.search(name, query)) for name in _named(files, action.file)]
    total = sum(result.total for _, result in found)
    if not total:
        return f"{NOTHING} {action.text.strip()!r}"
    everywhere = action.file.strip() == EVERY
    lines, counted = [], []
    for name, result in found:
        for number, text, hit in result.lines:
            # Brackets, because a line of the file may itself begin with a number and a colon.
            place = f"[{number}]" if hit else f"({number})"
            lines.append(f"{name if everywhere else ''}{place} {text}")
            counted.append(hit)
    return _last(lines, counted, total, "match", files.quotas.result_chars)


def _read(files: TextFiles, action: MemoryAction) -> str:
    entry = files.entry(action.file)
    limit = files.quotas.result_chars
    head = plural(entry.lines, "line")
    if len(head) + 1 + entry.chars <= limit:
        return f"{head}\n{files.read(entry.name)}".rstrip("\n")
    # The heading counts towards the limit too; with its number it is at most as long as this.
    room = max(1, limit - len(f"{head} {_CUT.format(entry.chars, entry.chars)}\n"))
    return f"{head} {_CUT.format(room, entry.chars)}\n{files.head(entry.name, room)}"


def _tail(files: TextFiles, action: MemoryAction) -> str:
    wanted = action.text.strip()
    if wanted and not (wanted.isascii() and wanted.isdigit() and int(wanted[:9])):
        raise Refused(f"TAIL takes a number of lines from 1, not {wanted[:40]!r}")
    lines = files.tail(action.file, int(wanted[:9]) if wanted else TAIL_LINES)
    total = files.entry(action.file).lines
    return _last(lines, [True] * len(lines), total, "line", files.quotas.result_chars)


def _last(lines: list[str], counted: list[bool], total: int, noun: str, limit: int) -> str:
    """The last lines that fit into a result, under a heading that tells what is left out."""
    room, first = limit, len(lines)
    while first and room >= len(lines[first - 1]) + 1:
        first -= 1
        room -= len(lines[first]) + 1
    kept, shown = lines[first:], sum(counted[first:])
    if lines and not kept:  # one line alone is too long
        kept, shown = [f"{lines[-1][:limit]} [cut: {len(lines[-1]):,} characters]"], 1
    whole = plural(total, noun)
    head = whole if shown == total else f"[last {shown:,} of {whole}]"
    return "\n".join([head, *kept])


def _count(files: TextFiles, action: MemoryAction) -> str:
    query = Query.parse(action.text)
    names = _named(files, action.file)
    total = sum(files.search(name, query, 1).total for name in names)
    return plural(total, "match") if total else f"{NOTHING} {action.text.strip()!r}"


def _append(files: TextFiles, action: MemoryAction) -> str:
    return f"added; {plural(files.append(action.file, action.text).lines, 'line')} now"


def _write(files: TextFiles, action: MemoryAction) -> str:
    return f"written; {plural(files.write(action.file, action.text).lines, 'line')} now"


def _create(files: TextFiles, action: MemoryAction) -> str:
    files.create(action.file)
    return "created, empty"


def _upsert(files: TextFiles, action: MemoryAction) -> str:
    entry, replaced = files.upsert(action.file, action.key, action.text)
    return f"{'replaced' if replaced else 'added'}; {plural(entry.lines, 'line')} now"


def _delete(files: TextFiles, action: MemoryAction) -> str:
    files.delete(action.file)
    return "deleted"


def _list(files: TextFiles, action: MemoryAction) -> str:
    return f"{plural(len(files.files()), 'file')}\n{files.index()}".rstrip("\n")


OPERATIONS: dict[str, Operation] = {
    name: Operation(name, FIELDS[name], summary, run, mutates)
    for name, summary, run, mutates in (
        (
            "SEARCH",
            "lines of a file (* for all) with a keyword; "
            "a|b: either, a & b: both, a ~2: with 2 lines around it",
            _search,
            False,
        ),
        ("READ", "a whole file", _read, False),
        ("TAIL", "the last n lines of a file", _tail, False),
        ("COUNT", "how many lines of a file (* for all) SEARCH would find", _count, False),
        ("APPEND", "add a line at the end of a file", _append, True),
        ("WRITE", "replace a file's whole text", _write, True),
        ("CREATE", "make a new, empty file", _create, True),
        ("UPSERT", "set the one line that a file keeps for a key", _upsert, True),
        ("DELETE", "remove a file", _delete, True),
        ("LIST", "all files, with their lines and characters", _list, False),
    )
}

"""The operations of a memory, as a table: what each takes, and what it tells the model.

An operation of the user's own is one more :class:`Operation`, passed by
``MemoryConfig(operations=)``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from memory_fs.action import FIELDS, MemoryAction, check_operation_name
from memory_fs.refusal import Refused
from memory_fs.texts import TextFiles, plural

TAIL_LINES = 10


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


def _search(files: TextFiles, action: MemoryAction) -> str:
    matches = files.search(action.file, action.text)
    if not matches:
        return f"no line holds {action.text.strip()!r}"
    # Brackets, because a line of the file may itself begin with a number and a colon.
    lines = "\n".join(f"[{number}] {line}" for number, line in matches)
    return f"{plural(len(matches), 'line')}\n{lines}"


def _read(files: TextFiles, action: MemoryAction) -> str:
    text = files.read(action.file)
    return f"{plural(files.entry(action.file).lines, 'line')}\n{text}".rstrip("\n")


def _tail(files: TextFiles, action: MemoryAction) -> str:
    wanted = action.text.strip()
    if wanted and not (wanted.isascii() and wanted.isdigit() and 0 < int(wanted[:9]) < 10**8):
        raise Refused(f"TAIL takes a number of lines from 1, not {wanted[:40]!r}")
    lines = files.tail(action.file, int(wanted[:9]) if wanted else TAIL_LINES)
    total = files.entry(action.file).lines
    return "\n".join([f"last {len(lines):,} of {plural(total, 'line')}", *lines])


def _count(files: TextFiles, action: MemoryAction) -> str:
    return plural(len(files.search(action.file, action.text)), "line")


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
        ("SEARCH", "lines of a file that hold a keyword, in any case", _search, False),
        ("READ", "a whole file", _read, False),
        ("TAIL", "the last n lines of a file", _tail, False),
        ("COUNT", "how many lines of a file hold a keyword", _count, False),
        ("APPEND", "add a line at the end of a file", _append, True),
        ("WRITE", "replace a file's whole text", _write, True),
        ("CREATE", "make a new, empty file", _create, True),
        ("UPSERT", "set the one line that a file keeps for a key", _upsert, True),
        ("DELETE", "remove a file", _delete, True),
        ("LIST", "all files, with their lines and characters", _list, False),
    )
}

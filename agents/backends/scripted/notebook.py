"""The memory as a player's notebook: which file takes what, what to look up, what to write."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Protocol

from agents.backends.scripted.answers import Known, read_answers
from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.prompt import Prompt
from memory_fs import MemoryAction
from memory_fs.syntax import END

_SCHEMA = tomllib.loads((files(__package__) / "schema.toml").read_text(encoding="utf-8"))
_WORDS: dict[str, list[str]] = _SCHEMA["kinds"]
_BULK: dict[str, int] = _SCHEMA["bulk"]
_OPERATION = re.compile(r"\b[A-Z_]{3,}\b")
#: How many lines are asked for where a whole file cannot be read.
_MANY = "150"
#: A rewritten file has to be so much shorter, as a share of its length.
_WORTH = 0.75


class Keeper(Protocol):
    """Who knows what still counts of the notes that grow with every step."""

    @property
    def bulk(self) -> Mapping[str, re.Pattern[str]]:
        """Kind of note to the form of its lines, for the kinds that can be written anew."""

    def whole(self, kind: str) -> list[str]:
        """All lines of a kind that still count."""


@functools.lru_cache(maxsize=64)
def _places(named: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Kind of note to file."""
    found = {kind: file for kind, words in _WORDS.items() if (file := _fitting(named, words))}
    other = found.get("other") or (named[0][0] if named else "")
    return {kind: found.get(kind, other) for kind in _WORDS} if other else {}


def _fitting(named: tuple[tuple[str, str], ...], words: list[str]) -> str | None:
    for part in (0, 1):  # names tell more than purposes
        for word in words:
            for pair in named:
                if word in pair[part].casefold():
                    return pair[0]
    return None


class Notebook:
    """The memory, as one conversation shows it.

    Args:
        prompt: The conversation.
    """

    def __init__(self, prompt: Prompt) -> None:
        rules = prompt.rules
        self._prompt = prompt
        self._offered = rules.operations
        self._files = _places(tuple((name, rules.files.get(name, "")) for name in prompt.files))
        self._known = read_answers(prompt)

    def forget(self) -> None:
        """Knows nothing any more, as one who has not looked."""
        self._known = {}

    def lines(self, kind: str) -> list[str]:
        """What is known of the file in which notes of a kind stand."""
        return self._of(self._files.get(kind, "")).lines

    def started(self, kind: str) -> bool:
        """Whether something stands where notes of a kind do."""
        file = self._files.get(kind, "")
        return bool(self._of(file).lines) or (bool(self._prompt.index) and self._holds(file))

    def _of(self, file: str) -> Known:
        return self._known.get(file) or Known()

    def lookups(self, wanted: Iterable[Lookup]) -> list[MemoryAction]:
        """The commands that show what is wanted and was not asked for yet."""
        by_file: dict[str, list[Lookup]] = {}
        for lookup in wanted:
            file = self._files.get(lookup.kind, "")
            if file and self._holds(file):
                by_file.setdefault(file, []).append(lookup)
        found: dict[MemoryAction, None] = {}
        for file, lookups in by_file.items():
            found |= dict.fromkeys(filter(None, self._commands(file, lookups)))
        return [command for command in found if command not in self._prompt.asked]

    def _holds(self, file: str) -> bool:
        index = self._prompt.index
        return not index or (file in index and index[file].lines > 0)

    def _commands(self, file: str, lookups: list[Lookup]) -> Iterator[MemoryAction | None]:
        read = any(lookup.how == "all" for lookup in lookups) and "READ" in self._offered
        if read:
            yield MemoryAction("READ", file)
            if not self._of(file).cut:
                return
            yield self._first(("TAIL",), file, _MANY)
        for lookup in lookups:
            if lookup.how == "with":
                yield self._first(("SEARCH", "READ", "TAIL"), file, lookup.text)
            elif not read:
                count = lookup.text if lookup.how == "last" else _MANY
                yield self._first(("TAIL", "READ"), file, count)

    def _first(self, choices: tuple[str, ...], file: str, text: str) -> MemoryAction | None:
        """A lookup with the first operation that is offered."""
        for op in choices:
            if op in self._offered:
                if op == "READ":
                    return MemoryAction(op, file)
                number = _MANY if op == "TAIL" and not text.isdigit() else text
                return MemoryAction(op, file, number)
        return None

    def writes(self, notes: Iterable[Note], keeper: Keeper) -> list[MemoryAction]:
        """The commands that write notes; facts that are known are left out."""
        by_file: dict[str, dict[str, Note]] = {}
        for note in notes:
            file = self._files.get(note.kind)
            text = " ".join(note.text.replace(END, "").split())
            if not file or not text or (not note.state and text in self._of(file).lines):
                continue
            new = by_file.setdefault(file, {})
            new.setdefault(text, note._replace(text=text))
        commands: list[MemoryAction] = []
        for file, new in by_file.items():
            rewritten = self._rewritten(file, list(new.values()), keeper)
            if rewritten is not None:
                commands.append(MemoryAction("WRITE", file, rewritten))
            else:
                commands += self._added(file, list(new))
        return commands

    def _added(self, file: str, lines: list[str]) -> list[MemoryAction]:
        text, known = "\n".join(lines), self._of(file)
        told = self._told(file)
        if told in self._prompt.rules.adders:
            return [MemoryAction(told, file, text)]
        if told == "UPSERT":
            return self._keyed(file, lines)
        if "APPEND" in self._offered:
            return [MemoryAction("APPEND", file, text)]
        if "WRITE" in self._offered and (known.whole or not self._holds(file)):
            return [MemoryAction("WRITE", file, "\n".join([*known.lines, text]))]
        if "UPSERT" in self._offered:
            return self._keyed(file, lines)
        return []

    def _told(self, file: str) -> str:
        """The operation that the purpose of a file names for writing into it; empty for none."""
        words = _OPERATION.findall(self._prompt.rules.files.get(file, ""))
        return next((word for word in words if word in self._offered), "")

    @staticmethod
    def _keyed(file: str, lines: list[str]) -> list[MemoryAction]:
        pairs = (line.partition(": ") for line in lines if "|" not in line)
        return [MemoryAction("UPSERT", file, rest, key) for key, colon, rest in pairs if colon]

    def _rewritten(self, file: str, new: list[Note], keeper: Keeper) -> str | None:
        """The file with what still counts; None where it need not or must not be rewritten."""
        kinds = [kind for kind in keeper.bulk if self._files.get(kind) == file]
        entry, known = self._prompt.index.get(file), self._of(file)
        if not kinds or entry is None or "WRITE" not in self._offered:
            return None
        if entry.chars <= min(_BULK[kind] for kind in kinds):
            return None
        others = (kind for kind in _WORDS if kind not in kinds and self._files[kind] == file)
        if not known.whole and any(kind != "other" for kind in others):
            return None
        kept = [line for line in known.lines if not _matches(line, keeper, kinds)]
        kept += [note.text for note in new if note.kind not in kinds]
        for kind in kinds:
            kept += keeper.whole(kind)
        text = "\n".join(dict.fromkeys(kept))
        return text if known.lines and len(text) <= _WORTH * entry.chars else None


def _matches(line: str, keeper: Keeper, kinds: list[str]) -> bool:
    return any(keeper.bulk[kind].match(line) for kind in kinds)

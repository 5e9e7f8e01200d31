"""Reads ``scaffold.toml``: which keys there are, and what each may hold."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from agents.scaffold.error import MOST_PROBLEMS
from agents.scaffold.limits import Limits
from agents.scaffold.routine import ROUTINES
from memory_fs import Quotas
from memory_fs.suggestion import did_you_mean

#: What a scaffold is called and where it comes from; nothing of it changes what a model sees.
IDENTITY = ("name", "game", "parent", "summary", "extends")
TABLES = ("limits", "quotas", "files", "routines")
KEYS = (*IDENTITY, "vocabulary", *TABLES)
_ROUTINE_KEYS = ("operations", "turns")
#: More turns, or larger quotas, are a slip.
_MOST_TURNS = 32
_MOST_QUOTA = 1_000_000_000
_MOST_WORDS = 64
_MOST_FILES = 200
_TEXT_CHARS = 2_000


class Manifest:
    """One ``scaffold.toml``, as far as it is valid.

    Args:
        text: The file.
        place: How it is called in messages.

    Attributes:
        data: Its valid entries.
        problems: What is wrong with the others.
    """

    def __init__(self, text: str, place: str) -> None:
        self.data: dict[str, Any] = {}
        self.problems: list[str] = []
        self._text = text
        self._place = place
        try:
            found = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self._blame_syntax(str(error))
        except (ValueError, RecursionError) as error:
            self.problems.append(f"{place}:1: is no valid TOML: {error}")
        else:
            self._take(found)

    def place(self, *keys: str) -> str:
        """File and line of an entry, as well as can be told."""
        return f"{self._place}:{_line(self._text, keys)}"

    def _blame_syntax(self, message: str) -> None:
        at = re.search(r" \(at line (\d+), column (\d+)\)", message)
        line = at[1] if at else str(self._text.count("\n") + 1)
        what = message.replace(at[0], f" in column {at[2]}") if at else message
        self.problems.append(f"{self._place}:{line}: is no valid TOML: {what}")

    def _wrong(self, keys: Iterable[str], what: str) -> None:
        keys = tuple(keys)
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(f"{self.place(*keys)}: {'.'.join(keys)} {what}")

    def _known(self, table: Mapping[str, Any], known: Iterable[str], *above: str) -> list[str]:
        known = list(known)
        for key in table:
            if key not in known and len(self.problems) < MOST_PROBLEMS:
                hint = did_you_mean(key, known)
                self._wrong((*above, key), f"is unknown.{hint} There are {', '.join(known)}")
        return [key for key in table if key in known]

    def _take(self, found: dict[str, Any]) -> None:
        for key in self._known(found, KEYS):
            value = found[key]
            if key in IDENTITY:
                self._take_text(self.data, (key,), value)
            elif key == "vocabulary":
                self._take_words(self.data, (key,), value)
            elif not isinstance(value, dict):
                self._wrong((key,), f"is a table: [{key}]")
            else:
                self.data[key] = getattr(self, f"_{key}")(value)

    def _limits(self, table: dict[str, Any]) -> dict[str, int]:
        ranges = Limits.ranges()
        kept: dict[str, int] = {}
        for key in self._known(table, ranges, "limits"):
            self._take_number(kept, ("limits", key), table[key], *ranges[key])
        return kept

    def _quotas(self, table: dict[str, Any]) -> dict[str, int]:
        kept: dict[str, int] = {}
        for key in self._known(table, (quota.name for quota in fields(Quotas)), "quotas"):
            self._take_number(kept, ("quotas", key), table[key], 1, _MOST_QUOTA)
        return kept

    def _files(self, table: dict[str, Any]) -> dict[str, str]:
        kept: dict[str, str] = {}
        if len(table) > _MOST_FILES:
            self._wrong(("files",), f"names {len(table):,} files; {_MOST_FILES} at most")
            return kept
        for key, value in table.items():
            self._take_text(kept, ("files", key), value)
        return kept

    def _routines(self, table: dict[str, Any]) -> dict[str, dict[str, Any]]:
        kept: dict[str, dict[str, Any]] = {}
        for name in self._known(table, ROUTINES, "routines"):
            entry = table[name]
            if not isinstance(entry, dict):
                self._wrong(("routines", name), f"is a table: [routines.{name}]")
                continue
            kept[name] = {}
            for key in self._known(entry, _ROUTINE_KEYS, "routines", name):
                where = ("routines", name, key)
                if key == "turns":
                    self._take_number(kept[name], where, entry[key], 1, _MOST_TURNS)
                else:
                    self._take_words(kept[name], where, entry[key])
        return kept

    def _take_text(self, kept: dict[str, Any], keys: tuple[str, ...], value: Any) -> None:
        if not isinstance(value, str) or "\n" in value or len(value) > _TEXT_CHARS:
            self._wrong(keys, f"is text in quotes, of one line, {_TEXT_CHARS:,} characters at most")
        else:
            kept[keys[-1]] = value

    def _take_number(
        self, kept: dict[str, Any], keys: tuple[str, ...], value: Any, least: int, most: int
    ) -> None:
        if type(value) is not int or not least <= value <= most:
            self._wrong(keys, f"is a whole number from {least:,} to {most:,}, not {value!r:.80}")
        else:
            kept[keys[-1]] = value

    def _take_words(self, kept: dict[str, Any], keys: tuple[str, ...], value: Any) -> None:
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            self._wrong(keys, 'is a list of operations, such as ["SEARCH", "READ"]')
        elif len(value) > _MOST_WORDS:
            self._wrong(keys, f"names {len(value):,} operations; {_MOST_WORDS} at most")
        elif len(set(value)) < len(value):
            self._wrong(keys, "names an operation twice")
        else:
            kept[keys[-1]] = tuple(value)


def _line(text: str, keys: tuple[str, ...]) -> int:
    """The line in which an entry stands; that of its table, or the first, where it is not found."""
    best = 1
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[([^\[\]]+)\]\s*(?:#|$)", line):
            table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            path = table
        elif assigned := re.match(r"""\s*("[^"]*"|'[^']*'|[\w.-]+)\s*=""", line):
            quoted = assigned[1][0] in "\"'"
            path = (*table, *([assigned[1][1:-1]] if quoted else assigned[1].split(".")))
        else:
            continue
        if path[: len(keys)] == keys:
            return number
        if path == keys[: len(path)]:
            best = number
    return best

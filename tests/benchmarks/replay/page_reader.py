"""Reads replay pages as their program does: what it would show can be compared with the trace."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

END, NEW, JUMP, KNOWN = 0, -1, -2, -3


class Tags(HTMLParser):
    """The tags of a page with their attributes, and the text of its scripts, by id."""

    def __init__(self, page: str):
        super().__init__()
        self.scripts: dict[str, str] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._inside: str | None = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside = dict(attrs).get("id") or "" if tag == "script" else None
        if self._inside is not None:
            assert self._inside not in self.scripts
            self.scripts[self._inside] = ""

    def handle_endtag(self, tag):
        self._inside = None

    def handle_data(self, data):
        if self._inside is not None:
            self.scripts[self._inside] += data


class Page:
    """A replay page.

    Args:
        text: The file.
    """

    def __init__(self, text: str):
        self.tags = Tags(text).tags
        self.scripts = Tags(text).scripts
        self.manifest = self.open("manifest")

    def open(self, name: str) -> Any:
        return json.loads(zlib.decompress(base64.b64decode(self.scripts[name], validate=True)))

    def overview(self, episode: dict[str, Any]) -> dict[str, list[Any]]:
        """By name, a value a turn."""
        rolled = self.open(f"data-{episode['overview']}")
        return {name: unrolled(values) for name, values in rolled.items()}

    def turns(self, episode: dict[str, Any]) -> Iterator[Shown]:
        for _, data, calls in episode["blocks"]:
            asked = [] if calls is None else self.open(f"data-{calls}")
            for n, turn in enumerate(Block(self.open(f"data-{data}")).turns()):
                turn.asked = asked[n] if n < len(asked) else []
                yield turn


def unrolled(runs: list[Any]) -> list[Any]:
    return [value for value, count in zip(runs[::2], runs[1::2], strict=True) for _ in range(count)]


@dataclass
class Shown:
    """A turn as the page shows it, and what there is after it."""

    texts: dict[str, str]
    files: dict[str, str]
    origins: dict[str, list[int]]
    action: str = ""
    commands: list[tuple[bool, str, str]] = field(default_factory=list)
    outcomes: list[str | None] = field(default_factory=list)
    events: list[tuple[str, str]] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)


class Lines:
    """The lines of a block, as its columns bring them."""

    def __init__(self) -> None:
        self.lines = [""]

    def read(
        self, column: Cursor, base: list[Any], fresh: Callable[[str], Any] = lambda line: line
    ) -> list[Any]:
        """Reads a text; what it keeps of the base is taken from there, whatever it is."""
        made: list[Any] = []
        place = 0
        kept = True
        while (number := column.next()) != END:
            kept = False
            if number > 0:
                made += base[place : place + number]
                place += number
            elif number == JUMP:
                place += column.next()
            else:
                if number == NEW:
                    self.lines.append(column.line())
                line = self.lines[-1 if number == NEW else KNOWN - number]
                made.append(fresh(line))
                place += 1
        return list(base) if kept else made

    def text(self, column: Cursor, base: str = "") -> str:
        return "\n".join(self.read(column, base.split("\n")))


class Cursor:
    """Reads a column."""

    def __init__(self, column: list[Any]):
        numbers, lines = column
        self._numbers, self._lines = iter(numbers), iter(lines)

    def next(self) -> int:
        return next(self._numbers)

    def line(self) -> str:
        return next(self._lines)

    @property
    def done(self) -> bool:
        return not [*self._numbers, *self._lines]


class Block:
    """The turns of a block."""

    def __init__(self, data: dict[str, Any]):
        self._data = data
        self._lines = Lines()
        names = ("files", "commands", "actions", "outcomes", "events")
        self._columns = {name: Cursor(data[name]) for name in names}
        self._texts = {name: Cursor(column) for name, column in data["texts"].items()}

    def turns(self) -> Iterator[Shown]:
        files, lines = self._columns["files"], self._lines
        now = Shown({}, {}, {})
        for _ in range(files.next()):
            name = lines.text(files)
            now.files[name] = lines.text(files)
            now.origins[name] = unrolled(self._data["origins"][name])
        now.texts = {name: lines.text(column) for name, column in self._texts.items()}
        for turn in range(self._data["first"], self._data["first"] + self._data["turns"]):
            now = self._turn(turn, now)
            yield now
        assert all(column.done for column in [*self._columns.values(), *self._texts.values()])

    def _turn(self, turn: int, old: Shown) -> Shown:
        lines, column = self._lines, self._columns
        now = Shown(dict(old.texts), dict(old.files), dict(old.origins))
        for _ in range(column["files"].next()):
            self._file(turn, lines.text(column["files"]), now)
        for _ in range(column["commands"].next()):
            done = column["commands"].next() == 1
            command = lines.text(column["commands"])
            like = column["commands"].next()
            base = now.files[lines.text(column["commands"])] if like else ""
            now.commands.append((done, command, lines.text(column["commands"], base)))
        for name, cursor in self._texts.items():
            base = old.texts[name]
            if name == "memory" and now.commands:
                base = "\n".join(answer for _, _, answer in now.commands)
            now.texts[name] = lines.text(cursor, base)
        begins = column["actions"].next()
        written = "".join(command for _, command, _ in now.commands) if begins else ""
        now.action = written + lines.text(column["actions"])
        told = column["outcomes"].next()
        now.outcomes = [lines.text(column["outcomes"]) if told & bit else None for bit in (1, 2, 4)]
        for _ in range(column["events"].next()):
            name = lines.text(column["events"])
            now.events.append((name, lines.text(column["events"])))
        return now

    def _file(self, turn: int, name: str, now: Shown) -> None:
        column = self._columns["files"]
        if not column.next():
            del now.files[name], now.origins[name]
            return
        old = now.files.get(name, "").split("\n")
        origins = now.origins.get(name, [0])
        both = self._lines.read(
            column, list(zip(old, origins, strict=True)), lambda line: (line, turn)
        )
        now.files[name] = "\n".join(line for line, _ in both)
        now.origins[name] = [origin for _, origin in both]

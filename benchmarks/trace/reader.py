"""Reads traces: rebuilds every turn as the agent met it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from agents import Event
from agents.backends.recorded import Asked
from agents.model import Call
from benchmarks.trace.calls import CallReader
from benchmarks.trace.commands import CommandReader, answers
from benchmarks.trace.delta import Delta, decode
from benchmarks.trace.recorder import SCHEMA
from benchmarks.trace.seal import EditedLineError, read_line, unseal

#: Versions that this one reads; the first ones had no checksums.
_READ = (1, 2, 3, SCHEMA)
_SEALED = 3
#: Bytes at a file's end in which its last line stands, if that says that the trace is complete.
_TAIL = 200


class TraceError(ValueError):
    """A trace that is no trace, or is damaged before its last line."""


@dataclass(frozen=True)
class Turn:
    """One turn, complete.

    Attributes:
        turn: Its number, from 1.
        action: The action as the agent gave it.
        observation: What ``env.step`` returned.
        reward: The reward.
        info: Its ``info``, without ``surroundings``.
        asked: What was asked of models on the way to the action, in order, with the calls that had
            no answer because the conversation did not fit.
        events: What else happened on the way to it.
        scene: What the game drew after the turn; empty where it draws no scenes, or none were
            recorded. Its kind, the first scene and the game's name stand in the header's ``scene``.
        files: The files that the turn changed (None: deleted), where an operation of the user's
            own changed the memory; None where the commands tell it all.
    """

    turn: int
    action: str
    observation: Mapping[str, str]
    reward: float
    info: Mapping[str, Any]
    asked: tuple[Asked, ...] = ()
    events: tuple[Event, ...] = ()
    scene: str = ""
    files: Mapping[str, str | None] | None = None

    @property
    def calls(self) -> tuple[Call, ...]:
        """The model calls that were answered."""
        return tuple(asked for asked in self.asked if isinstance(asked, Call))

    @property
    def commands(self) -> list[dict[str, Any]]:
        """The memory commands of the turn and their results."""
        found: list[dict[str, Any]] = self.info["commands"]
        return found


@dataclass
class _State:
    """What carries over from one record to the next."""

    schema: int
    answers: CommandReader
    texts: dict[str, str]
    facts: dict[str, Any] = field(default_factory=dict)
    scene: str = ""
    commands: list[dict[str, Any]] = field(default_factory=list)
    calls: CallReader | None = None
    ahead: list[Asked] = field(default_factory=list)
    asked: tuple[Asked, ...] = ()

    def apply(self, record: Mapping[str, Any]) -> None:
        if record.get("keyframe"):
            self.facts = {}
            self.answers.forget()
        self.commands = self.answers.read(record.get("commands", ()), record["action"])
        if self.commands and "memory" in self.texts:
            self.texts["memory"] = answers(self.commands, self.schema)
        for name, change in record.get("texts", {}).items():
            self.texts[name] = _changed(self.texts.get(name), change)
        if "scene" in record:
            self.scene = _changed(self.scene, record["scene"])
        for name in record.get("gone", ()):
            del self.facts[name]
        self.facts |= record.get("info", {})
        if self.calls is not None:
            self.asked = tuple(map(self._asked, record.get("calls", ())))
            self.ahead.clear()

    def _asked(self, told: str | Mapping[str, Any]) -> Asked:
        assert self.calls is not None
        if not isinstance(told, str):
            return self.calls.read(told)
        asked = self.ahead.pop(0)
        return replace(asked, routine=told) if isinstance(asked, Call) else asked


def _changed(old: str | None, change: str | Delta) -> str:
    """A text that was written whole, or as the difference to an old one."""
    if isinstance(change, str):
        return change
    if old is None:
        raise ValueError("a text differs from one that is not there")
    return decode(old, change)


class Trace:
    """A recorded episode. The file is read line by line; a long trace needs no memory.

    Args:
        path: The file.

    Attributes:
        header: The first line: ``episode``, ``texts``, ``info``, ``memory`` and ``scene``
            (the last two where the environment has them).
        torn: Whether the last line turned out to be cut short, as a killed process leaves it. Known
            when :meth:`turns` has come to the end; the turns before it are whole.
        complete: Whether the last line said that the episode was recorded to its end; likewise.
        unfinished: The model calls behind the last whole turn, which led to none; likewise.

    Raises:
        TraceError: The file holds no header that this version reads.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.torn = self.complete = False
        self.unfinished: tuple[Asked, ...] = ()
        with path.open("rb") as lines:
            first = lines.readline()
        header = read_line(first)
        if header is None or "schema" not in header:
            raise TraceError(f"{path} does not start with the header of a trace")
        if header["schema"] not in _READ:
            raise TraceError(
                f"{path} is a trace of schema {header['schema']}; this version reads "
                f"{', '.join(map(str, _READ))}"
            )
        self._parse = unseal if header["schema"] >= _SEALED else read_line
        self.header: dict[str, Any] = self._read(first, 1) or header

    @property
    def finished(self) -> bool:
        """Whether the last line says that the episode was recorded to its end; reads only that."""
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - _TAIL))
            *_, last = [b"", *file.readlines()]
        record = read_line(last)
        return record is not None and bool(record.get("complete"))

    def turns(self, more: Callable[[], bool] | None = None) -> Iterator[Turn]:
        """All turns, in order.

        Args:
            more: Called where the file comes to its end while the episode may be going on: waits
                a little, and tells whether to look for more. By default nothing is waited for.

        Raises:
            TraceError: A line before the last is damaged.
        """
        self.torn = self.complete = False
        self.unfinished = ()
        info = self.header["info"]
        scene = self.header.get("scene", {}).get("text", "")
        schema = self.header["schema"]
        state = _State(schema, CommandReader(schema), dict(self.header["texts"]), dict(info), scene)
        # What agents called calls before there were any is of no known form.
        state.calls = CallReader() if self.header["schema"] > 1 else None
        with self.path.open("rb") as lines:
            next(lines)
            for number, line in enumerate(_lines(lines, more), 2):
                record = self._read(line, number)
                if record is None:
                    # A power failure may leave more than a line, but none after it is whole.
                    if any(read_line(later) for later in lines):
                        raise TraceError(f"line {number} of {self.path} is damaged")
                    self.torn = True
                    return
                if record.get("complete"):
                    self.complete = True
                    return
                try:
                    if "asked" in record and state.calls is not None:
                        state.ahead.append(state.calls.read(record["asked"]))
                        self.unfinished = tuple(state.ahead)
                        continue
                    state.apply(record)
                except (IndexError, KeyError, TypeError, ValueError) as error:
                    raise TraceError(f"line {number} of {self.path}: {error!r}") from error
                self.unfinished = ()
                yield _turn(record, state)

    def _read(self, line: bytes, number: int) -> dict[str, Any] | None:
        try:
            return self._parse(line)
        except EditedLineError as error:
            raise TraceError(f"line {number} of {self.path} cannot be used: {error}") from error


def _lines(file: BinaryIO, more: Callable[[], bool] | None) -> Iterator[bytes]:
    """The lines of a file that may be growing; the last one is cut short where its writer died."""
    held = b""
    while True:
        held += file.readline()
        if held.endswith(b"\n"):
            yield held
            held = b""
        elif more is None or not more():
            if held:
                yield held
            return


def _turn(record: Mapping[str, Any], state: _State) -> Turn:
    return Turn(
        turn=record["turn"],
        action=record["action"],
        observation=dict(state.texts),
        reward=record["reward"],
        info={**state.facts, "turn": record["turn"], "commands": state.commands},
        asked=state.asked,
        events=tuple(Event(*event) for event in record.get("events", ())),
        scene=state.scene,
        files=record.get("files"),
    )

"""Writes the trace of an episode while it is played, a line a turn.

Lines are written several at once: between the steps of a game everything takes several times as
long, because the game has filled the processor's caches. A turn that models were asked for is on
the disk when :meth:`Recorder.turn` returns; so is one that comes late after the last writing. The
others wait for the next of these, or for the end.

The first line is the header: the schema, the episode, what ``env.reset`` returned, and the memory's
first files. Each further line is a turn, before which stand the model calls that led to it, a line
each; what is as it was is left out, and every
:data:`KEYFRAME_TURNS` turns a line holds all. The last line says that the trace is complete.

Where a game draws scenes, the header has ``scene`` with ``kind``, ``game`` and the first one's
``text``, and a turn has ``scene``: what changed in it, or all of it in a complete line.

The memory is not recorded: the commands of the turns are its journal. Only what an operation of the
user's own changes is, because a reader may not have that operation.

Model calls stand in the record of the turn that they led to. Their texts refer to earlier lines,
also across keyframes; see :mod:`benchmarks.trace.texts`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from agents import Event
from agents.backends.recorded import Asked
from benchmarks.episode import Episode
from benchmarks.scenery import Scenery
from benchmarks.trace.calls import CallWriter
from benchmarks.trace.changes import changed_files
from benchmarks.trace.commands import CommandWriter, answers
from benchmarks.trace.delta import Changing, encode
from benchmarks.trace.encoding import encode_record, encode_text
from benchmarks.trace.seal import seal
from memory_fs import FileEntry, MemoryStore

#: Version 1 knew no model calls, version 2 no checksums, version 3 wrote commands at length.
SCHEMA = 4
#: Name of the trace in the folder of an episode.
TRACE = "trace.jsonl"
#: Turns from one complete record to the next.
KEYFRAME_TURNS = 100
#: Most turns, and seconds, that are kept before they are written. A process that is killed loses
#: them, and plays them again.
_KEPT_TURNS, _KEPT_SECONDS = 64, 0.1
#: Entries of ``info`` with a place of their own in a record, and ``surroundings``, which the
#: observation tells as well.
APART = frozenset({"turn", "commands", "surroundings"})
_SCALARS = frozenset((str, int, float, bool, type(None)))


def written(command: str) -> str:
    """The operation of a recorded command: its block, or the bare name of a malformed one."""
    return command.removeprefix("<|").partition("|>")[0]


class _Kept(NamedTuple):
    """A turn that is not written yet.

    Attributes:
        head: The beginning of its record.
        keyframe: Whether its record holds all.
        scene: Draws its scene.
        observation: What was observed.
        commands: The memory commands, with what they answered.
        files: The files that changed, where commands do not tell it.
        facts: The entries of ``info`` that changed.
        gone: Those that are no more.
        asked: The calls that led to it, as they stand in the record.
        events: What else happened.
    """

    head: dict[str, Any]
    keyframe: bool
    scene: Callable[[], str] | None
    observation: Mapping[str, str]
    commands: list[dict[str, Any]]
    files: dict[str, str | None] | None
    facts: dict[str, Any]
    gone: list[str]
    asked: list[Any]
    events: list[list[str]]


class Recorder:
    """Records one episode.

    Args:
        path: The file to write; one that is there is replaced.
    """

    def __init__(self, path: Path) -> None:
        # Never the same file again: a worker whose driver was killed may write to it for a moment.
        path.unlink(missing_ok=True)
        self._file = path.open("xb")
        self._turn = 0
        self._texts: dict[str, Changing] = {}
        self._facts: dict[str, Any] = {}
        self._commands = CommandWriter()
        self._scenery: Scenery | None = None
        self._scene = Changing("")
        self._kept: list[_Kept] = []
        self._written_at = time.monotonic()
        self._memory: MemoryStore | None = None
        self._custom: frozenset[str] = frozenset()
        self._entries: tuple[FileEntry, ...] = ()
        self._calls = CallWriter()
        self._ahead: list[Asked] = []

    def start(
        self,
        episode: Episode,
        observation: Mapping[str, str],
        info: Mapping[str, Any],
        memory: MemoryStore | None,
        span: int | None = None,
        scenery: Scenery | None = None,
    ) -> None:
        """Writes the header.

        Args:
            episode: The specification of the episode.
            observation: What ``env.reset`` returned.
            info: Its ``info``.
            memory: The memory of the episode, where it has one.
            span: Game steps for which it lasts; None for the whole episode.
            scenery: Draws the scenes to record, after the reset and after every turn.
        """
        header: dict[str, Any] = {
            "schema": SCHEMA,
            "digest": episode.digest,
            "episode": asdict(episode),
            "texts": dict(observation),
            "info": {key: info[key] for key in info if key not in APART},
        }
        if memory is not None:
            self._memory = memory
            self._custom = frozenset(op.name for op in memory.config.operations)
            self._entries = memory.files()
            header["memory"] = {
                "files": {entry.name: memory.read(entry.name) for entry in self._entries},
                "quotas": asdict(memory.config.quotas),
                "span": span,
            }
        if scenery is not None:
            self._scenery, self._scene = scenery, Changing(scenery.hold()())
            game = info.get("game", "")
            header["scene"] = {"kind": scenery.kind, "game": game, "text": self._scene.text}
        self._write(header)
        self._texts = {name: Changing(text) for name, text in observation.items()}
        self._news(info)

    def call(self, asked: Asked) -> None:
        """Writes a model call on a line of its own, before the turn that it leads to.

        So it is not lost when the turn never ends.

        Args:
            asked: The call.
        """
        self._write_kept()
        self._write({"asked": self._calls.write(asked)})
        self._ahead.append(asked)

    def turn(
        self,
        action: str,
        observation: Mapping[str, str],
        reward: float,
        info: Mapping[str, Any],
        calls: Iterable[Asked] = (),
        events: Iterable[Event] = (),
    ) -> None:
        """Writes one turn.

        Args:
            action: The action as the agent gave it.
            observation: What ``env.step`` returned.
            reward: The reward.
            info: The ``info`` of the turn.
            calls: The model calls that led to the action, in order; first those that were written
                by :meth:`call`, which here say what they were for.
            events: What else happened on the way to it.

        Raises:
            TypeError: A call is none.
        """
        self._turn += 1
        keyframe = self._turn % KEYFRAME_TURNS == 0
        if keyframe:
            self._facts = {}
        commands = info.get("commands") or []
        asked = self._told(list(calls))
        # What may change with the next step is looked at now.
        kept = _Kept(
            {"turn": self._turn, "action": action, "reward": reward},
            keyframe,
            None if self._scenery is None else self._scenery.hold(),
            dict(observation),
            [dict(done) for done in commands],
            self._changed(commands) if commands else None,
            *self._news(info),
            asked,
            [[event.name, event.detail] for event in events],
        )
        self._kept.append(kept)
        late = time.monotonic() - self._written_at > _KEPT_SECONDS
        if asked or late or len(self._kept) == _KEPT_TURNS:
            self._write_kept()

    def finish(self) -> None:
        """Writes the last line, which makes the trace complete."""
        self._write_kept()
        self._write({"complete": True, "turns": self._turn})

    def close(self) -> None:
        """Closes the file; may be called twice."""
        try:
            self._write_kept()
        finally:
            self._file.close()

    def _write(self, *records: Mapping[str, Any]) -> None:
        self._file.write(b"".join(seal(encode_record(record)) for record in records))
        self._file.flush()

    def _write_kept(self) -> None:
        """Writes the turns that are kept."""
        # Forgotten first: after a failure, the trace ends before them.
        kept, self._kept = self._kept, []
        if kept:
            self._write(*map(self._record, kept))
        self._written_at = time.monotonic()

    def _record(self, kept: _Kept) -> dict[str, Any]:
        """A turn as plain data: what has changed since the one before, or all of a keyframe."""
        record = kept.head
        if kept.keyframe:
            record["keyframe"] = True
            self._texts = {}
            self._commands.forget()
        if kept.scene is not None:
            self._draw(kept.scene(), record)
        if kept.commands:
            record["commands"] = self._commands.write(kept.commands, record["action"])
        if kept.files is not None:
            record["files"] = kept.files
        parts = {
            "texts": self._show(kept.observation, kept.commands),
            "info": kept.facts,
            "gone": kept.gone,
            "calls": kept.asked,
            "events": kept.events,
        }
        return record | {name: part for name, part in parts.items() if part}

    def _told(self, calls: list[Asked]) -> list[Any]:
        """The calls of a turn: of those that are written, what they were for."""
        if not calls and not self._ahead:
            return []
        ahead, self._ahead = self._ahead, []
        if [(call.role, call.seed) for call in calls[: len(ahead)]] != [
            (call.role, call.seed) for call in ahead
        ]:
            raise ValueError("the calls of the turn do not begin with those that were written")
        return [
            *(getattr(call, "routine", "") for call in calls[: len(ahead)]),
            *map(self._calls.write, calls[len(ahead) :]),
        ]

    def _show(
        self, observation: Mapping[str, str], commands: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """The texts that changed: whole where there is no old one, else as a delta."""
        shown: dict[str, Any] = {}
        for name, text in observation.items():
            old = self._texts.get(name)
            if old is None:
                self._texts[name] = Changing(text)
                shown[name] = text
            elif name == "memory" and commands:
                # What the commands answered stands in the record already.
                told = answers(commands, SCHEMA)
                if told != text:
                    shown[name] = encode(told, text)
                old.text = text
            elif old.text != text:
                shown[name] = old.change(text)
        return shown

    def _draw(self, scene: str, record: dict[str, Any]) -> None:
        """Puts the scene into a record, where it changed: whole in a complete one."""
        if record.get("keyframe"):
            self._scene = Changing(scene)
            record["scene"] = scene
        elif scene != self._scene.text:
            record["scene"] = self._scene.change(scene)

    def _news(self, info: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The entries of ``info`` that are not as they were, and those that are no more."""
        news: dict[str, Any] = {}
        facts = self._facts
        kept = 0
        for name, value in info.items():
            if name in APART:
                continue
            kept += 1
            # Containers may hold arrays, which do not compare; their text does.
            state = value if type(value) in _SCALARS else encode_text(value)
            if name not in facts or facts[name] != state:
                facts[name] = state
                # The text again as data, because a game may go on writing into a container.
                news[name] = value if state is value else json.loads(state)
        if len(facts) == kept:
            return news, []
        gone = [name for name in facts if name not in info]
        for name in gone:
            del facts[name]
        return news, gone

    def _changed(self, commands: list[dict[str, Any]]) -> dict[str, str | None] | None:
        """The files that a turn changed (None: deleted), if an operation of the user's own ran."""
        if self._memory is None or not self._custom:
            return None
        before, self._entries = self._entries, self._memory.files()
        if not any(done["ok"] and written(done["command"]) in self._custom for done in commands):
            return None
        return {
            name: self._memory.read(name) if there else None
            for name, there in changed_files(before, self._entries).items()
        }

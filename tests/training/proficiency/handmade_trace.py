"""Traces that are written by hand, answer by answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agents import Event
from agents.model import Call, Completion, Message
from benchmarks.episode import Episode
from benchmarks.trace import Recorder, Trace
from memory_fs import OPERATIONS, MemoryAction, MemoryConfig, MemoryStore, parse
from training.proficiency.reading import read_turns
from training.proficiency.turn import Turn

ACTIONS = ["west", "east", "pick up"]
EPISODE = Episode("Hand-v0", 3, scaffold="s", scaffold_source="generic/v0")


class HandmadeTrace:
    """An episode of an agent that is not played, but written down.

    Args:
        path: The file.
        files: The memory at the start.
    """

    def __init__(self, path: Path, **files: str) -> None:
        self._path = path
        self._store = MemoryStore(
            MemoryConfig(files={f"{name}.md": text for name, text in files.items()})
        )
        self._recorder = Recorder(path)
        self._turn = self._step = 0
        self._talk: list[Message] = []
        info = {"game": "Hand", "game_step": 0, "actions": ACTIONS}
        self._recorder.start(EPISODE, {"observation": "0"}, info, self._store)

    def turn(
        self,
        routine: str,
        *texts: str,
        acted: str = "",
        progression: float = 0.0,
        shows: str = "",
        events: Sequence[tuple[str, str]] = (),
        sent: str | None = None,
        role: str = "agent",
        stop: str = "end",
    ) -> None:
        """Adds a turn: its answers, of which the commands of the last are sent."""
        self._turn += 1
        calls = []
        for text in texts:
            messages = (Message("system", "s"), *self._talk, Message("user", "now"))
            calls.append(Call(role, routine, "m", 1, messages, Completion(text, stop_reason=stop)))
            self._talk += [Message("user", "now"), Message("assistant", text)]
        done = []
        actions = parse(texts[-1] if sent is None else sent)
        actions = [it for it in actions if isinstance(it, MemoryAction)]
        for place, action in enumerate(actions):
            result = self._store.execute(action, self._turn, place)
            done.append({"command": str(action), "ok": result.ok, "result": result.text})
        self._step += bool(acted)
        info = {"game_step": self._step, "progression": progression, "commands": done}
        if acted:
            self._talk = []
            info["executed_action"] = acted
        action = "\n".join(it["command"] for it in done)
        shown = {"observation": shows or str(self._step)}
        told = [Event(*event) for event in events]
        self._recorder.turn(action, shown, 0.0, info, calls, told)

    def read(self, progression: float = 0.5, rank: float = 0.5) -> list[Turn]:
        """The answers, as they are read."""
        self._recorder.finish()
        self._recorder.close()
        self._store.close()
        return read_turns(Trace(self._path), EPISODE, OPERATIONS, progression, rank)

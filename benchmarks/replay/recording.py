"""A recorded episode as the replay page holds it: an overview, and blocks of turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.replay.block import Block
from benchmarks.replay.conversations import Conversations
from benchmarks.replay.memory_track import MemoryTrack
from benchmarks.replay.overview import Overview
from benchmarks.trace import Trace, TraceError

#: Puts plain data into the page; returns the number under which it stands there.
Store = Callable[[Any], int]
#: Name of the game's scene among the texts of a turn.
SCENE = "scene"


class Recording:
    """Puts a trace into the page. It is read once, turn by turn, so a long one needs no memory.

    Args:
        trace: The trace; an unfinished or damaged one is put there as far as it goes.
        store: Takes what is to be put there.

    Attributes:
        problem: What is wrong with the trace; empty where nothing is.
    """

    def __init__(self, trace: Trace, store: Store) -> None:
        self.problem = ""
        self._trace = trace
        self._store = store
        self._overview = Overview()
        self._blocks: list[list[int | None]] = []

    def write(self) -> dict[str, Any]:
        """Puts it there.

        Returns:
            Plain data: ``turns`` and ``steps``, how many there are; ``overview``, where
            :meth:`Overview.data` stands; ``blocks``, for each the number of its first turn, where
            its data stand, and where the model calls of its turns do (None where there are none).
        """
        with MemoryTrack(self._trace.header) as memory:
            try:
                self._write_blocks(memory)
            except TraceError as error:
                self.problem = str(error)
        if not (self._trace.complete or self.problem):
            self.problem = "the recording stops before the end"
        return {
            "turns": self._overview.turns,
            "steps": self._overview.game_steps,
            "overview": self._store(self._overview.data()),
            "blocks": self._blocks,
        }

    def _write_blocks(self, memory: MemoryTrack) -> None:
        header = self._trace.header
        texts = _seen(header["texts"], header.get("scene", {}).get("text", ""))
        block, calls = Block(1, texts, memory.files, memory.origins), Conversations()
        try:
            for turn in self._trace.turns():
                if block.full or calls.full:
                    self._end(block, calls)
                    block = Block(turn.turn, texts, memory.files, memory.origins)
                    calls = Conversations()
                texts = _seen(turn.observation, turn.scene)
                changes = memory.apply(turn)
                block.add(turn, texts, changes, memory.files)
                calls.add(turn.asked)
                self._overview.add(turn)
        finally:
            # Also where the trace is damaged: what was read until then is shown. The calls of a
            # turn that never ended stand behind those of the last one that did.
            calls.add(self._trace.unfinished)
            self._end(block, calls)

    def _end(self, block: Block, calls: Conversations) -> None:
        asked = self._store(calls.turns) if calls.any else None
        self._blocks.append([block.first, self._store(block.data()), asked])


def _seen(observation: Mapping[str, str], scene: str) -> dict[str, str]:
    """All that is to be seen of a moment, by name."""
    return {**observation, SCENE: scene}

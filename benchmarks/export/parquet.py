"""A run as Parquet tables, for analysis: ``episodes``, ``turns`` and ``calls``.

Rows of the three belong together by ``digest``; calls belong to turns by ``turn`` too. What has no
column of its own stands in ``info`` or ``result`` as JSON. Lone surrogates, which models do write
and UTF-8 cannot hold, become question marks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from benchmarks.episode import Episode
from benchmarks.run_directory import RunDirectory
from benchmarks.trace import Trace, Turn

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows that are written at once: what has to be in memory.
_ROWS = 500


def write_parquet(run: RunDirectory, out: Path) -> int:
    """Writes the finished episodes.

    Args:
        run: The run.
        out: The folder, in which ``episodes.parquet``, ``turns.parquet`` and ``calls.parquet`` are
            made.

    Returns:
        How many episodes there are.

    Raises:
        ImportError: pyarrow is not installed.
        TraceError: A trace is damaged.
        OSError: A file cannot be read or written.
    """
    schemas = _schemas()
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    with (
        _Table(out / "episodes.parquet", schemas["episodes"]) as episodes,
        _Table(out / "turns.parquet", schemas["turns"]) as turns,
        _Table(out / "calls.parquet", schemas["calls"]) as calls,
    ):
        for episode, result in run.results():
            if result is None or result.error:
                continue
            count += 1
            told = result.to_json()
            known = {name: value for name, value in told.items() if name in episodes.columns}
            episodes.add({**known, "agent": episode.agent, "result": told})
            for turn in Trace(run.trace(episode)).turns():
                turns.add(_turn(episode, turn))
                for row in _calls(episode, turn):
                    calls.add(row)
    return count


def _turn(episode: Episode, turn: Turn) -> dict[str, Any]:
    info = {name: value for name, value in turn.info.items() if name != "commands"}
    return {
        **_key(episode),
        "turn": turn.turn,
        "game_step": info.get("game_step"),
        "action": turn.action,
        "executed_action": info.get("executed_action"),
        "invalid_action": info.get("invalid_action"),
        "reward": turn.reward,
        "progression": info.get("progression"),
        **{name: turn.observation.get(name) for name in ("observation", "status", "memory")},
        "commands": turn.commands,
        "events": [[event.name, event.detail] for event in turn.events],
        "info": info,
    }


def _calls(episode: Episode, turn: Turn) -> Iterator[dict[str, Any]]:
    for number, call in enumerate(turn.calls):
        done = call.completion
        yield {
            **_key(episode),
            "turn": turn.turn,
            "number": number,
            "role": call.role,
            "routine": call.routine,
            "model": call.model,
            "messages": [[message.role, message.text] for message in call.messages],
            "answer": done.text,
            "stop_reason": done.stop_reason,
            "input_tokens": done.usage.input_tokens,
            "cached_tokens": done.usage.cached_tokens,
            "output_tokens": done.usage.output_tokens,
            "latency": done.latency,
        }


def _key(episode: Episode) -> dict[str, Any]:
    return {
        "digest": episode.digest,
        "env_id": episode.env_id,
        "seed": episode.seed,
        "repeat": episode.repeat,
    }


def _schemas() -> Mapping[str, pa.Schema]:
    try:
        import pyarrow as pa
    except ImportError as error:
        raise ImportError("Parquet needs pyarrow: pip install 'automem-gym[parquet]'") from error
    key = {"digest": pa.string(), "env_id": pa.string(), "seed": pa.int64(), "repeat": pa.int64()}
    text, whole, real = pa.string(), pa.int64(), pa.float64()
    return {
        "episodes": pa.schema(
            {
                **key,
                "agent": text,
                "game": text,
                "progression": real,
                "episode_return": real,
                "game_steps": whole,
                "turns": whole,
                "seconds": real,
                "episode_end": text,
                "invalid_actions": whole,
                "result": text,
            }
        ),
        "turns": pa.schema(
            {
                **key,
                "turn": whole,
                "game_step": whole,
                "action": text,
                "executed_action": text,
                "invalid_action": text,
                "reward": real,
                "progression": real,
                "observation": text,
                "status": text,
                "memory": text,
                "commands": text,
                "events": text,
                "info": text,
            }
        ),
        "calls": pa.schema(
            {
                **key,
                "turn": whole,
                "number": whole,
                "role": text,
                "routine": text,
                "model": text,
                "messages": text,
                "answer": text,
                "stop_reason": text,
                "input_tokens": whole,
                "cached_tokens": whole,
                "output_tokens": whole,
                "latency": real,
            }
        ),
    }


class _Table:
    """A Parquet file that is written in pieces."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        self.columns = frozenset(schema.names)
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []

    def add(self, row: Mapping[str, Any]) -> None:
        """Adds a row; entries that are no texts where texts belong become JSON."""
        self._rows.append({name: _plain(value) for name, value in row.items()})
        if len(self._rows) == _ROWS:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            self._rows = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._flush()
        self._writer.close()


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(value) if isinstance(value, list | tuple | dict) else value

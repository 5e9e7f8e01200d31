"""Memory commands and what they answered, as they stand in the record of a turn.

A command is written as ``[what, answer]``, one that was refused as ``[what, answer, false]``. Most
stand in the turn's action word for word, and are written as the place there, ``[start, length]``.
Long answers are written as the difference to what the same command answered last: agents read the
same file again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.trace.delta import Changing, Delta, decode

#: Length in characters from which an answer is written as a difference, and the one that traces
#: were written with before schema 4.
LONG, LONG_BEFORE_4 = 100, 200


class CommandWriter:
    """Writes the commands of one trace, in order."""

    def __init__(self) -> None:
        self._results: dict[str, Changing] = {}

    def forget(self) -> None:
        """Begins anew: what comes now can be read without what came before."""
        self._results.clear()

    def write(self, commands: Iterable[Mapping[str, Any]], action: str) -> list[Any]:
        """The commands of a turn as plain data.

        Args:
            commands: ``info["commands"]``.
            action: The action of the turn.
        """
        return [self._one(done, action) for done in commands]

    def _one(self, done: Mapping[str, Any], action: str) -> Any:
        command, result = done["command"], done["result"]
        change: str | Delta = result
        if len(result) >= LONG:
            old = self._results.get(command)
            if old is None:
                self._results[command] = Changing(result)
            else:
                change = old.change(result)
        if len(done) != 3 or "ok" not in done:  # an environment of the user's own tells more
            return {**done, "result": change}
        start = action.find(command)
        written = command if start < 0 else [start, len(command)]
        return [written, change] if done["ok"] is True else [written, change, done["ok"]]


class CommandReader:
    """Reads the commands of one trace, in order.

    Args:
        schema: The trace's.
    """

    def __init__(self, schema: int) -> None:
        self._long = LONG if schema >= 4 else LONG_BEFORE_4
        self._results: dict[str, str] = {}

    def forget(self) -> None:
        """Begins anew, as the writer did."""
        self._results.clear()

    def read(self, written: Sequence[Any], action: str) -> list[dict[str, Any]]:
        """Reads what :meth:`CommandWriter.write` gave.

        Raises:
            KeyError: An answer differs from one that is not there.
            TypeError: Something is of the wrong type.
            ValueError: A delta does not fit, or a command is no list of two or three.
        """
        return [self._one(done, action) for done in written]

    def _one(self, done: Any, action: str) -> dict[str, Any]:
        if not isinstance(done, dict):
            what, change, *refused = done
            if not isinstance(what, str):
                start, length = what
                what = action[start : start + length]
            done = {"command": what, "ok": refused[0] if refused else True, "result": change}
        command, result = done["command"], done["result"]
        if isinstance(result, list):
            result = decode(self._results[command], result)
        if len(result) >= self._long:
            self._results[command] = result
        return {**done, "result": result}


def answers(commands: Iterable[Mapping[str, Any]], schema: int) -> str:
    """What the ``memory`` text of a turn most likely is; what it is, is written as the difference.

    Args:
        commands: The commands of the turn.
        schema: The trace's.
    """
    if schema < 4:
        return "\n".join(done["result"] for done in commands)
    return "\n".join(_answer(done) for done in commands)


def _answer(done: Mapping[str, Any]) -> str:
    """Nearly as :class:`memory_fs.Result` words it, without parsing the command."""
    operation, _, fields = done["command"].removeprefix("<|").partition("|>")
    file, _, rest = fields.removesuffix("<|END|>").partition("|")
    about = f"{operation} {file}" if file else operation
    if operation == "UPSERT":
        about = f"{about} {rest.partition('|')[0]}"
    elif operation in ("SEARCH", "COUNT"):
        about = f"{about} {rest!r}"
    return f"{about}: {'' if done['ok'] else 'refused: '}{done['result']}"

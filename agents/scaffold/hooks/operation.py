"""Memory operations that hooks do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agents.scaffold.error import ScaffoldHookError
from agents.scaffold.hooks.runner import TABLE, HookRunner, call_hook
from memory_fs import MemoryAction, Operation, Refused, TextFiles
from memory_fs.action import FIELDS
from memory_fs.suggestion import did_you_mean

_KEYS = {"fields": list, "summary": str, "mutates": bool}


def operations(runner: HookRunner) -> tuple[Operation, ...]:
    """The operations that a scaffold's ``OPERATIONS`` defines.

    Raises:
        ScaffoldHookError: One is none.
    """
    if TABLE not in runner.defined():
        return ()
    table = runner.table()
    if not isinstance(table, dict):
        raise ScaffoldHookError(f"{TABLE} is a table by name, not {table!r:.80}")
    if table and "run_operation" not in runner.defined():
        raise ScaffoldHookError(f"{TABLE} needs run_operation(name, key, text, content)")
    return tuple(_operation(runner, name, entry) for name, entry in table.items())


def _operation(runner: HookRunner, name: str, entry: Any) -> Operation:
    if not isinstance(entry, dict) or not all(
        isinstance(entry.get(key), kind) for key, kind in _KEYS.items()
    ):
        raise ScaffoldHookError(
            f"{TABLE}[{name!r}] is {entry!r:.200}; it has fields (a list), summary (text) and "
            "mutates (True or False)"
        )
    for key in entry.keys() - _KEYS.keys():
        hint = did_you_mean(key, _KEYS)
        raise ScaffoldHookError(f"{TABLE}[{name!r}] has {key!r}, which is unknown.{hint}")
    if name in FIELDS:
        raise ScaffoldHookError(f"{TABLE} names {name}, which is there already")
    run = HookOperation(runner, name, "file" in entry["fields"], entry["mutates"])
    try:
        fields = tuple(map(str, entry["fields"]))
        return Operation(name, fields, entry["summary"], run, entry["mutates"])
    except ValueError as error:
        raise ScaffoldHookError(f"{TABLE}: {error}") from None


@dataclass(frozen=True)
class HookOperation:
    """A memory operation that a hook does.

    Attributes:
        runner: Where the hook runs.
        name: Name of the operation.
        names_file: Whether it takes a file.
        mutates: Whether it may change that file.
    """

    runner: HookRunner
    name: str
    names_file: bool
    mutates: bool

    def __call__(self, files: TextFiles, action: MemoryAction) -> str:
        """Does it; see :class:`memory_fs.Operation`."""
        names = [entry.name for entry in files.files()]
        file = action.file.strip()
        old = files.read(file) if self.names_file and file in names else None
        try:
            done = call_hook(self.runner, "run_operation", self.name, action.key, action.text, old)
        except ScaffoldHookError as error:
            raise Refused(str(error)) from error
        new = done.get("content")
        if new is not None and new != old:
            if not (self.names_file and self.mutates):
                raise Refused(
                    f"the hook of {self.name} returned a new content, and may change none"
                )
            files.write(file, new)
        result: str = done["result"]
        return result[: files.quotas.result_chars]

"""The operations as tools with JSON schemas, for models with function calling."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from memory_fs.action import MemoryAction
from memory_fs.operation import OPERATIONS, Operation
from memory_fs.refusal import Refused
from memory_fs.suggestion import did_you_mean

PREFIX = "memory_"
_FIELDS = {
    "file": "Name of the file, such as notes.md or maps/level-1.md.",
    "key": "The key; the file keeps one line for it.",
}
_TEXTS = {
    "SEARCH": ("query", "Keyword; a|b: either, a & b: both, a ~2: with 2 lines around each."),
    "COUNT": ("query", "Keyword, as for a search."),
    "TAIL": ("lines", "How many lines, from 1."),
}
_TEXT = ("text", "The text.")
_KINDS = {str: "text", int: "a number"}


def tools(
    operations: Mapping[str, Operation] = OPERATIONS,
    form: Literal["messages", "chat-completions"] = "messages",
) -> list[dict[str, Any]]:
    """Describes operations as tools.

    Args:
        operations: The operations, by name; ``store.config.table`` gives those of a store.
        form: How the API wants a tool: ``messages`` (``name``, ``description``, ``input_schema``)
            or ``chat-completions`` (``type: function`` around ``name``, ``description``,
            ``parameters``).
    """
    made = []
    for operation in operations.values():
        properties = {}
        for taken in operation.fields:
            name, description = _argument(operation.name, taken)
            kind = "integer" if name == "lines" else "string"
            properties[name] = {"type": kind, "description": description}
        schema = {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
        name = f"{PREFIX}{operation.name.lower()}"
        description = f"The memory: {operation.summary}."
        if form == "messages":
            made.append({"name": name, "description": description, "input_schema": schema})
        else:
            function = {"name": name, "description": description, "parameters": schema}
            made.append({"type": "function", "function": function})
    return made


def to_action(
    name: str,
    arguments: Mapping[str, Any] | str,
    operations: Mapping[str, Operation] = OPERATIONS,
) -> MemoryAction:
    """Reads a call that a model made.

    Args:
        name: The tool's name.
        arguments: Its arguments; text is read as JSON.
        operations: The operations that were offered.

    Raises:
        Refused: There is no such tool, or the arguments are not those of the tool; the message is
            for the model.
    """
    names = {f"{PREFIX}{op.lower()}": op for op in operations}
    if name not in names:
        raise Refused(f"there is no tool {name}.{did_you_mean(name, names)}")
    operation = operations[names[name]]
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments or "{}")
        except (ValueError, RecursionError) as error:
            raise Refused(f"the arguments of {name} are no JSON: {error}") from None
    wanted = {_argument(operation.name, taken)[0]: taken for taken in operation.fields}
    if not isinstance(arguments, Mapping) or set(arguments) != set(wanted):
        raise Refused(f"{name} takes the arguments {', '.join(wanted) or '(none)'}")
    for argument in wanted:
        value = arguments[argument]
        kind = int if argument == "lines" else str
        if isinstance(value, bool) or not isinstance(value, kind | str):
            raise Refused(f"{argument} is {_KINDS[kind]}, not {value!r:.40}")
    values = {taken: str(arguments[argument]) for argument, taken in wanted.items()}
    try:
        return MemoryAction(operation.name, **values)
    except ValueError as error:
        raise Refused(str(error)) from None


def _argument(operation: str, taken: str) -> tuple[str, str]:
    """Name and description of the argument for a field."""
    return _TEXTS.get(operation, _TEXT) if taken == "text" else (taken, _FIELDS[taken])

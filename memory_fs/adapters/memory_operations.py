r"""The memory tool's commands as operations of a vocabulary, so that each is a turn like any other.

    config = MemoryConfig(vocabulary=[op.name for op in OPERATIONS], operations=OPERATIONS)
    action = to_action({"command": "create", "path": "/memories/map.md", "file_text": "..."})

A command's path stands in the action's file, everything else that a model wrote as JSON in its
text. So the action can be printed and read back whatever that was: ``|``, line breaks, marks such
as ``<|END|>``, other types than text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from memory_fs.action import MemoryAction
from memory_fs.adapters.memory_commands import COMMANDS, MemoryCommands, command_of
from memory_fs.operation import Operation
from memory_fs.texts import TextFiles

#: Command to the name of its operation. Two are not named as the tool names them, because the
#: operations CREATE and DELETE are there already, and do something else.
NAMES = {
    "view": "VIEW",
    "create": "CREATE_FILE",
    "str_replace": "STR_REPLACE",
    "insert": "INSERT",
    "delete": "DELETE_PATH",
    "rename": "RENAME",
}
_COMMANDS = {name: command for command, name in NAMES.items()}
_SUMMARIES = {
    "view": "a file with numbered lines, or the files in a folder",
    "create": "make a new file with a text",
    "str_replace": "replace a text that stands once in a file",
    "insert": "put lines behind a line of a file",
    "delete": "remove a file, or a folder with all in it",
    "rename": "give a file or a folder another name",
}


def to_action(arguments: object) -> MemoryAction:
    """Makes an action of a call of the memory tool.

    Args:
        arguments: The input of the call, as plain data.

    Raises:
        Refused: It names no command. What else is wrong with it is found when it is executed.
    """
    command = command_of(arguments)
    assert isinstance(arguments, Mapping)
    rest = {name: value for name, value in arguments.items() if name != "command"}
    first = COMMANDS[command][0]
    path = rest.get(first)
    file = ""
    if isinstance(path, str) and path and not any(mark in path for mark in ("|", "\n", "<")):
        file = path
        del rest[first]
    text = json.dumps(rest, separators=(",", ":")).replace("<", "\\u003c") if rest else ""
    return MemoryAction(NAMES[command], file, text)


def to_arguments(action: MemoryAction) -> dict[str, Any]:
    """The input of the call that an action was made of.

    Args:
        action: What :func:`to_action` gave.
    """
    command = _COMMANDS[action.op]
    path = {COMMANDS[command][0]: action.file} if action.file else {}
    rest = json.loads(action.text) if action.text else {}
    return {"command": command, **path, **rest}


def _run(files: TextFiles, action: MemoryAction) -> str:
    return MemoryCommands(files).run(to_arguments(action))


OPERATIONS = tuple(
    Operation(name, ("file", "text"), _SUMMARIES[command], _run, mutates=command != "view")
    for command, name in NAMES.items()
)

"""Tools for a model: the methods of a workspace, as it calls them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from benchmarks.trace import TraceError
from memory_fs import Refused
from memory_fs.suggestion import did_you_mean
from training.structure.workspace import page

#: Of every tool whose text may be long.
_OFFSET = "offset"
_TYPES: dict[str, tuple[type, str]] = {
    "string": (str, "a text"),
    "integer": (int, "a whole number"),
    "boolean": (bool, "true or false"),
}


class Finishable(Protocol):
    """What tools work on, until one of them ends the work."""

    @property
    def finished(self) -> bool:
        """Whether the work has come to its end."""


@cache
def tools(package: str = __package__) -> Sequence[Mapping[str, Any]]:
    """The tools, in the form of the Messages API; each is a method of the workspace.

    Args:
        package: Where their ``tools.json`` is; by default those of a reviewer.
    """
    text = files(package).joinpath("tools.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)
    return found


class Toolbox:
    """Executes calls of tools, whose inputs a model wrote.

    Args:
        workspace: What they work on.
        tools: The tools.

    Attributes:
        tools: As given.
    """

    def __init__(self, workspace: Finishable, tools: Sequence[Mapping[str, Any]]) -> None:
        self._workspace, self.tools = workspace, tools
        self._schemas = {tool["name"]: tool["input_schema"] for tool in tools}

    @property
    def finished(self) -> bool:
        """Whether the work has come to its end."""
        return self._workspace.finished

    def use(self, name: str, given: Mapping[str, Any]) -> str:
        """Executes one call.

        Args:
            name: The tool.
            given: Its input.

        Returns:
            What came of it: one page of it at most.

        Raises:
            Refused: It is no call, or cannot be executed.
        """
        if name not in self._schemas:
            hint = did_you_mean(name, self._schemas)
            raise Refused(
                f"there is no tool {name[:100]!r}.{hint} There are {', '.join(self._schemas)}"
            )
        arguments = _checked(given, self._schemas[name])
        offset = arguments.pop(_OFFSET, 0)
        try:
            text: str = getattr(self._workspace, name)(**arguments)
        except TraceError as error:
            raise Refused(str(error)) from error
        return page(text, offset)


def _checked(given: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """The input of a tool, where it is as its schema says.

    Raises:
        Refused: It is not.
    """
    known = schema["properties"]
    for name in given:
        if name not in known:
            hint = did_you_mean(name, known)
            raise Refused(
                f"there is no argument {name[:100]!r}.{hint} There are {', '.join(known)}"
            )
    for name in schema["required"]:
        if name not in given:
            raise Refused(f"the argument {name} is missing: {known[name]['description']}")
    for name, value in given.items():
        kind, words = _TYPES[known[name]["type"]]
        # True is a whole number for Python alone.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise Refused(f"{name} is {words}, not {value!r:.100}")
        options = known[name].get("enum")
        if options is not None and value not in options:
            hint = did_you_mean(value, options)
            raise Refused(f"{name} is one of {', '.join(options)}, not {value!r:.100}.{hint}")
    return dict(given)

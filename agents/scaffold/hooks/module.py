"""Runs the hooks of a scaffold that is trusted, in this process."""

from __future__ import annotations

import ast
import difflib
import inspect
import json
import traceback
from collections.abc import Iterator
from typing import Any

from agents.scaffold.error import ScaffoldHookError
from agents.scaffold.hooks.runner import FUNCTIONS, TABLE

#: How alike two names are that differ by a slip.
_SLIP = 0.85


def hook_problems(source: str, place: str) -> Iterator[str]:
    """What is wrong with a ``hooks.py``, as far as can be told without running it.

    Args:
        source: Its text.
        place: How it is called in messages.
    """
    try:
        # Compiled, not only parsed: a `return` outside a function parses.
        compile(source, place, "exec", dont_inherit=True)
        tree = ast.parse(source, place)
    except SyntaxError as error:
        yield f"{place}:{error.lineno or 1}: is no valid Python: {error.msg}"
        return
    except (ValueError, RecursionError, MemoryError) as error:
        # A MemoryError of the parser has no words of its own.
        yield f"{place}:1: is no valid Python: {str(error) or 'it is nested too deep'}"
        return
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    for node in functions:
        near = difflib.get_close_matches(node.name, FUNCTIONS, 1, _SLIP)
        if near and node.name not in FUNCTIONS:
            yield f"{place}:{node.lineno}: {node.name} is no hook; write {near[0]}, or _{node.name}"
        elif node.name in FUNCTIONS and isinstance(node, ast.AsyncFunctionDef):
            yield f"{place}:{node.lineno}: {node.name} is a plain function; leave async out"
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.name for node in functions}
    if functions and not names & {*FUNCTIONS, TABLE}:
        yield f"{place}:1: defines no hook; there are {', '.join(FUNCTIONS)} and {TABLE}"


class HookModule:
    """The code of one ``hooks.py``, run in this process with all its rights.

    Args:
        source: Its text.
        place: How it is called in messages.

    Raises:
        ScaffoldHookError: It cannot be run.
    """

    def __init__(self, source: str, place: str) -> None:
        self._source, self._place = source, place
        self._names: dict[str, Any] = {"__name__": "scaffold_hooks", "__file__": place}
        try:
            exec(compile(source, place, "exec", dont_inherit=True), self._names)
        except (Exception, SystemExit) as error:
            raise self._failed("its code", error) from error
        for name, count in FUNCTIONS.items():
            if name in self._names:
                self._check_signature(name, count)

    # Equal sources are equal hooks, here and in another process.
    def __eq__(self, other: object) -> bool:
        return isinstance(other, HookModule) and self.__reduce__() == other.__reduce__()

    def __hash__(self) -> int:
        return hash(self.__reduce__())

    def __reduce__(self) -> tuple[type[HookModule], tuple[str, str]]:
        return type(self), (self._source, self._place)

    def _check_signature(self, name: str, count: int) -> None:
        function = self._names[name]
        try:
            inspect.signature(function).bind(*range(count))
        except (TypeError, ValueError) as error:
            raise ScaffoldHookError(
                f"{self._place}: {name} must be a function of {count} arguments: {error}"
            ) from error

    def _failed(self, what: str, error: BaseException) -> ScaffoldHookError:
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == self._place
        ]
        line = lines[-1] if lines else getattr(error, "lineno", None) or 1
        reason = f"{type(error).__name__}: {error}"[:500]
        return ScaffoldHookError(f"{self._place}:{line}: the hooks failed in {what}: {reason}")

    def begin_episode(self) -> None:
        """There is nothing to leave behind: what the code keeps, it keeps."""

    def defined(self) -> tuple[str, ...]:
        """Which of the hooks it has."""
        return tuple(name for name in (*FUNCTIONS, TABLE) if name in self._names)

    def table(self) -> Any:
        """``OPERATIONS``, as plain JSON."""
        return self._plain(TABLE, self._names[TABLE])

    def call(self, name: str, arguments: list[Any]) -> Any:
        """Calls a function of it.

        Raises:
            ScaffoldHookError: It failed.
        """
        try:
            returned = self._names[name](*arguments)
        except (Exception, SystemExit) as error:
            raise self._failed(name, error) from error
        return self._plain(name, returned)

    def _plain(self, name: str, value: Any) -> Any:
        try:
            return json.loads(json.dumps(value))
        except Exception as error:  # a value may raise anything while it is written
            raise self._failed(f"what {name} gave, which is no plain JSON", error) from error

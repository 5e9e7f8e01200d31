"""Runs the hooks of a scaffold that nobody trusts, in a sandbox."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from agents.sandbox import CodeError, ConfinementError, Sandbox, SandboxError
from agents.scaffold.error import ScaffoldError, ScaffoldHookError
from agents.scaffold.hooks.runner import FUNCTIONS, TABLE


class SandboxedHooks:
    """The code of one ``hooks.py``, run in a process that can reach nothing.

    Every call finds the code as if it had just been imported.

    Args:
        source: Its text.
        place: How it is called in messages.

    Raises:
        ScaffoldHookError: It cannot be run.
        ConfinementError: This machine cannot confine it.
    """

    def __init__(self, source: str, place: str) -> None:
        self._source, self._place = source, place
        self._sandbox = Sandbox(source, place)
        try:
            found = self._sandbox.look(FUNCTIONS, [TABLE])
        except SandboxError as error:
            self._sandbox.close()
            self._fail(error)
        for name, problem in found["functions"].items():
            if problem:
                self._sandbox.close()
                raise ScaffoldHookError(
                    f"{place}: {name} must be a function of {FUNCTIONS[name]} arguments: {problem}"
                )
        self._defined = tuple(
            name for name in (*FUNCTIONS, TABLE) if name in {*found["functions"], *found["values"]}
        )
        self._table = found["values"].get(TABLE)

    # Equal sources are equal hooks, here and in another process.
    def __eq__(self, other: object) -> bool:
        return isinstance(other, SandboxedHooks) and self.__reduce__() == other.__reduce__()

    def __hash__(self) -> int:
        return hash(self.__reduce__())

    def __reduce__(self) -> tuple[type[SandboxedHooks], tuple[str, str]]:
        return type(self), (self._source, self._place)

    def defined(self) -> tuple[str, ...]:
        """Which of the hooks it has."""
        return self._defined

    def table(self) -> Any:
        """``OPERATIONS``, as plain JSON."""
        return self._table

    def call(self, name: str, arguments: list[Any]) -> Any:
        """Calls a function of it.

        Raises:
            ScaffoldHookError: It failed, or had to be stopped.
            ScaffoldError: It could not be confined, and was not run.
        """
        try:
            return self._sandbox.call(name, arguments)
        except ConfinementError as error:
            # No fault of the hook, so no rejection: the episode fails.
            raise ScaffoldError(f"{self._place}:1: the hooks could not be run: {error}") from error
        except SandboxError as error:
            self._fail(error)

    def begin_episode(self) -> None:
        """Begins anew to count the calls that had to be stopped."""
        self._sandbox.forgive()

    def close(self) -> None:
        """Ends its process; another call would start a new one."""
        self._sandbox.close()

    def _fail(self, error: SandboxError) -> NoReturn:
        line = error.line
        if not isinstance(error, CodeError):
            head = re.search(rf"^def {re.escape(error.step)}\b", self._source, re.MULTILINE)
            line = self._source.count("\n", 0, head.start()) + 1 if head else 1
        raise ScaffoldHookError(
            f"{self._place}:{line}: the hooks failed in {error.step}: {error.reason}"
        ) from error

"""The hooks of a scaffold, wherever they run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.scaffold.error import ScaffoldHookError
from agents.scaffold.hooks.operation import operations
from agents.scaffold.hooks.runner import HookRunner, call_hook


class Hooks:
    """The hooks of a scaffold.

    A hook that fails is never passed over: that is a rejection, or a notice, which says so.

    Args:
        runner: Where its code runs; None where it has none: then nothing is added or turned down.
        checked: The memory commands that it is asked about; None for all.

    Attributes:
        runner: Where its code runs.
        checked: The memory commands that it is asked about; None for all.
        defined: The hooks that it has.
        operations: Memory operations of its own.

    Raises:
        ScaffoldHookError: Its ``OPERATIONS`` are none.
    """

    def __init__(
        self, runner: HookRunner | None = None, checked: frozenset[str] | None = None
    ) -> None:
        self.runner = runner
        self.checked = checked
        self.defined = runner.defined() if runner else ()
        self.operations = operations(runner) if runner else ()

    def begin_episode(self) -> None:
        """Begins an episode: no earlier one has any effect on it."""
        if self.runner is not None:
            self.runner.begin_episode()

    def notices(self, context: Mapping[str, Any]) -> list[str]:
        """What the model should be told beside what the game shows."""
        try:
            return self.call("notices", context) or []
        except ScaffoldHookError as error:
            return [str(error)]

    def check_action(self, action: str, context: Mapping[str, Any]) -> str | None:
        """Why a game action is turned down; None where it is not."""
        return self._check("check_action", action, context)

    def check_command(self, command: Mapping[str, Any], context: Mapping[str, Any]) -> str | None:
        """Why a memory command is turned down; None where it is not."""
        if self.checked is not None and command["op"] not in self.checked:
            return None
        return self._check("check_command", command, context)

    def check_done(self, context: Mapping[str, Any]) -> str | None:
        """Why LOG may not end yet; None where it may."""
        return self._check("check_done", context)

    def _check(self, name: str, *arguments: Any) -> str | None:
        try:
            reason: str | None = self.call(name, *arguments)
        except ScaffoldHookError as error:
            return str(error)
        return reason

    def call(self, name: str, *arguments: Any) -> Any:
        """Calls a hook and checks what it returns; None where there is no such hook.

        Raises:
            ScaffoldHookError: It failed, or returned what it may not.
        """
        if self.runner is None or name not in self.defined:
            return None
        return call_hook(self.runner, name, *arguments)

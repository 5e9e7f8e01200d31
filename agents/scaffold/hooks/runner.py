"""Where hooks run, and what they may return."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from agents.scaffold.error import ScaffoldHookError

#: The functions that there can be, and how many arguments each takes.
FUNCTIONS = {
    "notices": 1,
    "check_action": 2,
    "check_command": 2,
    "check_done": 1,
    "run_operation": 4,
}
TABLE = "OPERATIONS"
#: A hook says this much at most; what is longer is a mistake in it.
TEXT_CHARS = 4_000


class HookRunner(Protocol):
    """Where the code of a scaffold runs."""

    def begin_episode(self) -> None:
        """Leaves behind what happened in the episodes before."""

    def defined(self) -> tuple[str, ...]:
        """Which of :data:`FUNCTIONS` and :data:`TABLE` it has."""

    def table(self) -> Any:
        """``OPERATIONS``, as plain JSON."""

    def call(self, name: str, arguments: list[Any]) -> Any:
        """Calls a function of it with plain JSON, and returns plain JSON.

        Raises:
            ScaffoldHookError: It failed; the message says where.
        """


def call_hook(runner: HookRunner, name: str, *arguments: Any) -> Any:
    """Calls a hook that there is, with copies, and checks what it returns.

    Raises:
        ScaffoldHookError: It failed, or returned what it may not.
    """
    returned = runner.call(name, json.loads(json.dumps(arguments)))
    check_returned(name, returned)
    return returned


def check_returned(name: str, returned: Any) -> None:
    """Checks what a hook has returned.

    Raises:
        ScaffoldHookError: It is what it may not return.
    """
    right, allowed = _RETURNS[name]
    if not right(returned):
        raise ScaffoldHookError(
            f"the scaffold's hook {name} returned {returned!r:.200}; it may return {allowed}"
        )


def _is_text(value: Any, chars: int = TEXT_CHARS) -> bool:
    return isinstance(value, str) and len(value) <= chars


def _is_list(value: Any) -> bool:
    texts = isinstance(value, list) and all(map(_is_text, value))
    return texts and sum(map(len, value)) <= TEXT_CHARS


def _is_outcome(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() <= {"result", "content"}
        and isinstance(value.get("result"), str)
        and isinstance(value.get("content", ""), str | None)
    )


def _is_reason(value: Any) -> bool:
    return value is None or (_is_text(value) and bool(value.strip()))


_REASON = f"None, or the reason as a text of up to {TEXT_CHARS:,} characters"
#: What each hook may return, as a test and in words.
_RETURNS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "notices": (_is_list, f"a list of texts, {TEXT_CHARS:,} characters together at most"),
    "check_action": (_is_reason, _REASON),
    "check_command": (_is_reason, _REASON),
    "check_done": (_is_reason, _REASON),
    "run_operation": (_is_outcome, '{"result": text, "content": text or None}'),
}

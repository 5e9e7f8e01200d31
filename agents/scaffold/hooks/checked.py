"""``CHECKED``: which memory commands ``check_command`` wants to see."""

from __future__ import annotations

import ast
from collections.abc import Iterator

NAME = "CHECKED"


def checked(source: str) -> frozenset[str] | None:
    """The operations that a ``hooks.py`` names; None where it names none, so that it sees all.

    The list is read, not run: so it is known without asking the code.

    Args:
        source: Its text.
    """
    values = [node.value for node in _assignments(source)]
    if not values:
        return None
    names = _names(values[-1])
    return None if names is None else frozenset(names)


def checked_problems(source: str, place: str) -> Iterator[str]:
    """What is wrong with ``CHECKED``.

    Args:
        source: The text of the hooks; valid Python.
        place: How it is called in messages.
    """
    for node in _assignments(source):
        if _names(node.value) is None:
            yield (
                f"{place}:{node.lineno}: {NAME} is a list of operations, written out: "
                f'{NAME} = ["APPEND", "WRITE"]'
            )


def _assignments(source: str) -> list[ast.Assign]:
    return [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == NAME for target in node.targets)
    ]


def _names(value: ast.expr) -> list[str] | None:
    try:
        found = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    words = isinstance(found, list | tuple) and all(isinstance(word, str) for word in found)
    return list(found) if words else None

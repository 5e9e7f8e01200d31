"""Checks of arguments that would otherwise fail far from where they were given."""

from __future__ import annotations


def check_count(name: str, value: object) -> None:
    """Checks an argument that counts something.

    Args:
        name: The argument.
        value: What was given.

    Raises:
        ValueError: It is no whole number from 1.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name} is a whole number from 1, not {value!r}")

"""Checks what was read from a file against the types that it should have."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

#: The largest number, and the least with its sign turned: the square of none leaves a float.
LARGEST = 1e100
_SHOWN = 60
_NAMES = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def check(value: Any, hint: Any, name: str) -> None:
    """Checks that plain data are of a type.

    Args:
        value: Data as JSON or TOML gives them.
        hint: ``str``, ``int``, ``float`` (whole numbers are numbers too; none is larger than
            :data:`LARGEST`), ``bool``, ``None``, ``Any``, a union, a ``Mapping`` from texts, a list
            or a ``TypedDict`` of such.
        name: How an error calls the value.

    Raises:
        ValueError: They are not; the message names the entry and what it should be.

    Example:
        >>> check({"seconds": [1, 2.5]}, Mapping[str, list[float]], "times")
        >>> check({"seconds": [1, "2"]}, Mapping[str, list[float]], "times")
        Traceback (most recent call last):
        ValueError: times.seconds[1] is '2', not a number
    """
    if hint is Any:
        return
    if get_origin(hint) in (Union, types.UnionType):
        _check_union(value, get_args(hint), name)
    elif is_typeddict(hint):
        _demand(isinstance(value, dict), value, "a table", name)
        _check_table(value, hint, name)
    elif (holder := get_origin(hint)) is not None:
        _check_many(value, holder, get_args(hint), name)
    else:
        _demand(_is(value, hint), value, _NAMES[hint], name)


def _check_union(value: Any, options: Sequence[Any], name: str) -> None:
    if value is None and type(None) in options:
        return None
    left = [option for option in options if option is not type(None)]
    for option in left[:-1]:
        try:
            return check(value, option, name)
        except ValueError:
            continue  # the last one says what is wrong
    return check(value, left[-1], name)


def _check_many(value: Any, holder: Any, inner: Sequence[Any], name: str) -> None:
    if holder in (Mapping, dict):
        _demand(isinstance(value, dict), value, "a table", name)
        for key, item in value.items():
            check(item, inner[1], f"{name}.{key}")
        return
    _demand(isinstance(value, list), value, "a list", name)
    for place, item in enumerate(value):
        check(item, inner[0], f"{name}[{place}]")


def _check_table(value: Mapping[str, Any], hint: Any, name: str) -> None:
    hints = _hints(hint)
    for key in sorted(hint.__required_keys__ - value.keys()):
        raise ValueError(f"{name} has no {key!r}")
    for key, item in value.items():
        if key not in hints:
            raise ValueError(f"{name} has an entry {key!r}, which is none of {', '.join(hints)}")
        check(item, hints[key], f"{name}.{key}")


@lru_cache(maxsize=64)
def _hints(hint: Any) -> Mapping[str, Any]:
    return get_type_hints(hint)


def fields(cls: Callable[..., Any]) -> Mapping[str, Any]:
    """The types of a class's fields, by name."""
    return _hints(cls)


def _is(value: Any, hint: Any) -> bool:
    if hint in (int, float):
        fits = (int,) if hint is int else (int, float)
        return type(value) in fits and -LARGEST <= value <= LARGEST  # so is no NaN
    return type(value) is hint


def _demand(fits: bool, value: Any, wanted: str, name: str) -> None:
    if not fits:
        shown = repr(value)
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
        raise ValueError(f"{name} is {shown}, not {wanted}")

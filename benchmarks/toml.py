"""Writes plain data as TOML, which the standard library only reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def dumps(data: Mapping[str, Any]) -> str:
    """Writes a table.

    Args:
        data: Text, numbers, truth values, lists and tables; None cannot be written.

    Returns:
        TOML that ``tomllib.loads`` reads back as the same data.

    Raises:
        ValueError: A value has no place in TOML.

    Example:
        >>> print(dumps({"seeds": [42, 43], "versions": {"numpy": "2.0"}}))
        seeds = [42, 43]
        <BLANKLINE>
        [versions]
        numpy = "2.0"
        <BLANKLINE>
    """
    plain: list[str] = []
    tables: list[str] = []
    for key, value in data.items():
        if isinstance(value, Mapping):
            tables.append(_table(f"[{_key(key)}]", value))
        elif _is_tables(value):
            tables.extend(_table(f"[[{_key(key)}]]", table) for table in value)
        else:
            plain.append(f"{_key(key)} = {_value(value)}")
    return "\n\n".join(["\n".join(plain), *tables]).strip() + "\n"


def _is_tables(value: Any) -> bool:
    several = isinstance(value, list | tuple) and bool(value)
    return several and all(isinstance(item, Mapping) for item in value)


def _table(header: str, table: Mapping[str, Any]) -> str:
    return "\n".join([header, *(f"{_key(key)} = {_value(v)}" for key, v in table.items())])


def _key(key: str) -> str:
    bare = key.replace("_", "").replace("-", "")
    return key if bare.isascii() and bare.isalnum() else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_key(key)} = {_value(v)}' for key, v in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):
        # JSON's escapes are TOML's, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool | int | float):
        return json.dumps(value).replace("Infinity", "inf").replace("NaN", "nan")
    raise ValueError(f"TOML has no {type(value).__name__} ({value!r})")

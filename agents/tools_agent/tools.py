"""The tools of the agent, as the Messages API wants them described."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

#: ``native``: the memory tool that the API knows, and that Claude was trained with. ``schema``: the
#: same commands, described as any other tool, for servers that know no tools of their own.
MemoryTool = Literal["native", "schema"]

ACT = "act"
MEMORY = "memory"
#: Actions up to this many characters together stand in the tool's schema; more in the prompt.
_ENUM_CHARS = 4_000


def listed(actions: Sequence[str]) -> bool:
    """Whether the valid actions stand in the schema of the tool."""
    return 0 < sum(map(len, actions)) <= _ENUM_CHARS


def tools(memory: MemoryTool, actions: Sequence[str]) -> list[dict[str, Any]]:
    """Describes the two tools.

    Args:
        memory: How the memory is offered.
        actions: The valid actions; empty where any text is one.
    """
    act = copy.deepcopy(_texts()[ACT])
    if listed(actions):
        act["input_schema"]["properties"]["action"]["enum"] = list(actions)
    return [_texts()[memory], act]


@cache
def _texts() -> dict[str, Any]:
    text = files(__package__).joinpath("tools.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found

"""Hooks: a scaffold's own code, which adds notices and rejects actions and commands.

What goes in and comes out is plain JSON, so that the code can run elsewhere as well as here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from memory_fs import Operation


class Hooks:
    """The hooks of a scaffold; without code, they say nothing."""

    #: Memory operations of the scaffold's own.
    operations: tuple[Operation, ...] = ()

    def notices(self, context: Mapping[str, Any]) -> list[str]:
        """What the model should be told beside what the game shows."""
        return []

    def check_action(self, action: str, context: Mapping[str, Any]) -> str | None:
        """Why a game action is rejected; None where it is not."""
        return None

    def check_command(self, command: Mapping[str, Any], context: Mapping[str, Any]) -> str | None:
        """Why a memory command is rejected; None where it is not."""
        return None

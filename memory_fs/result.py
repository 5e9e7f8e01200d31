"""What came of one command."""

from __future__ import annotations

from dataclasses import dataclass

from memory_fs.action import MemoryAction


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one command.

    Attributes:
        action: The command.
        ok: Whether it was done; else nothing has changed.
        text: The result or the refusal, for the model.
    """

    action: MemoryAction
    ok: bool
    text: str

    def __str__(self) -> str:
        action = self.action
        what = " ".join(part for part in (action.op, action.file.strip(), action.key) if part)
        if action.op in ("SEARCH", "COUNT"):
            what += f" {action.text.strip()!r}"
        return f"{what}: {'' if self.ok else 'refused: '}{self.text}"

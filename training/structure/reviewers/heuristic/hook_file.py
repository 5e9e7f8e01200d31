"""A ``hooks.py`` that is made of fragments, one an edit."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Self

from agents.scaffold.hooks.checked import NAME as CHECKED
from agents.scaffold.hooks.checked import checked
from agents.scaffold.hooks.runner import FUNCTIONS, TABLE

_HEAD = '"""Hooks of this scaffold: a fragment an edit. The last lines call them in turn."""\n'
_MARK = re.compile(r"^# --- (.+) ---$", re.MULTILINE)
_COMMON, _CALLS = "common", "calls"
_HOOKS = (*FUNCTIONS, TABLE, CHECKED)
_DEFINED = re.compile(rf"^(?:def )?({'|'.join(_HOOKS)})\b", re.MULTILINE)


@dataclass(frozen=True)
class HookFile:
    """Hooks as fragments.

    Attributes:
        fragments: Edit to source. The hooks in it have the names that hooks have.
    """

    fragments: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Reads what :attr:`text` gave, or nothing; None where others wrote these hooks."""
        if not text.strip():
            return cls()
        if not text.startswith(_HEAD):
            return None
        _, *parts = _MARK.split(text)
        named = dict(zip(parts[::2], parts[1::2], strict=True))
        return cls(
            {
                key: source.replace(f"_of_{_slug(key)}", "").strip("\n")
                for key, source in named.items()
                if key not in (_COMMON, _CALLS)
            }
        )

    def with_fragment(self, key: str, source: str) -> HookFile:
        """The same with one more fragment."""
        return HookFile({**self.fragments, key: source.strip("\n")})

    @property
    def text(self) -> str:
        """The file."""
        common = files("training.structure.reviewers.heuristic") / "edits" / "common.py.txt"
        parts = [_part(_COMMON, common.read_text(encoding="utf-8"))]
        parts += [
            _part(key, _DEFINED.sub(lambda found, key=key: f"{found[0]}_of_{_slug(key)}", source))  # type: ignore[misc]
            for key, source in self.fragments.items()
        ]
        return _HEAD + "\n\n" + "\n\n\n".join([*parts, _part(_CALLS, self._calls())]) + "\n"

    def _calls(self) -> str:
        """The hooks as they are called, each of which asks those of all fragments."""
        having = {
            name: [
                f"{name}_of_{_slug(key)}"
                for key, source in self.fragments.items()
                if name in _DEFINED.findall(source)
            ]
            for name in _HOOKS
        }
        made: list[str] = []
        if found := having["notices"]:
            said = ", ".join(f"*{name}(context)" for name in found)
            made.append(f"def notices(context):\n    return [{said}]")
        for hook, arguments in (
            ("check_action", "action, context"),
            ("check_command", "command, context"),
            ("check_done", "context"),
        ):
            if found := having[hook]:
                asked = "\n        or ".join(f"{name}({arguments})" for name in found)
                made.append(f"def {hook}({arguments}):\n    return (\n        {asked}\n    )")
        if len(having["CHECKED"]) == len(having["check_command"]) > 0:
            # Written out, as it has to be.
            words = dict.fromkeys(
                word for source in self.fragments.values() for word in sorted(checked(source) or ())
            )
            made.append(f"CHECKED = {json.dumps(list(words))}")
        if found := having["OPERATIONS"]:
            tables = ", ".join(f"**{name}" for name in found)
            made.append(f"OPERATIONS = {{{tables}}}")
            ways = "\n".join(
                f"    if name in {table}:\n        return {run}(name, key, text, content)"
                for table, run in zip(found, having["run_operation"], strict=True)
            )
            made.append(f"def run_operation(name, key, text, content):\n{ways}")
        return "\n\n\n".join(made)


def _part(key: str, source: str) -> str:
    body = source.strip("\n")
    return f"# --- {key} ---\n{body}"


def _slug(key: str) -> str:
    return re.sub(r"\W+", "_", key)

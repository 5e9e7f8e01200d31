"""The habits of one reply: which of them show, and what they do to its text."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Sequence
from dataclasses import fields
from importlib.resources import files
from typing import Any

from agents.backends.scripted.knobs import Knobs


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


class Slip:
    """One way to break the protocol: a row of ``slips.toml``.

    Attributes:
        name: What it is called.
    """

    def __init__(self, row: dict[str, Any]) -> None:
        self.name: str = row["name"]
        self._find = re.compile(row["find"])
        self._replace: str | dict[str, str] = row["replace"]
        self._count: int = row.get("count", 0)

    def make(self, text: str, action: str) -> str:
        """The reply with the slip in it.

        Args:
            text: The reply.
            action: A valid game action.
        """

        def replaced(found: re.Match[str]) -> str:
            if isinstance(self._replace, dict):
                return self._replace[found[1]]
            # Put in afterwards, because an action's name may hold a backslash.
            return found.expand(self._replace).replace("{action}", action)

        return self._find.sub(replaced, text, self._count)


SLIPS: tuple[Slip, ...] = tuple(map(Slip, _table("slips.toml")["slip"]))
#: Knobs that came later than others.
_LATER = ("neglect",)
_PROSE: dict[str, Any] = _table("prose.toml")


class Habits:
    """What one reply will be like.

    Args:
        knobs: How often each habit shows.
        seed: Seed of the call.

    Attributes:
        rng: For everything else that is drawn for the reply.
    """

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.rng = random.Random(seed)
        # Always as many draws, so that a knob changes nothing but its own habit.
        self._shown: dict[str, bool] = {
            knob.name: self.rng.random() < getattr(knobs, knob.name)
            for knob in fields(knobs)
            if knob.name not in _LATER
        }
        self._dress = random.Random(self.rng.getrandbits(32))
        # A generator of their own, so that what was recorded before they came stays as it is.
        later = random.Random(f"{seed} later")
        self._shown |= {name: later.random() < getattr(knobs, name) for name in _LATER}

    def shows(self, knob: str) -> bool:
        """Whether a habit shows in this reply."""
        return self._shown[knob]

    def dress(self, commands: Sequence[str], action: str) -> str:
        """The text of a reply.

        Args:
            commands: Its commands.
            action: A valid game action, for slips.
        """
        text = "\n".join(commands)
        if self.shows("slip"):
            made = [slip.make(text, action) for slip in SLIPS]
            text = self._dress.choice([slipped for slipped in made if slipped != text] or [""])
        if self.shows("verbose"):
            opening, closing = (self._dress.choice(_PROSE[part]) for part in ("opening", "closing"))
            thoughts = self._dress.sample(_PROSE["thoughts"], _PROSE["thoughts_each"])
            text = "\n\n".join((" ".join((opening, *thoughts)), text, closing))
        return text

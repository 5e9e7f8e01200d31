"""A game action as data, and how a written action is matched to the valid ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memory_fs.suggestion import did_you_mean
from memory_fs.syntax import END, escape, opening

#: Quotation that models put around an action, and the full stop behind it.
_WRAPPING = " \t\r\n`'\"*."
#: Characters of a written action that are compared with the names, quotation included.
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class GameAction:
    """An action in the game; ``str()`` gives its command block.

    Attributes:
        name: The action's name; the game decides whether it is valid.
    """

    name: str

    def __post_init__(self) -> None:
        if not isinstance(self.name, str):
            raise TypeError(f"GameAction.name is text, not {type(self.name).__name__}")
        if END in self.name:
            raise ValueError(f"GameAction.name cannot hold {END}: it closes the command")

    def __str__(self) -> str:
        return f"{opening('ACTION')}{escape(self.name)}{END}"


class ActionNames:
    """The valid actions of a game, and what counts as a way to write them.

    Names may differ in case only (``h`` and ``H``), so the exact name comes first; another case, or
    quotation marks around it, is accepted where it leaves no doubt.

    Args:
        names: The valid names.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        if not all(isinstance(name, str) for name in self.names):
            raise TypeError(f"actions are names, texts, not {self.names!r:.80}")
        if len(set(self.names)) < len(self.names):
            raise ValueError(f"an action stands twice in {self.names!r:.200}")
        self._exact = frozenset(self.names)
        folded: dict[str, list[str]] = {}
        for name in self.names:
            folded.setdefault(name.casefold(), []).append(name)
        self._folded = {key: found[0] for key, found in folded.items() if len(found) == 1}

    def __contains__(self, text: str) -> bool:
        return text in self._exact

    def match(self, text: str) -> str | None:
        """The action that a text names, or None where it names none."""
        if text in self._exact:
            return text
        if len(text) > LONGEST_NAME:
            return None
        # Before quotation is taken away: a lone quotation mark may itself be an action.
        for written in (text.strip(), text.strip(_WRAPPING)):
            if written in self._exact:
                return written
            found = self._folded.get(" ".join(written.replace("_", " ").split()).casefold())
            if found:
                return found
        return None

    def near(self, text: str) -> str:
        """A hint behind the sentence that an action is invalid; begins with a space."""
        shown = [name for name in self.names if len(name) > 1][:40] or list(self.names[:40])
        more = f" and {len(self.names) - len(shown)} more" if len(self.names) > len(shown) else ""
        hint = did_you_mean(text.strip(_WRAPPING), self.names)
        return f"{hint} Valid actions are {', '.join(shown)}{more}."

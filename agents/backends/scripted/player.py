"""What plays a game from its prompts, and how the player of a game is found."""

from __future__ import annotations

import functools
import importlib
import pkgutil
import random
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from agents.backends.scripted import players
from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.notebook import Notebook
from agents.backends.scripted.prompt import Prompt
from agents.backends.scripted.rules import read_rules


class Player:
    """Plays one game. Made anew for every reply: all that it knows stands in the prompt.

    A module ``agents.backends.scripted.players.GAME`` has a subclass ``Scripted`` of it.

    Attributes:
        words: Words of the system message of the games that it plays; all of them stand there.
        signs: Actions of these games; all of them are offered.
        bulk: Kind of note to the form of its lines, for kinds that :meth:`whole` writes anew.

    Args:
        prompt: The conversation.
        notebook: The memory, as the conversation shows it.
        rng: For choices among equals.
    """

    words: ClassVar[tuple[str, ...]] = ()
    signs: ClassVar[frozenset[str]] = frozenset()
    bulk: ClassVar[Mapping[str, re.Pattern[str]]] = MappingProxyType({})

    def __init__(self, prompt: Prompt, notebook: Notebook, rng: random.Random) -> None:
        self.prompt = prompt
        self.notebook = notebook
        self.rng = rng

    def lookups(self) -> list[Lookup]:
        """What it wants to look up before it writes or acts."""
        raise NotImplementedError

    def outcome(self) -> list[Note]:
        """What LOG writes about the last action, given what it knows."""
        raise NotImplementedError

    def action(self) -> str:
        """What PLAN does, given what it knows."""
        raise NotImplementedError

    def whole(self, kind: str) -> list[str]:
        """All lines of a bulky kind that still count, the new ones included."""
        raise NotImplementedError


@functools.cache
def _players() -> tuple[type[Player], ...]:
    """The players, those with the most words first, then with the most signs."""
    names = sorted(module.name for module in pkgutil.iter_modules(players.__path__))
    found: list[type[Player]] = [
        importlib.import_module(f"{players.__name__}.{name}").Scripted for name in names
    ]
    return tuple(sorted(found, key=lambda player: (-len(player.words), -len(player.signs))))


@functools.lru_cache(maxsize=64)
def choose(text: str) -> type[Player]:
    """The player of the game that a system message tells about."""
    actions = frozenset(read_rules(text).actions)
    return next(
        player
        for player in _players()
        if player.signs <= actions and all(word in text for word in player.words)
    )

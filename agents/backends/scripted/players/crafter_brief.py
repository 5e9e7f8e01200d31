"""The player of Crafter where prompts are brief: uses what is in view, notes what is done."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import ClassVar

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.player import Player

_DONE = "done: "
#: An action that need be done once, and what one faces after it.
_ONCE = {
    "Place Table": "table",
    "Place Stone": "stone",
    "Place Furnace": "furnace",
    "Place Plant": "plant",
}
_DRINK = "Collect Drink"
_FREE = ("grass", "sand", "path")
_MOVES = {way: f"Move {way.title()}" for way in ("west", "east", "north", "south")}
_SIGHT = re.compile(r"^([a-z]+) (\d{1,2}) ([a-z]+(?:-[a-z]+)?)$", re.MULTILINE)
_FRONT = re.compile(r"^You face ([a-z]+) at your front", re.MULTILINE)
_AMOUNT = re.compile(r"^([a-z_]+): (\d{1,2})", re.MULTILINE)
#: What is made where: the tool, what it takes, whether a furnace is needed, too.
_TOOLS = (
    ("wood_pickaxe", {"wood": 1}, False),
    ("wood_sword", {"wood": 1}, False),
    ("stone_pickaxe", {"wood": 1, "stone": 1}, False),
    ("stone_sword", {"wood": 1, "stone": 1}, False),
    ("iron_pickaxe", {"wood": 1, "coal": 1, "iron": 1}, True),
    ("iron_sword", {"wood": 1, "coal": 1, "iron": 1}, True),
)
#: What is gathered: the tool that it takes, and how much of it is enough; the best first.
_GOODS = (
    ("diamond", "iron_pickaxe", 1),
    ("iron", "stone_pickaxe", 2),
    ("coal", "wood_pickaxe", 2),
    ("stone", "wood_pickaxe", 6),
    ("tree", "", 6),
)
_LOW = 4


class Scripted(Player):
    """Drinks, eats, gathers and makes what can be; knows from its notes what was done once."""

    words: ClassVar[tuple[str, ...]] = (", in brief.", "LOG")
    signs = frozenset({"Noop", "Do", "Sleep", "Place Table", *_MOVES.values()})

    def lookups(self) -> list[Lookup]:
        """What is done; LOG looks where there may be something to note."""
        if self.prompt.routine == "log" and not self._achieved:
            return []
        return [Lookup("strategy", "with", "done")]

    def outcome(self) -> list[Note]:
        """What the last action has done for the first time."""
        return [Note("strategy", f"{_DONE}{name}") for name in self._achieved]

    def action(self) -> str:
        """The first wish that there is."""
        return next(filter(None, self._wishes()))

    def _wishes(self) -> Iterator[str]:
        have, front = self._have, self._front
        if "sleeping" in self.prompt.observation:
            yield "Noop"
        for enemy in ("zombie", "skeleton"):
            yield self._beside(enemy)
        if have["energy"] <= _LOW - 1:
            yield "Sleep"
        if have["drink"] <= _LOW or (have["drink"] < 9 and not self._did(_DRINK)):
            yield self._go("water")
        if have["food"] <= _LOW + 1:
            yield self._go("cow")
        if not self._did("Place Plant") and front == "grass":
            if have["sapling"]:
                yield "Place Plant"
            yield "Do" if self.rng.random() < 0.3 else ""
        yield self._made()
        yield from self._placed()
        for good, tool, enough in _GOODS:
            if have["wood" if good == "tree" else good] < enough and (not tool or have[tool]):
                yield self._go(good)
        yield self._on()

    def _made(self) -> str:
        """The next tool, where a table is beside."""
        if not self._near("table"):
            return ""
        for tool, cost, furnace in _TOOLS:
            enough = all(self._have[good] >= count for good, count in cost.items())
            if not self._have[tool] and enough and (not furnace or self._near("furnace")):
                return "Make " + tool.replace("_", " ").title()
        return ""

    def _placed(self) -> Iterator[str]:
        have, front = self._have, self._front
        if front not in _FREE:
            return
        table = self._near("table")
        lacks = not have["wood_pickaxe"] or (have["stone"] and not have["stone_pickaxe"])
        if have["wood"] >= 5 and not table and (lacks or not self._did("Place Table")):
            yield "Place Table"
        if have["stone"] and not self._did("Place Stone"):
            yield "Place Stone"
        if have["stone"] >= 5 and table and not self._did("Place Furnace"):
            yield "Place Furnace"

    def _go(self, what: str) -> str:
        """Uses what is faced, or takes a step to what is in view."""
        if self._front == what:
            return "Do"
        if what not in self._sights:
            return ""
        steps, ways = self._sights[what]
        return self._step(ways, turn=steps == 1)

    def _beside(self, what: str) -> str:
        if self._front == what:
            return "Do"
        steps, ways = self._sights.get(what, (9, []))
        return _MOVES[ways[0]] if steps == 1 else ""

    def _step(self, ways: list[str], turn: bool) -> str:
        """A move in one of the directions, not into what is known to bar it."""
        last = self.prompt.last_action
        barred = self._front not in _FREE and not turn
        if (
            barred
            and self._front == "stone"
            and self._have["wood_pickaxe"]
            and last in (_MOVES[way] for way in ways)
        ):
            return "Do"  # digs its way
        free = [way for way in ways if not (barred and _MOVES[way] == last)]
        if free:
            # Straight on before a corner.
            return next((_MOVES[way] for way in free if _MOVES[way] == last), _MOVES[free[0]])
        return _MOVES[self.rng.choice([way for way in _MOVES if way not in ways])]

    def _on(self) -> str:
        """Straight on while nothing bars the way, else anywhere."""
        last = self.prompt.last_action
        if last in _MOVES.values() and self._front in _FREE:
            return last
        return self.rng.choice([move for move in _MOVES.values() if move != last])

    def _near(self, what: str) -> bool:
        steps, ways = self._sights.get(what, (9, []))
        return self._front == what or steps <= len(ways)

    def _did(self, name: str) -> bool:
        return f"{_DONE}{name}" in self.notebook.lines("strategy")

    @property
    def _achieved(self) -> list[str]:
        last = self.prompt.last_action
        if _ONCE.get(last) == self._front and self._front:
            return [last]
        return [_DRINK] if last == "Do" and self._front == "water" else []

    @property
    def _front(self) -> str:
        found = _FRONT.search(self.prompt.observation)
        return found[1] if found else ""

    @functools.cached_property
    def _sights(self) -> dict[str, tuple[int, list[str]]]:
        return {
            name: (int(steps), where.split("-"))
            for name, steps, where in _SIGHT.findall(self.prompt.observation)
        }

    @functools.cached_property
    def _have(self) -> _Amounts:
        return _Amounts({k: int(n) for k, n in _AMOUNT.findall(self.prompt.status)})


class _Amounts(dict[str, int]):
    """How much there is of each; none of what is not told."""

    def __missing__(self, name: str) -> int:
        return 0

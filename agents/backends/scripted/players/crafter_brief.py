"""The player of Crafter where prompts are brief: uses what is in view, notes what is done."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import ClassVar

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.player import Player
from agents.explorer.crafter.goals import GATHER, MAKES
from agents.explorer.crafter.record import MOVES
from agents.explorer.crafter.view import COMPASS, GROUND

_DONE = "done: "
#: An action that need be done once, and what one faces after it.
_ONCE = {
    "Place Table": "table",
    "Place Stone": "stone",
    "Place Furnace": "furnace",
    "Place Plant": "plant",
}
_DRINK = "Collect Drink"
_SIGHT = re.compile(r"^([a-z]+) (\d{1,2}) ([a-z]+(?:-[a-z]+)?)$", re.MULTILINE)
_FRONT = re.compile(r"^You face ([a-z]+) at your front", re.MULTILINE)
_AMOUNT = re.compile(r"^([a-z_]+): (\d{1,2})", re.MULTILINE)
#: How much of a good is enough; the best first.
_ENOUGH = {"diamond": 1, "iron": 2, "coal": 2, "stone": 6, "wood": 6}
_LOW = 4


class Scripted(Player):
    """Drinks, eats, gathers and makes what can be; knows from its notes what was done once."""

    # Two of them, so that it comes before the player of the game's other prompts.
    words: ClassVar[tuple[str, ...]] = (", in brief.", "LOG")
    signs = frozenset({"Noop", "Do", "Sleep", "Place Table", *MOVES})

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
        for good, enough in _ENOUGH.items():
            source = GATHER[good]
            if have[good] < enough and (not source.tool or have[source.tool]):
                yield self._go(source.kind)
        yield self._on()

    def _made(self) -> str:
        """The next tool for which there is what it takes."""
        for it in MAKES.values():
            there = all(self._near(thing) for thing in it.near)
            paid = all(self._have[good] >= count for good, count in it.uses.items())
            if not it.placed and not self._have[it.name] and there and paid:
                return it.action
        return ""

    def _placed(self) -> Iterator[str]:
        have, front = self._have, self._front
        if front not in GROUND:
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
        return _move(ways[0]) if steps == 1 else ""

    def _step(self, ways: list[str], turn: bool) -> str:
        """A move in one of the directions, not into what is known to bar it."""
        last = self.prompt.last_action
        barred = self._front not in GROUND and not turn
        if (
            barred
            and self._front == "stone"
            and self._have["wood_pickaxe"]
            and last in (_move(way) for way in ways)
        ):
            return "Do"  # digs its way
        free = [way for way in ways if not (barred and _move(way) == last)]
        if free:
            # Straight on before a corner.
            return next((_move(way) for way in free if _move(way) == last), _move(free[0]))
        return _move(self.rng.choice([way for way in COMPASS if way not in ways]))

    def _on(self) -> str:
        """Straight on while nothing bars the way, else anywhere."""
        last = self.prompt.last_action
        if last in MOVES and self._front in GROUND:
            return last
        return self.rng.choice([move for move in MOVES if move != last])

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


def _move(way: str) -> str:
    return f"Move {way.title()}"


class _Amounts(dict[str, int]):
    """How much there is of each; none of what is not told."""

    def __missing__(self, name: str) -> int:
        return 0

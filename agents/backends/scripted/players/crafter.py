"""The Crafter player: the explorer's rules, on what the notes tell of place, map and aims.

Nothing in the texts says where the player stands, so LOG counts the steps, and PLAN has to look up
where that has led.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Mapping
from typing import ClassVar

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.player import Player
from agents.backends.scripted.reckoning import (
    COMPASS,
    LINE,
    NAMES,
    REACH,
    START,
    Cell,
    Logged,
    locate,
    read_log,
)
from agents.explorer.crafter.chart import LINE as MAP_LINE
from agents.explorer.crafter.chart import UNSEEN, WORLD, Chart, index, inside
from agents.explorer.crafter.record import MOVES, Record
from agents.explorer.crafter.rules import decide, explore
from agents.explorer.crafter.shelter import SHAPES
from agents.explorer.crafter.situation import Situation
from agents.explorer.crafter.view import GROUND, SOUTH, View, read_view
from agents.explorer.crafter.view import REACH as SIGHT
from automem_gym.game import Sight

_DONE = re.compile(r"done: ([a-z_ ]+)")
_EXPLORE = re.compile(r"explore: towards (?:none|(-?[0-9]{1,4}) (-?[0-9]{1,4})), heading ([a-z]+)")
_SHELTER = re.compile(
    rf"shelter: (?:none|({'|'.join(SHAPES)}) at (-?[0-9]{{1,2}}) (-?[0-9]{{1,2}}))"
)
_VITALS = ("health", "food", "drink", "energy")
_VITALS_LINE = re.compile("step [0-9]{1,9}: " + ", ".join(f"{vital} ([0-9])" for vital in _VITALS))
#: Vitals are written down from here on, when one has changed by so much.
_LOW, _CHANGE = 4, 2
#: With less energy or health than this, a shelter may become an aim.
_WEAK = 4
#: After so many steps, a goal is thought about again: it may turn out to be out of reach.
_RECONSIDER = 8


class Scripted(Player):
    """Gathers, makes tools, keeps fed, and hides at night."""

    signs = frozenset({"Noop", "Do", "Place Table", "Make Wood Pickaxe", *MOVES})
    bulk: ClassVar[Mapping[str, re.Pattern[str]]] = {"map": MAP_LINE, "actions": LINE}

    def lookups(self) -> list[Lookup]:
        """The map, the last places, what is achieved, the aims, and how the vitals were."""
        wanted = [
            Lookup("map", "all"),
            Lookup("actions", "last", str(REACH)),
            Lookup("progress", "with", "done:"),
            Lookup("strategy", "last", "20"),
        ]
        if self.prompt.routine == "log":
            wanted.append(Lookup("survival", "last", "3"))
        if self.notebook.lines("actions") and not any(line.position for line in self._log.values()):
            wanted.append(Lookup("actions", "with", "-> at"))
        return wanted

    def outcome(self) -> list[Note]:
        """Where it stands now, and what is new of map, achievements, aims and vitals."""
        record = self._record
        known, before = set(record.done), self._aims(record) if self._aimed else ("", "")
        s = self._situation
        notes = [Note("actions", str(self._line(s)), state=True)]
        notes += [Note("progress", f"done: {name}") for name in record.done if name not in known]
        if self._place is not None:
            notes += [Note("map", line, state=True) for line in s.chart.news()]
            self.aim(s)
            new = zip(self._aims(record), before, strict=True)
            notes += [Note("strategy", aim, state=True) for aim, old in new if aim != old]
        return notes + self.vitals(s.view)

    def action(self) -> str:
        """What the explorer's rules decide on what is known."""
        return self.decide(self._situation)

    def decide(self, s: Situation) -> str:
        """Asks the explorer's rules."""
        return decide(s)

    def whole(self, kind: str) -> list[str]:
        """The map as it is now; the end of the action log."""
        s = self._situation
        if kind == "map":
            return s.chart.lines()
        last = [str(self._log[step]) for step in sorted(self._log)[-REACH:]]
        return [*last, str(self._line(s))]

    def aim(self, s: Situation) -> None:
        """Chooses what to go for: what LOG does not write, PLAN cannot know."""
        record, view = s.record, s.view
        weak = view.amount("energy") < _WEAK or view.amount("health") < _WEAK
        if s.dark or weak or record.shelter is not None:
            decide(s)
        elif (
            record.goal is None
            or not inside(record.goal)
            or s.chart.at(index(record.goal)) != UNSEEN
            or self._step % _RECONSIDER == 0
        ):
            explore(s)

    @functools.cached_property
    def _log(self) -> dict[int, Logged]:
        return read_log(self.notebook.lines("actions"))

    @functools.cached_property
    def _step(self) -> int:
        return max(self.prompt.step, 0)

    @functools.cached_property
    def _place(self) -> tuple[Cell, Cell] | None:
        """Position and facing; None if unknown."""
        action = self.prompt.last_action
        place = locate(self._log, self._step, action, MOVES)
        if place is None:
            # Where nothing has been written, the way is counted from here.
            unseen = self.notebook.started("actions") and not self.notebook.lines("actions")
            return None if unseen else ((0, 0), MOVES.get(action, SOUTH))
        return place if max(map(abs, place[0])) <= WORLD else None

    @functools.cached_property
    def _aimed(self) -> list[str]:
        lines = self.notebook.lines("strategy")
        return [line for line in lines if line.startswith(("explore: ", "shelter: "))]

    @functools.cached_property
    def _record(self) -> Record:
        """What the notes tell, as the explorer remembers it."""
        action, before = self.prompt.last_action, self._log.get(self._step - 1)
        position, facing = self._place or ((0, 0), MOVES.get(action, SOUTH))
        done = filter(None, map(_DONE.fullmatch, self.notebook.lines("progress")))
        record = Record(
            position,
            facing,
            {line[1]: "" for line in done},
            heading=self.rng.choice(list(COMPASS.values())),
            last=(action, "" if before is None else "asleep" if before.asleep else before.front),
        )
        for line in self._aimed:
            if explore := _EXPLORE.fullmatch(line):
                record.goal = (int(explore[1]), int(explore[2])) if explore[1] else None
                record.heading = COMPASS.get(explore[3], record.heading)
            elif shelter := _SHELTER.fullmatch(line):
                record.shelter = (
                    (shelter[1], (int(shelter[2]), int(shelter[3]))) if shelter[1] else None
                )
        return record

    @functools.cached_property
    def _situation(self) -> Situation:
        """The moment as the explorer's rules take it, with the map that the notes hold."""
        chart = Chart(self.notebook.lines("map") if self._place else ())
        view, record = self._view(), self._record
        record.learn(view, self._step)
        s = Situation(view, chart, record, self._step, self.rng)
        if view.front == "nothing":
            chart.mark_edge(s.me, s.ahead)
        chart.look(s.me, s.ahead, view)
        return s

    def _view(self) -> View:
        """What is seen; nothing is farther away than one can see."""
        prompt = self.prompt
        texts = {"observation": prompt.observation, "status": prompt.status}
        view = read_view(texts, prompt.surroundings)
        things = {kind: at for kind, at in view.things.items() if at.steps <= sum(SIGHT)}
        rays = {name: sight for name, sight in view.rays.items() if sight.steps <= max(SIGHT)}
        if not prompt.surroundings:  # the nearest of a kind are told anyway
            near = sorted(((at.steps, at.direction, kind) for kind, at in things.items()))[::-1]
            rays = {way: Sight(kind, n) for n, way, kind in near if kind not in GROUND}
            rays = {way: sight for way, sight in rays.items() if way in COMPASS}
        return dataclasses.replace(view, things=things, rays=rays)

    def _line(self, s: Situation) -> Logged:
        """The line of the action log for this step."""
        action, front, asleep = self.prompt.last_action or START, s.view.front, s.view.asleep
        if self._place is None:
            return Logged(self._step, action, front=front)
        barred = frozenset(name for name, step in COMPASS.items() if s.blocked(step))
        record = s.record
        return Logged(self._step, action, record.position, record.facing, front, barred, asleep)

    def _aims(self, record: Record) -> tuple[str, str]:
        goal = "none" if record.goal is None else "{} {}".format(*record.goal)
        shelter = (
            "none"
            if record.shelter is None
            else "{} at {} {}".format(record.shelter[0], *record.shelter[1])
        )
        heading = NAMES.get(record.heading, "south")
        return f"explore: towards {goal}, heading {heading}", f"shelter: {shelter}"

    def vitals(self, view: View) -> list[Note]:
        """A line when vitals are low and have changed."""
        now = [view.amount(vital) for vital in _VITALS]
        told = list(filter(None, map(_VITALS_LINE.fullmatch, self.notebook.lines("survival"))))
        last = [int(vital) for vital in told[-1].groups()] if told else [9] * len(now)
        change = max(abs(one - other) for one, other in zip(now, last, strict=True))
        if min(now) > _LOW or change < _CHANGE:
            return []
        vitals = ", ".join(f"{vital} {value}" for vital, value in zip(_VITALS, now, strict=True))
        return [Note("survival", f"step {self._step}: {vitals}")]

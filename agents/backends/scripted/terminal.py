"""What the players of terminal games share: the explorer's rules, on what the notes tell.

The map is always in sight, so the notes tell what it does not show: where the player stood before,
which moves failed, what was searched, who is peaceful.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Mapping
from typing import ClassVar

from agents.backends.scripted.level import Level, anew, level_line
from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.player import Player
from agents.backends.scripted.trail import LINE, RECENT, Logged, Trail
from agents.explorer.terminal.battle import enemies_seen
from agents.explorer.terminal.map import MOVES, TerminalMap, cell_of, name, read_map
from agents.explorer.terminal.player import Rule
from agents.explorer.terminal.situation import NOTHING, Situation
from agents.explorer.terminal.walk import learn
from automem_gym.game import Sight

#: How often a goal counts as tried once it is given up.
_GIVEN_UP = 99
#: When so many lines tell about a level, they are summed up in one.
_MANY_LINES = 60
#: So many names are looked up at once; a query may have a few more.
_NAMES = 8
_PEACEFUL = re.compile(r"(.+): peaceful")
_ATTACK = re.compile(r"Really attack (?:the )?(?:peaceful )?([^?\n]{1,60})\?")
_ITEM = re.compile(r"(?:^|\s)([a-zA-Z] - [^.\n]{3,80})\.")
_ADJACENT = re.compile(r"^(.+?) adjacent ([a-z, ]+)$", re.MULTILINE)
_COUNTED = re.compile(r"Count: ([0-9]{1,4})")
_ASKS = ("In what direction", "What do you want to ")


class TerminalPlayer(Player):
    """Plays by the explorer's rules.

    Attributes:
        rules: The rules, the most urgent first; the last one always decides.
        uses: The first of them, up to the last one whose item LOG writes down for the game's
            questions: what it depends on may be gone from sight when they are asked.
    """

    bulk: ClassVar[Mapping[str, re.Pattern[str]]] = {"actions": LINE}
    rules: ClassVar[tuple[Rule, ...]] = ()
    uses: ClassVar[tuple[Rule, ...]] = ()

    def lookups(self) -> list[Lookup]:
        """The last actions, the level, and what is known of who and what is there."""
        wanted = [Lookup("actions", "last", str(RECENT))]
        if self._screen is None:
            return wanted
        wanted.append(Lookup("map", "with", f"level {self._screen.vitals.level}:"))
        creatures = dict.fromkeys(filter(None, self._situation.neighbours().values()))
        if creatures:
            wanted.append(Lookup("encounters", "with", "|".join([*creatures][:_NAMES])))
        items = _ITEM.findall(self._screen.message)
        if items and self.prompt.routine == "log":
            wanted.append(Lookup("inventory", "with", "|".join(items[:_NAMES])))
        return wanted

    def outcome(self) -> list[Note]:
        """The action, what it has shown of the level, and whom and what it has met."""
        if self._screen is None:
            return [Note("actions", self._line, state=True)]
        s, level = self._situation, self._screen.vitals.level
        old = {} if len(self._level.lines) > _MANY_LINES else dict(s.place)
        self.conclude(s)
        new = level_line(level, old, s.place)
        notes = [Note("actions", self._line, state=True)]
        if self._begins and self.notebook.lines("map"):
            notes.append(Note("map", anew(level), state=True))
        notes += [Note("map", new, state=True)] if new else []
        met = (called for called in s.neighbours().values() if called)
        notes += [
            Note("encounters", f"{called}: met on level {level}")
            for called in met
            if not called.startswith("tame ")
        ]
        notes += [Note("encounters", f"{who}: peaceful") for who in _ATTACK.findall(s.message)]
        return notes + [Note("inventory", item) for item in _ITEM.findall(s.message)]

    def conclude(self, s: Situation) -> None:
        """Puts what the last action has shown among the notes of the level."""
        if not self._at_map(s.screen):
            return
        before, action = self._trail.at(self.prompt.step - 1), self.prompt.last_action
        if before is not None and before.level == s.screen.vitals.level:
            stayed = before.cell == name(s.here)
            if action in MOVES:
                s.place["moved"] = f"{action} from {before.cell}"
            if action == "search" and stayed:
                s.count("searched", before.cell, max(1, s.screen.vitals.turn - before.turn))
            if action in ("search", "wait") and stayed and enemies_seen(s):
                s.place["waited"] = str(int(s.place.get("waited", "0")) + 1)
        learn(s)
        for way_down in re.finditer(">", s.screen.cells):
            s.add("ways down", name(way_down.start()))
        if self._trail.circles(MOVES):
            self._give_up(s)

    def action(self) -> str:
        """What the rules decide on what is known; a question is answered as it was meant."""
        if self._screen is None:
            return ""
        s = self._situation
        if self._typed or any(words in s.message for words in _ASKS):
            self.recall_intent(s)
        return self.decide(s)

    def decide(self, s: Situation) -> str:
        """Asks the rules."""
        return self.ask(self.rules, s)

    @staticmethod
    def ask(rules: Iterable[Rule], s: Situation) -> str:
        """What the first of some rules decides that decides at all; empty if none does."""
        return next((done for rule in rules if (done := rule(s)) is not None), "")

    def notes(self) -> dict[str, str]:
        """What is known of the episode as a whole, as the explorer keeps it."""
        return {"keys": NOTHING}

    def whole(self, kind: str) -> list[str]:
        """The end of the action log."""
        return [*map(str, self._trail.entries[-RECENT:]), self._line]

    @functools.cached_property
    def _screen(self) -> TerminalMap | None:
        return read_map(self.prompt.observation)

    @functools.cached_property
    def _trail(self) -> Trail:
        lines = [] if self._begins else self.notebook.lines("actions")
        first = [at for at, line in enumerate(lines) if line.startswith("step 1: ")]
        return Trail(lines[first[-1] :] if first else lines)

    @functools.cached_property
    def _level(self) -> Level:
        assert self._screen is not None
        if self._begins:
            return Level()
        return Level.read(self._screen.vitals.level, self.notebook.lines("map"))

    @functools.cached_property
    def _situation(self) -> Situation:
        """The moment as the explorer's rules take it, with the notes of the level."""
        prompt, screen = self.prompt, self._screen
        assert screen is not None
        peaceful = filter(None, map(_PEACEFUL.fullmatch, self.notebook.lines("encounters")))
        place = {**self._level.place, "peaceful": ", ".join(line[1] for line in peaceful)}
        sights = prompt.surroundings or _adjacent(screen.sights)
        actions = prompt.rules.actions
        return Situation(screen, prompt.status, sights, actions, self.rng, self.notes(), place)

    @property
    def _begins(self) -> bool:
        """Whether nothing can have been written yet in this game: what is there is of another."""
        return self.prompt.step == 0 or (self.prompt.step == 1 and self.prompt.routine == "log")

    @property
    def _typed(self) -> bool:
        """Whether the last action was a digit: the beginning of a count."""
        return self.prompt.last_action in tuple("0123456789")

    @staticmethod
    def _at_map(screen: TerminalMap) -> bool:
        """Whether nothing is asked, so that the cursor is where the player is."""
        return screen.on_map and not any(words in screen.message for words in _ASKS)

    def recall_intent(self, s: Situation) -> Situation:
        """Finds out what the game's question is about: what would be decided if it did not ask.

        Returns:
            The situation without the question, with what that decision has noted.
        """
        last, screen = self._trail.before(self.prompt.step), s.screen
        here = cell_of(last.cell) if last and not self._at_map(screen) else screen.here
        before = dataclasses.replace(screen, message="", here=here, on_map=True)
        meant = _copy(dataclasses.replace(s, screen=before))
        keys = [self.decide(meant), *meant.notes.get("keys", NOTHING).split()]
        s.notes |= {note: text for note, text in meant.notes.items() if note in ("item", "aim")}
        if last is not None and last.use:
            s.notes["item"], s.notes["aim"] = last.use.split()
        if self._typed and keys[0].isdigit():
            counted = _COUNTED.search(screen.message)
            rest = keys[len(counted[1]) if counted else 1 :]
            s.notes["keys"] = " ".join(rest) or NOTHING
        return meant

    def _give_up(self, s: Situation) -> None:
        """Counts the goal that it is exploring towards as tried often enough."""
        trial, tried = _copy(s), s.counts("tried")
        self.decide(trial)
        for goal, count in trial.counts("tried").items():
            if count != tried.get(goal):
                s.count("tried", goal, _GIVEN_UP)

    @functools.cached_property
    def _line(self) -> str:
        """The line of the action log for this step, with the answers to what will be asked next."""
        screen, step = self._screen, max(self.prompt.step, 0)
        action = self.prompt.last_action or "start"
        if screen is not None and self._at_map(screen):
            vitals, trial = screen.vitals, _copy(self._situation)
            self.ask(self.uses, trial)
            item, aim = (trial.notes.get(key, NOTHING) for key in ("item", "aim"))
            use = "" if item == NOTHING else f"{item} {aim}"
            return str(Logged(step, action, name(screen.here), vitals.level, vitals.turn, use))
        message = screen.message if screen is not None else self.prompt.observation
        return f"step {step}: {action} -> asked: {message.strip()[:60]}"


def _copy(s: Situation) -> Situation:
    """The same situation with notes of its own."""
    return dataclasses.replace(s, notes=dict(s.notes), place=dict(s.place))


def _adjacent(sights: str) -> dict[str, Sight]:
    """What stands on the next cells, for prompts that tell it in words alone."""
    found = {}
    for thing, ways in _ADJACENT.findall(sights):
        for way in ways.replace(",", " ").split():
            if way in MOVES:
                found[way] = Sight(thing, 1)
    return found

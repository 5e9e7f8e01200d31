"""Looks for symptoms in the recorded episodes of a run."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from agents import Event
from agents.model import Call
from agents.scaffold.prompts.variables import REJECTIONS
from benchmarks.measures.unproductive import UnproductiveSteps
from benchmarks.run_directory import RunDirectory
from benchmarks.short_ids import short_ids
from benchmarks.trace import MemoryReplay, Trace, Turn
from memory_fs import OPERATIONS, MemoryAction, parse
from training.structure.reviewers.heuristic.symptom import Place, Symptom

#: Places that a symptom names.
_PLACES = 3
_SLIPS = REJECTIONS.keys() - {"hook"}
#: A file with fewer lines is no list.
_LIST = 12
#: A table has so many keys that come again; a list repeats so few.
_KEYS, _SELDOM = 5, 0.2
#: Game steps in a row with the same action, none of which changed anything.
_STUBBORN = 2
#: A place on a map, as players write it.
_PLACE = re.compile(r"\b\d+,\d+\b")


@dataclass
class _Count:
    """How often something showed, of how often it could."""

    shown: int = 0
    could: int = 0
    places: list[Place] = field(default_factory=list)

    def add(self, shows: bool, place: Place) -> None:
        self.could += 1
        self.shown += shows
        if shows and len(self.places) < _PLACES:
            self.places.append(place)

    def symptom(self, name: str, file: str = "", figure: str = "") -> Symptom:
        share = self.shown / self.could if self.could else 0.0
        return Symptom(name, share, tuple(self.places), file, figure)


def diagnose(run: RunDirectory) -> list[Symptom]:
    """The symptoms of a run, however weak; each name once, or once a memory file.

    Args:
        run: A run whose episodes have been played.
    """
    reading = _Reading()
    for episode, result in run.results():
        if result is not None and not result.error:
            reading.episode(Trace(run.trace(episode)), short_ids([episode.env_id])[0], episode.seed)
    return list(reading.symptoms())


class _Reading:
    """Reads episodes one after the other, and counts."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, _Count] = defaultdict(_Count)
        self._repeated: defaultdict[str, _Count] = defaultdict(_Count)
        self._grown: defaultdict[str, _Count] = defaultdict(_Count)
        self._unread: defaultdict[str, _Count] = defaultdict(_Count)
        self._scattered: defaultdict[str, _Count] = defaultdict(_Count)
        self._chars: Counter[str] = Counter()
        self._steps = 0

    def symptoms(self) -> Iterator[Symptom]:
        """What was found."""
        for name, count in self._counts.items():
            yield count.symptom(name)
        for name, by_file in (
            ("keys repeated", self._repeated),
            ("endless list", self._grown),
            ("never read", self._unread),
            ("places scattered", self._scattered),
        ):
            for file, count in by_file.items():
                chars = self._chars[file] / max(1, self._steps)
                yield count.symptom(name, file, f"{chars:.1f} characters a step")

    def episode(self, trace: Trace, name: str, seed: int) -> None:
        """Reads an episode."""
        if "memory" not in trace.header:
            return
        first = dict(trace.header["memory"]["files"])
        read: set[str] = set()
        step, stuck = (
            _Step(name, seed),
            UnproductiveSteps(trace.header["texts"], trace.header["info"]),
        )
        with MemoryReplay(trace.header) as memory:
            for turn in trace.turns():
                step.take(turn, memory.files)
                memory.apply(turn)
                stuck.add(turn)
                if turn.info.get("executed_action") is not None:
                    read |= step.read
                    self._step(step.ended(stuck.counts()["stuck"]))
                    step = step.next(turn)
            self._files(name, seed, step.number, first, memory.files, read)
        self._steps += step.number

    def _step(self, step: _Step) -> None:
        counts = self._counts
        if step.noted and step.planned:
            blind = not step.looked["plan"]
            counts["acting unread"].add(blind, step.place(f"acted, {step.action}, unread"))
        for file in step.wrote:
            if step.held.get(file):
                place = step.place(f"wrote into {file} without a look at it")
                counts["writing unread"].add(file not in step.looked["log"], place)
        if step.logged and step.news:
            counts["nothing noted"].add(not step.wrote, step.place("LOG noted nothing"))
        counts["no effect"].add(
            step.vain >= _STUBBORN, step.place(f"{step.action} once more, without effect")
        )
        counts["turned down"].add(step.rejected > 0, step.place(f"{step.rejected} turned down"))
        counts["no action"].add(step.uncommitted, step.place("no action was taken"))

    def _files(
        self,
        name: str,
        seed: int,
        steps: int,
        first: Mapping[str, str],
        files: Mapping[str, str],
        read: set[str],
    ) -> None:
        """Looks at the memory as it was at the end."""
        for file, text in files.items():
            lines = text.split("\n")
            place = Place(name, seed, steps, f"{file} has {len(lines)} lines")
            self._chars[file] += len(text) - len(first.get(file, ""))
            if first.get(file, "").strip():
                there = Place(name, seed, steps, f"{file} was not read once")
                self._unread[file].add(file not in read, there)
            if len(lines) < _LIST or not steps:
                continue
            keys = _keys(lines)
            again = _repeats(keys)
            # With a few keys, they are the kinds of the lines, and do not tell one from another.
            table = sum(times > 1 for times in Counter(keys).values()) >= _KEYS
            count = self._repeated[file]
            count.shown += again if table else 0
            count.could += len(lines)
            count.places += [place] * (len(count.places) < _PLACES)
            # The same line once more says nothing of a key: it is a write too many.
            different = list(dict.fromkeys(lines))
            grown = len(different) - len(set(first.get(file, "").split("\n")))
            new = _repeats(_keys(different)) <= _SELDOM * len(different)
            self._grown[file].add(new and grown >= steps / 2, place)
            listing = [line for line in lines if _PLACE.search(line.partition(": ")[2])]
            count = self._scattered[file]
            count.shown += 0 if table else _repeats(_keys(listing))
            count.could += len(lines)
            count.places += [place] * (len(count.places) < _PLACES)


def _keys(lines: Iterable[str]) -> list[str]:
    """What stands before the first colon of lines that have one."""
    return [line.partition(": ")[0] for line in lines if ": " in line]


def _repeats(keys: Sequence[str]) -> int:
    return len(keys) - len(set(keys))


class _Step:
    """What happened in a game step so far."""

    def __init__(self, name: str, seed: int, number: int = 0, last: _Step | None = None) -> None:
        self._name, self._seed, self.number = name, seed, number
        self._last = last
        self.looked: dict[str, set[str]] = {"log": set(), "plan": set()}
        self.read: set[str] = set()
        self.wrote: list[str] = []
        self.held: dict[str, bool] = {}
        self.action = ""
        self.stuck = self.vain = 0
        self.rejected = 0
        self.uncommitted = self.planned = self.logged = False

    @property
    def news(self) -> bool:
        """Whether the action before it changed something."""
        return self._last is not None and not self._last.vain

    @property
    def noted(self) -> bool:
        """Whether there was anything to read."""
        return any(self.held.values())

    def take(self, turn: Turn, files: Mapping[str, str]) -> None:
        """Takes in a turn.

        Args:
            turn: The turn.
            files: The memory before it.
        """
        if not self.held:
            self.held = {file: bool(text.strip()) for file, text in files.items()}
        routine = _routine(turn.calls)
        acts = turn.info.get("executed_action")
        looks, wrote = set[str](), set[str]()
        for command in _commands(turn):
            if OPERATIONS[command.op].mutates:
                wrote.add(command.file.strip())
            else:
                looks |= set(files) if command.file.strip() == "*" else {command.file.strip()}
                self.read |= looks
        self.planned |= routine == "plan"
        self.logged |= routine == "log"
        # What stands beside an action, or beside a writing, is answered too late for it.
        if acts is None and routine in self.looked:
            self.looked[routine] |= looks - wrote
        self.wrote += sorted(wrote)
        self.rejected += sum(map(_is_slip, turn.events))
        self.uncommitted |= any(event.name == "uncommitted" for event in turn.events)
        if acts is not None:
            self.action = str(acts)

    def ended(self, stuck: int) -> _Step:
        """Itself, with what came of the action.

        Args:
            stuck: Steps of the episode so far that changed nothing.
        """
        last = self._last
        self.stuck = stuck
        vain = stuck > (last.stuck if last else 0)
        again = last is not None and last.action == self.action
        self.vain = vain * (1 + (last.vain if again and last else 0))
        return self

    def next(self, turn: Turn) -> _Step:
        """The step that follows."""
        self._last = None  # else all of an episode would be kept
        number = turn.info.get("game_step", self.number + 1)
        return _Step(self._name, self._seed, number, self)

    def place(self, what: str) -> Place:
        """This step as a place."""
        return Place(self._name, self._seed, self.number, what)


def _is_slip(event: Event) -> bool:
    """Whether a command was turned down for how it was written; what a hook says is no slip."""
    return event.name == "rejected" and any(f": {why}" in event.detail for why in _SLIPS)


def _routine(calls: Iterable[Call]) -> str:
    return next((call.routine for call in reversed(tuple(calls)) if call.routine), "")


def _commands(turn: Turn) -> Iterator[MemoryAction]:
    """The commands of a turn that were done; the scaffold's own operations are none."""
    for done in turn.commands:
        for action in parse(done["command"]):
            if isinstance(action, MemoryAction) and done["ok"]:
                yield action

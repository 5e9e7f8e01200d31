"""Reads the answers of a recorded episode, each with what it knew and what came of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from agents.dialogue.reply import ReplyReader
from agents.model import Call
from benchmarks.episode import Episode
from benchmarks.measures.unproductive import UnproductiveSteps
from benchmarks.trace import MemoryReplay, Trace
from benchmarks.trace import Turn as Recorded
from memory_fs import Malformed, MemoryAction, Operation
from memory_fs.operation import EVERY, NOTHING
from training.proficiency.turn import Command, Outcome, Turn

#: The progression of so many game steps counts as what an answer has gained.
HORIZON = 8
#: What stands before a line that a lookup shows.
_NUMBER = re.compile(r"^\[[\d,]+\] ")
_WORDS = re.compile(r"\w+")


def read_turns(
    trace: Trace,
    episode: Episode,
    operations: Mapping[str, Operation],
    progression: float,
    rank: float,
) -> list[Turn]:
    """Reads the answers of an episode, in their order.

    Args:
        trace: Its recording.
        episode: What was played.
        operations: The memory operations of the scaffold, by name.
        progression: What the episode came to.
        rank: See :class:`training.proficiency.turn.Outcome`.

    Raises:
        TraceError: The trace is damaged.
    """
    return _Reading(trace, episode, operations).run(progression, rank)


@dataclass
class _Step:
    """What is known of a game step: who looked into what, and what was done at its end."""

    number: int
    action: str = ""
    moved: bool | None = None
    progression: float = 0.0
    looked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    asked: set[tuple[str, str, str]] = field(default_factory=set)


@dataclass
class _Answer:
    """An answer while its episode is read."""

    turn: Turn
    step: _Step
    commands: list[Command]


class _Reading:
    def __init__(self, trace: Trace, episode: Episode, operations: Mapping[str, Operation]) -> None:
        self._trace, self._operations = trace, operations
        self._episode = episode
        fields = {name: operation.fields for name, operation in operations.items()}
        self._replies = ReplyReader(None, fields)
        self._answers: list[_Answer] = []
        self._steps: list[_Step] = [_Step(0)]
        # Line to the writes that it came from, as places in the lists of answers and commands.
        self._written: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)

    def run(self, progression: float, rank: float) -> list[Turn]:
        header = self._trace.header
        stuck, still = UnproductiveSteps(header["texts"], header["info"]), 0
        with MemoryReplay(header) as memory:
            before = dict(memory.files)
            for recorded in self._trace.turns():
                memory.apply(recorded)
                after = before if not _changes(before, memory.files) else dict(memory.files)
                self._turn(recorded, before, after)
                before = after
                stuck.add(recorded)
                action = recorded.info.get("executed_action")
                if action is not None:
                    step, now = self._steps[-1], stuck.counts()["stuck"]
                    step.action, step.moved, still = str(action), now == still, now
                    step.progression = float(recorded.info.get("progression", 0.0))
                    self._steps.append(_Step(step.number + 1))
        return [self._finished(answer, progression, rank) for answer in self._answers]

    def _turn(
        self, recorded: Recorded, before: Mapping[str, str], after: Mapping[str, str]
    ) -> None:
        calls = recorded.calls
        done = iter(recorded.commands)
        for number, call in enumerate(calls):
            # The last call led to the turn; those before it were turned down, or only talked.
            last = number == len(calls) - 1
            self._answer(recorded, number, call, before, after, done if last else iter(()))

    def _answer(
        self,
        recorded: Recorded,
        number: int,
        call: Call,
        before: Mapping[str, str],
        after: Mapping[str, str],
        done: Iterator[Mapping[str, object]],
    ) -> None:
        done_with = call.completion
        acts, cut = call.routine != "log", done_with.stop_reason == "length"
        reply = self._replies.read(done_with.text, acts=acts, cut=cut)
        step = self._steps[-1]
        results = {str(it["command"]): it for it in done}
        commands = [
            self._command(it, call.routine, results.get(self._replies.block(it)), before, after)
            for it in reply.commands
            if isinstance(it, MemoryAction)
        ]
        # What stands beside a write is answered too late for it.
        for look in commands:
            if look.done and not look.mutates:
                files = before if look.file.strip() == EVERY else (look.file.strip(),)
                step.looked[call.routine].update(files)
                step.asked.add((look.op, look.file, look.text))
        self._remember(commands)
        rejected = tuple(
            event.detail.partition(": ")[2]
            for event in recorded.events
            if event.name == "rejected" and event.detail.startswith(f"{call.routine}: ")
        )
        turn = Turn(
            episode=str(self._episode.folder.relative_to("episodes")),
            env_id=self._episode.env_id,
            seed=self._episode.seed,
            turn=recorded.turn,
            call=number,
            game_step=step.number,
            routine=call.routine,
            role=call.role,
            shape=_shape(call),
            text=done_with.text,
            stop_reason=done_with.stop_reason,
            action=reply.action,
            malformed=sum(isinstance(it, Malformed) for it in reply.commands) + bool(reply.half),
            rejected=rejected,
            memory=before,
            asked=call,
        )
        self._answers.append(_Answer(turn, step, commands))

    def _command(
        self,
        action: MemoryAction,
        routine: str,
        done: Mapping[str, object] | None,
        before: Mapping[str, str],
        after: Mapping[str, str],
    ) -> Command:
        file, mutates = action.file.strip(), self._operations[action.op].mutates
        ok, result = (False, "") if done is None else (bool(done["ok"]), str(done["result"]))
        step = self._steps[-1]
        old = before.get(file, "")
        lines = tuple(_lines(action.text)) if mutates else _found(result) if ok else ()
        return Command(
            op=action.op,
            file=action.file,
            text=action.text,
            mutates=mutates,
            done=ok,
            result=result,
            lines=lines,
            redundant=mutates and ok and _same_lines(old, after.get(file, "")),
            known=not mutates and (action.op, action.file, action.text) in step.asked,
            held=bool(old.strip()),
            looked=file in step.looked[routine],
        )

    def _remember(self, commands: Sequence[Command]) -> None:
        """Ties lines that are found to the writes that they came from."""
        now = self._steps[-1].number
        for place, command in enumerate(commands):
            if not command.done:
                continue
            file = command.file.strip()
            if command.mutates:
                for line in command.lines:
                    self._written[file, line].append((len(self._answers), place))
                continue
            for line in command.lines:
                for answer, at in self._written.pop((file, line), ()):
                    self._mark(answer, at, now)

    def _mark(self, answer: int, at: int, now: int) -> None:
        if answer >= len(self._answers):
            return  # written by the very answer that asks
        earlier = self._answers[answer]
        if earlier.commands[at].read_after is None:
            steps = now - earlier.step.number
            earlier.commands[at] = replace(earlier.commands[at], read_after=steps)

    def _finished(self, answer: _Answer, progression: float, rank: float) -> Turn:
        step, turn = answer.step, answer.turn
        before = self._steps[step.number - 1].progression if step.number else 0.0
        # The last entry is the step that was not played any more.
        later = self._steps[max(0, min(step.number + HORIZON, len(self._steps) - 2))]
        found = (line for it in answer.commands if not it.mutates for line in it.lines)
        outcome = Outcome(
            action=step.action,
            named=_names(step.action, found),
            moved=step.moved,
            gain=max(0.0, later.progression - before) if step.action else 0.0,
            progression=progression,
            rank=rank,
        )
        return replace(turn, commands=tuple(answer.commands), outcome=outcome)


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    return before.keys() != now.keys() or any(before[name] is not now[name] for name in now)


def _found(result: str) -> tuple[str, ...]:
    """The lines that a lookup shows: those below its head."""
    head, _, body = result.partition("\n")
    if head.startswith(NOTHING) or not body:
        return ()
    return tuple(_NUMBER.sub("", line) for line in body.split("\n") if line.strip())


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _same_lines(old: str, new: str) -> bool:
    """Whether nothing came of a write, as :class:`memory_fs.measures.Measures` counts it."""
    before, after = _lines(old), _lines(new)
    return len(after) >= len(before) and set(before) == set(after)


def _names(action: str, lines: Iterable[str]) -> bool:
    """Whether a line holds all words of an action."""
    words = set(_WORDS.findall(action.casefold()))
    if not words:
        return False
    folded = (line.casefold() for line in lines)
    # Most lines lack one of the words even as a part of another: that is cheap to see.
    likely = (line for line in folded if all(word in line for word in words))
    return any(words <= set(_WORDS.findall(line)) for line in likely)


def _shape(call: Call) -> str:
    answers = sum(message.role == "assistant" for message in call.messages)
    turned_down = answers > 0 and "<rejected>" in call.messages[-1].text
    return f"{call.routine} {answers + 1}" + " after rejection" * turned_down

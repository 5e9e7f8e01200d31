"""Reads the answers of a recorded episode, each with what it knew and what came of it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from agents import Event
from agents.dialogue.introduction import Introduction
from agents.dialogue.reply import Reply, ReplyReader
from agents.model import Call
from automem_gym.memory_turn import MAX_COMMANDS_PER_TURN
from benchmarks.episode import Episode
from benchmarks.measures.unproductive import UnproductiveSteps
from benchmarks.trace import MemoryReplay, Trace
from benchmarks.trace import Turn as Recorded
from memory_fs import Malformed, MemoryAction, Operation
from memory_fs.operation import EVERY
from training.proficiency.drafts import AnswerDraft, CommandDraft, Step
from training.proficiency.line_changes import LineChanges
from training.proficiency.line_tracing import LAST, trace_lines
from training.proficiency.settings import SPECIALIST
from training.proficiency.turn import Outcome, Turn

#: The progression of so many game steps counts as what an answer has gained.
HORIZON = 8
#: Events that tell of something that was turned down: each is of one command, or of the action.
_TURNED_DOWN = ("rejected", "impossible")
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


class _Reading:
    def __init__(self, trace: Trace, episode: Episode, operations: Mapping[str, Operation]) -> None:
        self._trace, self._operations = trace, operations
        self._episode = episode
        fields = {name: operation.fields for name, operation in operations.items()}
        names = Introduction.of(trace.header["info"]).names
        # A model gives the same answer again and again.
        self._read = lru_cache(maxsize=1_000)(ReplyReader(names, fields).read)
        self._answers: list[AnswerDraft] = []
        self._steps: list[Step] = [Step(0)]

    def run(self, progression: float, rank: float) -> list[Turn]:
        header = self._trace.header
        stuck, still = UnproductiveSteps(header["texts"], header["info"]), 0
        forgets = header.get("memory", {}).get("span") is not None
        with MemoryReplay(header) as memory:
            before = dict(memory.files)
            for recorded in self._trace.turns():
                changes = self._turn(recorded, before)
                if (changes or forgets) and memory.apply(recorded):
                    before = dict(memory.files)
                stuck.add(recorded)
                action = recorded.info.get("executed_action")
                if action is not None:
                    step, now = self._steps[-1], stuck.counts()["stuck"]
                    step.action, step.moved, still = str(action), now == still, now
                    step.progression = float(recorded.info.get("progression", 0.0))
                    self._steps.append(Step(step.number + 1))
            trace_lines(self._answers, LineChanges(memory.mutations))
        place = self._episode.folder.relative_to("episodes").as_posix()
        return [self._finished(answer, place, progression, rank) for answer in self._answers]

    def _turn(self, recorded: Recorded, before: Mapping[str, str]) -> bool:
        """Reads the answers of a turn; tells whether the turn may have changed the memory."""
        calls = recorded.calls
        told = deque(event for event in recorded.events if event.name in _TURNED_DOWN)
        matched = False
        for number, call in enumerate(calls):
            done_with = call.completion
            # The consultant of a pair may not act: as in LOG, DONE ends what counts of its answer.
            acts = call.routine != "log" and call.role != SPECIALIST
            if done_with.stop_reason == "refusal":
                reply = Reply()
            else:
                cut = done_with.stop_reason == "length"
                reply = self._read(done_with.text, acts=acts, cut=cut)
            # The last call led to the turn; those before it were turned down, or only talked.
            last = number == len(calls) - 1
            down = len(told) if last else _turned_down(reply, acts)
            of_call = [told.popleft() for _ in range(min(down, len(told)))]
            answer = self._answer(call, recorded.turn, number, reply, before, of_call)
            if last:
                matched = self._done(answer, recorded)
        return not matched or recorded.files is not None

    def _answer(
        self,
        call: Call,
        turn: int,
        number: int,
        reply: Reply,
        before: Mapping[str, str],
        told: list[Event],
    ) -> AnswerDraft:
        step = self._steps[-1]
        talk = step.talks[call.routine]
        commands = []
        for it in reply.commands:
            if isinstance(it, MemoryAction):
                file, mutates = it.file.strip(), self._operations[it.op].mutates
                known = not mutates and (it.op, file, it.text) in talk.asked
                held = bool(before.get(file, "").strip())
                commands.append(
                    CommandDraft(it, file, mutates, False, "", known, held, file in talk.looked)
                )
        shape = f"{call.routine} {[it.role for it in call.messages].count('assistant') + 1}"
        if talk.turned_down:
            shape += " after rejection"
        talk.turned_down = bool(told)
        said = f"{call.routine}: "
        rejected = tuple(it.detail.removeprefix(said) for it in told if it.name == "rejected")
        answer = AnswerDraft(turn, number, call, reply, step, commands, rejected, shape, before)
        self._answers.append(answer)
        return answer

    def _done(self, answer: AnswerDraft, recorded: Recorded) -> bool:
        """Ties the commands of the turn to those of the answer that led to it.

        Returns:
            Whether all of them are found there, and none changes the memory.
        """
        waiting = deque(enumerate(recorded.commands))
        only_looks = True
        # They were sent in their order; those in between were turned down.
        for command in answer.commands:
            if not waiting or waiting[0][1]["command"] != str(command.asked):
                continue
            place, done = waiting.popleft()
            command.done, command.result = bool(done["ok"]), str(done["result"])
            # Where files were recorded whole, the commands of the turn cannot be told apart.
            whole = recorded.files is not None
            command.first = recorded.turn, 0 if whole else place
            command.last = recorded.turn, LAST if whole else place
            only_looks = only_looks and not (command.done and command.mutates)
        # What stands beside a write is answered too late for it.
        talk = answer.step.talks[answer.call.routine]
        if not only_looks:
            talk.asked.clear()
        for look in answer.commands:
            if look.done and not look.mutates:
                talk.looked.update(answer.memory if look.file == EVERY else (look.file,))
                talk.asked.add((look.asked.op, look.file, look.asked.text))
        return only_looks and not waiting

    def _finished(self, answer: AnswerDraft, place: str, progression: float, rank: float) -> Turn:
        step, call, reply = answer.step, answer.call, answer.reply
        if step.number:
            before = self._steps[step.number - 1].progression
        else:
            before = float(self._trace.header["info"].get("progression", 0.0))
        # The last entry is the step that was not played any more.
        later = self._steps[max(0, min(step.number + HORIZON - 1, len(self._steps) - 2))]
        found = chain.from_iterable(it.lines for it in answer.commands if not it.mutates)
        outcome = Outcome(
            action=step.action,
            named=_names(step.action, found),
            moved=step.moved,
            gain=max(0.0, later.progression - before) if step.action else 0.0,
            progression=progression,
            rank=rank,
        )
        return Turn(
            episode=place,
            env_id=self._episode.env_id,
            seed=self._episode.seed,
            turn=answer.turn,
            call=answer.number,
            game_step=step.number,
            routine=call.routine,
            role=call.role,
            shape=answer.shape,
            text=call.completion.text,
            stop_reason=call.completion.stop_reason,
            commands=tuple([command.final for command in answer.commands]),
            action=reply.action,
            malformed=sum(isinstance(it, Malformed) for it in reply.commands) + bool(reply.half),
            rejected=answer.rejected,
            memory=answer.memory,
            outcome=outcome,
            asked=call,
        )


def _turned_down(reply: Reply, acts: bool) -> int:
    """How many events tell what was turned down of an answer from which nothing was sent."""
    commands = min(len(reply.commands), MAX_COMMANDS_PER_TURN)
    too_many = len(reply.commands) > MAX_COMMANDS_PER_TURN
    return (
        commands
        + too_many
        + bool(reply.half)
        + bool(reply.refused)
        + (acts and reply.action is not None)
    )


def _names(action: str, lines: Iterable[str]) -> bool:
    """Whether a line holds all words of an action."""
    words, together = _words_of(action)
    text = "\n".join(lines).casefold()
    if not words or not all(word in text for word in words):
        return False
    left = text.split("\n")
    for word in words:  # the search for whole words is slow, and most lines do not need it
        left = [line for line in left if word in line]
    return any(together.match(line) for line in left)


@lru_cache(maxsize=1_000)
def _words_of(action: str) -> tuple[Sequence[str], re.Pattern[str]]:
    """The words of an action, and what finds them all at the beginning of a line that has them."""
    words = sorted(set(_WORDS.findall(action.casefold())))
    return words, re.compile("".join(rf"(?=.*\b{re.escape(word)}\b)" for word in words))

"""Answers and commands while their episode is read: what is not known yet is filled in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from agents.dialogue.reply import Reply
from agents.model import Call
from memory_fs import MemoryAction
from training.proficiency.turn import Command


@dataclass(slots=True)
class Talk:
    """A conversation: what was looked up in it, and whether its last answer was turned down."""

    looked: set[str] = field(default_factory=set)
    asked: set[tuple[str, str, str]] = field(default_factory=set)
    turned_down: bool = False


@dataclass(slots=True)
class Step:
    """What is known of a game step: its conversations, and what was done at its end."""

    number: int
    action: str = ""
    moved: bool | None = None
    progression: float = 0.0
    talks: defaultdict[str, Talk] = field(default_factory=lambda: defaultdict(Talk))


@dataclass(slots=True)
class CommandDraft:
    """A command while its episode is read.

    ``first`` and ``last`` are turn and place of what was done, as the journal has them.
    """

    asked: MemoryAction
    file: str
    mutates: bool
    done: bool
    result: str
    known: bool
    held: bool
    looked: bool
    first: tuple[int, int] = (0, 0)
    last: tuple[int, int] = (0, 0)
    lines: tuple[str, ...] = ()
    #: The files in which the lines stand, where that is not one.
    files: tuple[str, ...] = ()
    redundant: bool = False
    read_after: int | None = None

    @property
    def final(self) -> Command:
        """The command, when all of its episode is known."""
        return Command(
            self.asked.op,
            self.asked.file,
            self.asked.text,
            self.asked.key,
            self.mutates,
            self.done,
            self.result,
            self.lines,
            self.redundant,
            self.known,
            self.held,
            self.looked,
            self.read_after,
        )


@dataclass(slots=True)
class AnswerDraft:
    """An answer while its episode is read."""

    turn: int
    number: int
    call: Call
    reply: Reply
    step: Step
    commands: list[CommandDraft]
    rejected: tuple[str, ...]
    shape: str
    memory: Mapping[str, str]

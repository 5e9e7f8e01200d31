"""What a selector sees of an answer of the agent's model: it decides what is learnt by this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from agents.model import Call


@dataclass(frozen=True, slots=True)
class Command:
    """One memory command of an answer.

    Attributes:
        op: Its operation, such as ``APPEND``.
        file: The file that it names, as the model wrote it; empty where it names none.
        text: What it writes, or what it looks for.
        key: The key of an UPSERT; empty for any other.
        mutates: Whether it changes the memory.
        done: Whether it was carried out.
        result: What the memory answered; empty where the agent turned it down.
        lines: For a lookup the lines that were found, for a write those that came into the file.
        redundant: For a write, whether the file had the same lines before, as
            :class:`memory_fs.measures.Measures` counts it.
        known: For a lookup, whether the same was asked and answered before in the same
            conversation, and nothing was written since.
        held: Whether anything stood in the file before the answer.
        looked: For a write, whether the file was looked into in an earlier answer of the same
            conversation.
        read_after: For a write, after how many game steps a lookup first showed a line of it;
            None where none ever did.
    """

    op: str
    file: str = ""
    text: str = ""
    key: str = ""
    mutates: bool = False
    done: bool = False
    result: str = ""
    lines: tuple[str, ...] = ()
    redundant: bool = False
    known: bool = False
    held: bool = False
    looked: bool = False
    read_after: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came after an answer.

    Attributes:
        action: The game action that was executed next; empty where the episode ended before.
        named: Whether a line that was found names that action.
        moved: Whether that action changed what the game shows; None where there was none.
        gain: By how much the progression rose in the
            :data:`training.proficiency.reading.HORIZON` game steps that followed.
        progression: That of the whole episode, in [0, 1].
        rank: The share of the episodes of the same environment that scored less, in [0, 1]; those
            that scored the same count half.
    """

    action: str = ""
    named: bool = False
    moved: bool | None = None
    gain: float = 0.0
    progression: float = 0.0
    rank: float = 0.5


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer of a model, in its episode.

    Attributes:
        episode: The episode's folder in the run, ``ENV_ID/SEED/REPEAT``.
        env_id: Its environment.
        seed: Its seed.
        turn: The turn of the environment to which the call belongs, from 1.
        call: Which call of that turn, from 0.
        game_step: How many game steps had been played.
        routine: ``log`` or ``plan``.
        role: Who was asked.
        shape: The form of what was asked: routine, place of the answer in the conversation, and
            whether something of the answer before had been turned down, such as ``plan 2`` or
            ``log 2 after rejection``.
        text: The answer, as it was recorded.
        stop_reason: Why it ended: ``end``, ``length`` or ``refusal``.
        commands: Its memory commands, in their order.
        action: The game action that it wrote, valid or not; None where it wrote none.
        malformed: How many blocks of it were no command.
        rejected: Why commands, or the action, were turned down.
        memory: The memory before it, file to text.
        outcome: What came after.
        asked: The recorded call.
    """

    episode: str
    env_id: str
    seed: int
    turn: int
    call: int
    game_step: int
    routine: str
    role: str
    shape: str
    text: str
    stop_reason: str = "end"
    commands: tuple[Command, ...] = ()
    action: str | None = None
    malformed: int = 0
    rejected: tuple[str, ...] = ()
    memory: Mapping[str, str] = field(default_factory=dict)
    outcome: Outcome = field(default_factory=Outcome)
    asked: Call | None = None

    @property
    def place(self) -> str:
        """Where it was recorded, in words."""
        return f"{self.episode}, turn {self.turn}, call {self.call}"

    @property
    def writes(self) -> tuple[Command, ...]:
        """The commands that change the memory."""
        return tuple(command for command in self.commands if command.mutates)

    @property
    def lookups(self) -> tuple[Command, ...]:
        """The commands that only look."""
        return tuple(command for command in self.commands if not command.mutates)

    def to_json(self) -> dict[str, Any]:
        """It as plain data, as selectors in the sandbox get it.

        Without the memory and the conversation, which are long: of these it holds the length, as
        ``memory_chars`` and ``prompt_chars``.
        """
        plain = {name: getattr(self, name) for name in _PLAIN}
        plain["commands"] = [asdict(command) for command in self.commands]
        plain["outcome"] = asdict(self.outcome)
        plain["memory_chars"] = sum(map(len, self.memory.values()))
        messages = self.asked.messages if self.asked is not None else ()
        plain["prompt_chars"] = sum(len(message.text) for message in messages)
        return plain


_PLAIN = tuple(
    name
    for name in Turn.__dataclass_fields__
    if name not in ("commands", "outcome", "memory", "asked")
)

"""What a conversation says, as far as it can be understood.

Scaffolds differ, and a user's own may look like nothing here. So every part has a default, and no
text is an error.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agents.backends.scripted.rules import Rules, is_file, read_rules, routine_of
from agents.backends.scripted.sections import outside, sections, tagged
from agents.model import Message
from automem_gym.command import CommandParser
from automem_gym.game import Sight
from memory_fs import FIELDS, MemoryAction

#: Operations that only look.
LOOKS = ("SEARCH", "READ", "TAIL", "COUNT", "LIST")
#: The line with which the gameplay model is given the conversation.
HAND_OVER = "The memory has been consulted."

#: Scaffolds say in words of their own how many replies are left, and that one is the last.
_REPLY = r"(?:turn|reply|replie|answer|message|call|tr(?:y|ie))s?"
_TURNS_LEFT = re.compile(
    rf"\b{_REPLY} left: ?(\d{{1,6}})|\b(\d{{1,6}}) (?:more )?{_REPLY} (?:are |is )?left", re.I
)
_LAST_TURN = re.compile(rf"\b(?:last|final) {_REPLY}\b", re.I)
_ENTRY = re.compile(r"^(\S.*?) \((\d[\d,]{0,12}) lines?, (\d[\d,]{0,12}) chars?", re.MULTILINE)
_SIGHT = re.compile(r"^([a-z]+): (.+?), (\d{1,4}) steps?\b", re.MULTILINE)
#: Numbers of the games are far shorter.
_LONG_NUMBER = re.compile(r"\d{10,}")
#: The command that a line of a rejection is about.
_REJECTED = re.compile(r"^([A-Z_]+) (\S[^:\n]*): ", re.MULTILINE)


@functools.lru_cache(maxsize=64)
def _reader(own: frozenset[str]) -> CommandParser:
    """Reads replies, with operations of the scaffold's own."""
    return CommandParser(None, {**FIELDS, **dict.fromkeys(sorted(own), ("file", "text"))})


class Entry(NamedTuple):
    """One file in the index of the memory.

    Attributes:
        lines: How many lines it has.
        chars: Its length in characters.
    """

    lines: int
    chars: int


@dataclass(slots=True)
class Prompt:
    """A conversation, as far as it can be understood.

    Attributes:
        rules: What the system message says.
        routine: The routine that is asked for: ``log`` or ``plan``.
        step: The game step; -1 where it is not told.
        last_action: The action that was executed last; empty for none.
        scene: The whole message that shows the game.
        observation: What the game shows; the whole message where it has no such section.
        status: Inventory and vitals.
        surroundings: What lies in each direction, where the prompt tells it.
        index: The memory files that there are, by name.
        results: What memory commands have answered in this conversation, in order.
        asked: The lookups that were made in this conversation.
        written: The memory commands that were made in it and are no lookups.
        committed: The game actions that were written in it, none of which was taken; without those
            that were turned down because something had not been looked up.
        sent_back: Whether the last reply was turned down because something had not been looked up.
        owed: The memory files into which nothing was written since a command was turned down
            because something had not been looked up.
        handed_over: Whether another model has consulted before.
        turns_left: Model turns that are left, this one included; None where it is not told.
    """

    rules: Rules
    routine: str = "plan"
    step: int = -1
    last_action: str = ""
    scene: str = ""
    observation: str = ""
    status: str = ""
    surroundings: dict[str, Sight] = field(default_factory=dict)
    index: dict[str, Entry] = field(default_factory=dict)
    results: list[str] = field(default_factory=list)
    asked: list[MemoryAction] = field(default_factory=list)
    written: list[MemoryAction] = field(default_factory=list)
    committed: list[str] = field(default_factory=list)
    sent_back: bool = False
    owed: set[str] = field(default_factory=set)
    handed_over: bool = False
    turns_left: int | None = None

    @property
    def told(self) -> bool:
        """Whether it has been told to come to an end."""
        return self.handed_over or self.last_turn

    @property
    def last_turn(self) -> bool:
        """Whether nothing can come after this reply."""
        return self.turns_left is not None and self.turns_left <= 1

    @property
    def files(self) -> list[str]:
        """The memory files that the prompt names, those with a purpose first."""
        return list(dict.fromkeys([*self.rules.files, *self.index]))


def read_prompt(messages: Sequence[Message]) -> Prompt:
    """Reads a conversation. Total: any messages give a prompt."""
    talk = [message for message in messages if message.role != "system"]
    start = _scene(talk)
    scene = talk[start].text if start < len(talk) else ""
    head = messages[0].text if messages and messages[0].role == "system" else scene
    prompt = Prompt(read_rules(head), routine_of(head, scene))
    for message in talk[:start]:  # in a conversation over several steps, the last reply acted
        if message.role == "assistant":
            prompt.last_action = _reader(frozenset()).read(message.text).action or ""
    _read_scene(prompt, scene)
    for message in talk[start:]:
        if message.role == "assistant":
            _read_reply(prompt, message.text)
        else:
            _read_answer(prompt, message.text)
    return prompt


def _scene(talk: Sequence[Message]) -> int:
    """Which message shows the game: the last of the user's with an observation, or the first."""
    asking = [at for at, message in enumerate(talk) if message.role == "user"]
    showing = [at for at in asking if "<observation>" in talk[at].text]
    return (showing[-1:] or asking[:1] or [len(talk)])[0]


def _read_scene(prompt: Prompt, text: str) -> None:
    parts = sections(text)
    prompt.scene = text
    step = parts.get("step", "").strip()
    prompt.step = int(step) if step.isascii() and step.isdigit() and len(step) < 10 else -1
    prompt.last_action = parts.get("last_action", prompt.last_action).strip()
    prompt.observation = _LONG_NUMBER.sub(_shortened, parts.get("observation", text))
    prompt.status = _LONG_NUMBER.sub(_shortened, parts.get("status", ""))
    prompt.surroundings = {
        name: Sight(thing, int(steps))
        for name, thing, steps in _SIGHT.findall(parts.get("surroundings", ""))
    }
    prompt.index = {
        name: Entry(_number(lines), _number(chars))
        for name, lines, chars in _ENTRY.findall(parts.get("files", ""))
        if is_file(name)
    }


def _shortened(number: re.Match[str]) -> str:
    return number[0][:9]


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _read_reply(prompt: Prompt, text: str) -> None:
    if "<" not in text:
        return
    commands = _reader(prompt.rules.adders).read(text)
    for command in commands.memory:
        if isinstance(command, MemoryAction):
            (prompt.asked if command.op in LOOKS else prompt.written).append(command)
    if commands.action is not None:
        prompt.committed.append(commands.action.strip())


def _read_answer(prompt: Prompt, text: str) -> None:
    said = outside(text)
    left = _TURNS_LEFT.search(said)
    prompt.turns_left = int(left[1] or left[2]) if left else None
    if _LAST_TURN.search(said):
        prompt.turns_left = 1
    parts = list(tagged(text))
    prompt.results += [content for name, content in parts if name == "results"]
    _take_back(prompt, "\n".join(content for name, content in parts if name == "rejected"))
    if any(line.strip().startswith(HAND_OVER) for line in said.split("\n")):
        prompt.handed_over = True
        prompt.committed.clear()  # those were another model's


def _take_back(prompt: Prompt, reasons: str) -> None:
    """Takes what was turned down as not written, and a reason that names a lookup as told.

    Args:
        prompt: The conversation.
        reasons: What the last rejections say; empty where there was none.
    """
    turned_down = set(_REJECTED.findall(reasons))
    prompt.written = [c for c in prompt.written if (c.op, c.file) not in turned_down]
    prompt.sent_back = any(re.search(rf"\b{look}\b", reasons) for look in LOOKS)
    if prompt.sent_back:
        prompt.committed.clear()
        prompt.owed |= {file for _, file in turned_down}
    prompt.owed -= {command.file for command in prompt.written}

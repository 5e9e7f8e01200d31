"""What a model's reply asks for, and where in it that stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from automem_gym.action import ActionNames
from automem_gym.command import LONGEST_REPLY
from memory_fs import Malformed, MemoryAction, Parser
from memory_fs.syntax import END, THOUGHT, Block, Syntax, escape, opening

ACTION, DONE = "ACTION", "DONE"


@dataclass(frozen=True, slots=True)
class Reply:
    """What one reply asks for.

    Attributes:
        commands: Its memory commands, in their order, and blocks that are none.
        action: What it wrote as the game action; None where it wrote none.
        done: Whether it wrote DONE.
        refused: How many memory commands stood behind the action.
        half: The name of its last block where that was cut off, and so is not taken; else empty.
        stripped: The reply without the action and all behind it; up to DONE where that ends it.
    """

    commands: tuple[MemoryAction | Malformed, ...] = ()
    action: str | None = None
    done: bool = False
    refused: int = 0
    half: str = ""
    stripped: str = ""


class ReplyReader:
    """Reads replies as the environment does (``automem_gym.command.CommandParser``).

    It also tells where in the reply the commands end, which the environment need not know.

    Args:
        actions: The valid game actions; None where any text is one.
        fields: The fields of each memory operation, by name.
    """

    def __init__(self, actions: ActionNames | None, fields: Mapping[str, tuple[str, ...]]) -> None:
        self._actions = actions
        self.fields = dict(fields)
        self._memory = Parser(self.fields)
        bare = [name for name, taken in self.fields.items() if not taken]
        self._syntax = Syntax([*self.fields, ACTION, DONE], [*bare, DONE])

    def read(self, text: str, *, acts: bool, cut: bool = False) -> Reply:
        """Reads a reply. Total over all strings.

        Args:
            text: The reply.
            acts: Whether its writer may commit an action. Where not, DONE ends what is read, too.
            cut: Whether the reply was cut off; its last block may then be half of one, and is not
                taken: half of a text must not replace a file.
        """
        blocks = self._blocks(text)
        if not blocks:
            return self._bare(text, acts)
        ends = (ACTION,) if acts else (ACTION, DONE)
        at = next((at for at, block in enumerate(blocks) if block.name in ends), len(blocks))
        taken, rest = blocks[:at], blocks[at + 1 :]
        end = blocks[at] if at < len(blocks) else None
        half = cut and not rest and (acts or end is None) and self._open(text, blocks[-1])
        if half:
            taken, end = (taken[:-1] if end is None else taken), None
        commands = [self._memory.read(block) for block in taken if block.name != DONE]
        return Reply(
            tuple(commands),
            end.payload.strip() if end and end.name == ACTION else None,
            any(block.name == DONE for block in blocks[: at + 1]),
            sum(block.name != DONE for block in rest) if end and end.name == ACTION else 0,
            blocks[-1].name if half else "",
            text if end is None else text[: end.end if end.name == DONE else end.start],
        )

    def _blocks(self, text: str) -> list[Block]:
        found: list[Block] = []
        if "<" not in text or len(text) > LONGEST_REPLY:
            return found
        for block in self._syntax.scan(text):
            if block.name == THOUGHT:
                found.clear()
            else:
                found.append(block)
        return found

    def _bare(self, text: str, acts: bool) -> Reply:
        """A reply without a block: an action as it stands, or only words."""
        if len(text) > LONGEST_REPLY:
            return Reply(stripped=text)
        if self._actions is not None:
            action = self._actions.match(text)
        else:  # any text is an action, so only who may act can mean one
            action = (text.strip() or None) if acts else None
        return Reply(action=action, stripped=text if action is None else "")

    def _open(self, text: str, block: Block) -> bool:
        """Whether a reply's last block lacks its closing mark."""
        if block.end < len(text) or (block.name in self.fields and not self.fields[block.name]):
            return False
        *_, last = self._syntax.scan(f"{text} ")
        return last.end > len(text)

    def block(self, command: MemoryAction) -> str:
        """The text of a memory command, with all fields of its operation."""
        fields = self.fields[command.op]
        if not fields:
            return opening(command.op)
        payload = "|".join(getattr(command, name) for name in fields)
        return f"{opening(command.op)}{escape(payload)}{END}"


def action_block(name: str) -> str:
    """The text of a game action, be it possible or not; ``GameAction`` does not take any text."""
    return f"{opening(ACTION)}{escape(name)}{END}"


def turn_text(commands: Sequence[str], action: str | None = None) -> str:
    """One turn of the environment: memory commands, and the action behind them."""
    return "\n".join([*commands, *([] if action is None else [action_block(action)])])

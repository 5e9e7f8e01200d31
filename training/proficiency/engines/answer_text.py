"""A recorded answer as text, in short and in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from training.proficiency.turn import Command, Outcome, Turn

#: What is shown of a command's text in short.
_CHARS = 200


def short_text(number: int, turn: Turn, happened: Sequence[str]) -> str:
    """Place, commands and outcome of an answer.

    Args:
        number: Its number.
        turn: The answer.
        happened: The criteria that apply to it.
    """
    return "\n".join(_short(number, turn, happened))


def full_text(turn: Turn) -> str:
    """What an answer was asked, what it says, and the memory before it."""
    return "\n".join(_full(turn))


def _short(number: int, turn: Turn, happened: Sequence[str]) -> Iterator[str]:
    yield f"# answer {number}: {turn.shape}, {turn.episode}, turn {turn.turn}, call {turn.call}"
    yield from (_command(command) for command in turn.commands)
    if turn.action is not None:
        yield f"action: {turn.action[:_CHARS]}"
    if turn.stop_reason != "end":
        yield f"ended by {turn.stop_reason}"
    if turn.malformed:
        yield f"blocks that are no command: {turn.malformed}"
    yield from (f"turned down: {reason}" for reason in turn.rejected)
    yield _outcome(turn.game_step, turn.outcome)
    yield f"criteria that apply: {', '.join(happened) or 'none'}"


def _command(command: Command) -> str:
    text = command.text if len(command.text) <= _CHARS else f"{command.text[:_CHARS]}..."
    asked = " | ".join(part for part in (command.op, command.file, text) if part)
    return f"{asked}\n  -> {', '.join(_came_of(command))}"


def _came_of(command: Command) -> Iterator[str]:
    if not command.done:
        yield "not carried out"
    if not command.mutates:
        yield f"{len(command.lines)} lines found"
        if command.known:
            yield "asked before in this game step"
        return
    yield f"{len(command.lines)} lines written"
    if command.redundant:
        yield "the file had them"
    if command.held:
        yield "looked into before" if command.looked else "written blindly into a file with text"
    after = command.read_after
    yield "never found later" if after is None else f"found {after} game steps later"


def _outcome(step: int, outcome: Outcome) -> str:
    moved = {None: "the end", True: "changed something", False: "changed nothing"}[outcome.moved]
    return (
        f"after {step} game steps; then: {outcome.action or 'no action'} ({moved}), progression "
        f"+{outcome.gain:.4f} soon after; of the episode {outcome.progression:.4f}, rank "
        f"{outcome.rank:.2f}"
    )


def _full(turn: Turn) -> Iterator[str]:
    yield f"## the answer\n{turn.text}"
    for command in turn.commands:
        yield f"## result of {command.op} {command.file}\n{command.result}"
    for name, text in turn.memory.items():
        yield f"## memory before it: {name}\n{text}"
    for message in turn.asked.messages if turn.asked is not None else ():
        yield f"## {message.role} message of the conversation\n{message.text}"

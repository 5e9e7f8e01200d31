"""One game step in full, as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agents.backends.recorded import Asked, Overflow
from agents.model import Message
from training.structure.workspace.game_step import GameStep


def step_text(step: GameStep, system: bool = False) -> str:
    """Tells a game step: what was seen, what models were asked and answered, what came of it.

    Args:
        step: The step.
        system: Whether the system messages are shown, which are the same in each step.
    """
    lines = "\n".join(_lines(step, system)).split("\n")
    # Screens are padded with spaces, which tell nothing and fill pages.
    return "\n".join(line.rstrip(" ") for line in lines)


def _lines(step: GameStep, system: bool) -> Iterator[str]:
    first, last = step.turns[0].turn, step.last.turn
    yield f"# game step {step.number}, turns {first} to {last}"
    yield "## seen before it"
    for name in ("observation", "status", "files"):
        if step.seen.get(name):
            yield f"### {name}\n{step.seen[name]}"
    told: dict[str, Sequence[Message]] = {}
    for turn in step.turns:
        for asked in turn.asked:
            yield from _call(asked, told, system)
        for event in turn.events:
            yield f"### event {event.name}\n{event.detail}"
        for done in turn.commands:
            yield f"### memory command, {'done' if done['ok'] else 'REFUSED'}"
            yield f"{done['command']}\n-> {done['result']}"
    yield from _outcome(step)


def _call(asked: Asked, told: dict[str, Sequence[Message]], system: bool) -> Iterator[str]:
    """A call, of whose conversation is shown what the call before it did not have."""
    if isinstance(asked, Overflow):
        yield f"## {asked.role} was asked; the conversation was too long ({asked.tokens} tokens)"
        return
    usage = asked.completion.usage
    yield (
        f"## {asked.routine or 'call'} of {asked.role}: {usage.input_tokens:,} tokens in, "
        f"{usage.output_tokens:,} out"
    )
    before = told.get(asked.routine, ())
    told[asked.routine] = asked.messages
    for place, message in enumerate(asked.messages):
        if place < len(before) and before[place] == message:
            continue
        if message.role == "system" and not system:
            yield f"### system message\n[{len(message.text):,} characters; system=true shows it]"
        else:
            yield f"### {message.role}\n{message.text}"
    end = asked.completion.stop_reason
    yield f"### REPLY{'' if end == 'end' else f' (ended by {end})'}\n{asked.completion.text}"


def _outcome(step: GameStep) -> Iterator[str]:
    info = step.last.info
    before, after = step.progressions
    yield f"## executed action: {step.action}"
    if info.get("invalid_action") is not None:
        yield f"asked for: {info['invalid_action']}, which is no valid action"
    yield f"reward {step.reward:g}, progression {before} -> {after}"
    if step.unchanged:
        yield f"nothing changed, {step.unchanged} steps in a row"
    if info.get("episode_end"):
        yield f"the episode ended: {info['episode_end']}"
    yield "## seen after it"
    for name in ("observation", "status"):
        if step.last.observation.get(name):
            yield f"### {name}\n{step.last.observation[name]}"

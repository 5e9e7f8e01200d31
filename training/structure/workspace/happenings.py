"""What can be looked for in the game steps of an episode."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from agents.model import Call
from benchmarks.trace.recorder import written
from memory_fs import OPERATIONS, Refused
from training.structure.workspace.game_step import GameStep

#: Characters around a text that was found.
_AROUND = 60
#: What a line shows of a command, or of an event.
_SHOWN = 160


def _rewarded(step: GameStep) -> str:
    return f"reward {step.reward:g}" if step.reward else ""


def _progressed(step: GameStep) -> str:
    before, after = step.progressions
    return "" if before == after else f"progression {before} -> {after}"


def _rejected(step: GameStep) -> str:
    return _events(step, "rejected", "impossible", "stripped")


def _refused(step: GameStep) -> str:
    return _joined(
        f"{done['command'][:_SHOWN]} -> {done['result'][:_SHOWN]}"
        for done in step.commands
        if not done["ok"]
    )


def _wrote(step: GameStep) -> str:
    return _joined(_writes(step))


def _writes(step: GameStep) -> Iterator[str]:
    for turn in step.turns:
        for done in turn.commands:
            operation = OPERATIONS.get(written(done["command"]))
            if done["ok"] and operation is not None and operation.mutates:
                yield done["command"][:_SHOWN]
        # What an operation of the scaffold's own has changed.
        yield from (f"changed {name}" for name in turn.files or ())


def _unchanged(step: GameStep) -> str:
    return f"nothing changed, {step.unchanged} in a row" if step.unchanged else ""


def _oscillating(step: GameStep) -> str:
    return "undid the step before it" if step.oscillating else ""


def _invalid(step: GameStep) -> str:
    invalid = step.last.info.get("invalid_action")
    return "" if invalid is None else f"no valid action: {str(invalid)[:_SHOWN]}"


def _uncommitted(step: GameStep) -> str:
    return _events(step, "uncommitted", "cut", "refusal", "compacted")


def _events(step: GameStep, *names: str) -> str:
    return _joined(
        f"{event.name}: {event.detail[:_SHOWN]}" for event in step.events if event.name in names
    )


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(part.replace("\n", " ") for part in parts)


#: Tells what happened in a step; None where it did not.
Happened = Callable[[GameStep], str | None]

#: By name: what there is to say of it in a step, or nothing where it did not happen.
HAPPENINGS: dict[str, Callable[[GameStep], str]] = {
    "reward": _rewarded,
    "progression": _progressed,
    "rejected": _rejected,
    "refused": _refused,
    "memory_write": _wrote,
    "unchanged": _unchanged,
    "oscillating": _oscillating,
    "invalid": _invalid,
    "uncommitted": _uncommitted,
}
#: Those that need more than the step: a row of steps without a change, a text, and any step.
STUCK, TEXT, ALL = "stuck", "text", "all"
KINDS = (*HAPPENINGS, STUCK, TEXT, ALL)


def seek(what: str, text: str, stuck_steps: int) -> Happened:
    """Makes the function that tells whether something happened in a step, and what.

    Args:
        what: One of :data:`KINDS`.
        text: The text that is looked for, as it is, whatever its case; for ``text`` only.
        stuck_steps: How many steps without a change count as being stuck.

    Raises:
        Refused: A text is missing, or given for something else.
    """
    if what not in KINDS:
        raise Refused(f"what is one of {', '.join(KINDS)}, not {what[:100]!r}")
    if (what == TEXT) != bool(text.strip()):
        raise Refused("text says what is looked for where what is 'text', and only there")
    if what == TEXT:
        return lambda step: _found(step, text) or None
    if what == STUCK:
        # Each such row once, where it has become one.
        return lambda step: _unchanged(step) if step.unchanged == stuck_steps else None
    if what == ALL:
        return lambda step: _joined(filter(None, (tell(step) for tell in HAPPENINGS.values())))
    return lambda step: HAPPENINGS[what](step) or None


def _found(step: GameStep, text: str) -> str:
    wanted = text.casefold()
    for place, content in _texts(step):
        at = content.casefold().find(wanted)
        if at >= 0:
            around = content[max(0, at - _AROUND) : at + len(text) + _AROUND]
            return f"{place}: {around!r}"
    return ""


def _texts(step: GameStep) -> Iterator[tuple[str, str]]:
    """What was new in a step: prompts show it once more, with the rest of the memory."""
    yield "action", step.action
    for done in step.commands:
        yield "command", f"{done['command']} -> {done['result']}"
    for call in step.asked:
        if isinstance(call, Call):
            yield f"reply in {call.routine}", call.completion.text
    for event in step.events:
        yield "event", f"{event.name}: {event.detail}"
    for name in ("observation", "status"):
        yield f"{name} after it", step.last.observation.get(name, "")

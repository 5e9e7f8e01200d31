"""Two recordings of the same episode side by side."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from training.structure.workspace.figures import figures
from training.structure.workspace.game_step import GameStep, game_steps
from training.structure.workspace.recordings import Recorded

#: What is told of an observation where two differ.
_SHOWN = 1_500


def comparison(names: tuple[str, str], recorded: tuple[Recorded, Recorded]) -> str:
    """Tells how two recordings differ: their figures, and where they part.

    Args:
        names: Names of their runs.
        recorded: The recordings.

    Raises:
        TraceError: One is damaged.
    """
    return "\n".join(_lines(names, recorded))


def _lines(names: tuple[str, str], recorded: tuple[Recorded, Recorded]) -> Iterator[str]:
    one, other = (figures(each.result) for each in recorded)
    yield f"# {recorded[0].episode.name}: {names[0]} | {names[1]}"
    for name in dict.fromkeys([*one, *other]):
        yield f"{name}: {one.get(name, '-')} | {other.get(name, '-')}"
    action = seen = None
    pairs = zip_longest(*(game_steps(each.trace) for each in recorded))
    for number, (left, right) in enumerate(pairs, 1):
        if left is None or right is None:
            action = action or (number, left, right)
            break
        if seen is None and left.seen.get("observation") != right.seen.get("observation"):
            seen = (number, left, right)
        if left.action != right.action:
            action = (number, left, right)
            break
    yield from _parted(names, action, seen)


_Place = tuple[int, GameStep | None, GameStep | None] | None


def _parted(names: tuple[str, str], action: _Place, seen: _Place) -> Iterator[str]:
    if action is None:
        yield "\nThe same actions to the end."
        return
    number, *steps = action
    yield f"\n## the first action that differs: step {number}"
    for name, step in zip(names, steps, strict=True):
        yield f"{name}: {'(the episode had ended)' if step is None else step.action}"
        if step is not None:
            yield from (f"  command {done['command'][:300]}" for done in step.commands)
    if seen is not None:
        yield f"\n## what the game showed differs before that: step {seen[0]}"
        for name, step in zip(names, seen[1:], strict=True):
            if step is not None:
                yield f"### {name}\n{step.seen.get('observation', '')[:_SHOWN]}"

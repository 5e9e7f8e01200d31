"""Two recordings of the same episode side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest

from training.structure.workspace.figures import figures
from training.structure.workspace.game_step import GameStep, game_steps
from training.structure.workspace.recordings import Recorded

#: What is told of each side where two differ, in characters.
_SHOWN = 1_500
#: What is compared of a step, in the order in which it comes about. With the action the two part:
#: behind it there is no more to compare.
_ASPECTS: dict[str, Callable[[GameStep], str]] = {
    "what the game showed": lambda step: step.seen.get("observation", ""),
    "memory commands": lambda step: "\n".join(done["command"] for done in step.commands),
    "action": lambda step: step.action,
}
_ENDED = "(the episode had ended)"


def comparison(names: tuple[str, str], recorded: tuple[Recorded, Recorded]) -> str:
    """Tells how two recordings differ: their figures, and where they part.

    Args:
        names: Names of their runs.
        recorded: The recordings.

    Raises:
        TraceError: One is damaged.
    """
    one, other = (figures(each.result) for each in recorded)
    table = (
        f"{name}: {one.get(name, '-')} | {other.get(name, '-')}"
        for name in dict.fromkeys([*one, *other])
    )
    head = f"# {recorded[0].episode.name}: {names[0]} | {names[1]}"
    return "\n".join([head, *table, *_parted(names, recorded)])


def _parted(names: tuple[str, str], recorded: tuple[Recorded, Recorded]) -> Iterator[str]:
    """The first step in which each of the aspects differs."""
    left = dict(_ASPECTS)
    pairs = zip_longest(*(game_steps(each.trace) for each in recorded))
    for number, pair in enumerate(pairs, 1):
        for what, aspect in list(left.items()):
            sides = [_ENDED if step is None else aspect(step) for step in pair]
            if sides[0] != sides[1]:
                del left[what]
                yield f"\n## first difference in {what}: step {number}"
                for name, side in zip(names, sides, strict=True):
                    yield f"### {name}\n{side[:_SHOWN] or '(none)'}"
        if "action" not in left:
            return
    yield "\nThe same actions to the end."

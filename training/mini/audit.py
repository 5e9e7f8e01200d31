"""What a model does with its memory where the player of its corpus would know what is right.

Each answer of a recorded run is put beside that player, who sees the same conversation: whether a
place that was not noted is noted, whether the only new way is taken, whether the model goes back to
where it came from when no way is new, and whether it obeys the sign that it has read.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from agents.backends.scripted.notebook import Notebook
from agents.backends.scripted.players.terminal_brief import SIGN, Scripted
from agents.backends.scripted.prompt import read_prompt
from agents.backends.scripted.walking import BACK, BEEN, FROM, cells
from automem_gym.command import CommandParser, Commands
from benchmarks.run_directory import RunDirectory
from benchmarks.trace import Trace, Turn
from memory_fs import MemoryAction

_READER = CommandParser(None)
#: What is counted: a name, how often it was done, and the name of how often it could have been.
SHARES: tuple[tuple[str, str, str], ...] = (
    ("actions without a look into the memory", "unread", "actions"),
    ("steps at a place that was not noted, on which it is", "noted", "to note"),
    ("the only new of two ways is taken", "new of 2 taken", "new of 2"),
    ("the only new of three ways is taken", "new of 3 taken", "new of 3"),
    ("none of two ways is new: back to where it came from", "none of 2 back", "none of 2"),
    ("none of three ways is new: back to where it came from", "none of 3 back", "none of 3"),
    ("episodes with a sign in sight, in which it is noted", "signed", "signs"),
    ("of these, noted rightly first", "signed rightly", "signed"),
    ("where ways branch and the sign was read: towards its branch", "obeyed", "sign read"),
)


def audit(run: Path) -> dict[str, Counter[str]]:
    """Counts what stands in :data:`SHARES`, for each environment of a run.

    Args:
        run: The run directory; the model was given prompts of a ``brief`` scaffold of MiniHack.

    Raises:
        RunError: It is none.
        TraceError: A trace is damaged.
    """
    directory = RunDirectory(run)
    found: dict[str, Counter[str]] = {}
    for episode, result in directory.results():
        if result is not None and not result.error:
            counts = found.setdefault(episode.env_id, Counter())
            counts.update(count(Trace(directory.trace(episode)).turns()))
    return found


def count(turns: Iterable[Turn]) -> Counter[str]:
    """Counts it in one episode."""
    counts: Counter[str] = Counter()
    places: set[str] = set()
    seen, signs = "", list[str]()
    for turn in turns:
        acting: tuple[Scripted, str] | None = None
        for call in turn.calls:
            prompt, answer = read_prompt(call.messages), _READER.read(call.completion.text)
            player = Scripted(prompt, Notebook(prompt), random.Random(0))
            seen = seen or (player.seen if player.told else "")
            signs += [note.removeprefix(SIGN) for note in _notes(answer, SIGN)]
            if prompt.routine == "log":
                counts.update(_logged(player, answer, places))
            if answer.action is not None:
                acting = player, answer.action
        # Of a pair the specialist's own action is stripped; the last one that is written acts.
        if acting is not None and _READER.read(turn.action).action is not None:
            counts.update(_acted(*acting))
    counts["signs"] += bool(seen)
    counts["signed"] += bool(seen and signs)
    counts["signed rightly"] += bool(seen and signs and signs[0] == seen)
    return counts


def _notes(answer: Commands, kind: str) -> list[str]:
    """The lines of a kind that an answer adds."""
    added = (it for it in answer.memory if isinstance(it, MemoryAction) and it.op == "APPEND")
    return [line for it in added for line in it.text.split("\n") if line.startswith(kind)]


def _logged(player: Scripted, answer: Commands, places: set[str]) -> Counter[str]:
    here = player.place.here
    if not here or here in places:
        return Counter()
    said = cells(BEEN, _notes(answer, BEEN))
    if here in said:
        places.add(here)
        return Counter({"noted": 1, "to note": 1})
    return Counter({"to note": int(answer.done)})


def _acted(player: Scripted, taken: str) -> Counter[str]:
    counts = Counter({"actions": 1})
    if not player.prompt.asked:
        counts["unread"] += 1
        return counts
    if player.told:
        upright = {way.direction for way in player.place.ways} & {"north", "south"}
        if upright and any(sign in player.told for sign in player.noted):
            counts["sign read"] += 1
            counts["obeyed"] += taken in {way.direction for way in player.branch()}
        return counts
    counts.update(_walked(player, taken))
    return counts


def _walked(player: Scripted, taken: str) -> Counter[str]:
    """Of a step from a place of which the conversation knows a note."""
    notes, place = player.notebook.lines("map"), player.place
    been, ways, last = cells(BEEN, notes), place.walked(), player.prompt.last_action
    if place.here not in been or len(ways) not in (2, 3):
        return Counter()
    new = [way for way in ways if way.cell not in been]
    if len(new) == 1 and new[0].direction != BACK.get(last):
        name = f"new of {len(ways)}"
        return Counter({name: 1, f"{name} taken": int(taken == new[0].direction)})
    if not new and any(note.startswith(f"{BEEN}{place.here}{FROM}") for note in notes):
        name = f"none of {len(ways)}"
        back = {way.direction for way in place.walk(notes, last)}
        return Counter({name: 1, f"{name} back": int(taken in back)})
    return Counter()

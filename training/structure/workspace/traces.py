"""What a reviewer can ask of recorded episodes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from statistics import fmean

from memory_fs import Refused
from memory_fs.index import plural
from training.structure.workspace.comparison import comparison
from training.structure.workspace.figures import ORDERS, figures, score
from training.structure.workspace.game_step import game_steps
from training.structure.workspace.happenings import Happened, seek
from training.structure.workspace.memory_text import memory_text
from training.structure.workspace.recordings import PARENT, Recorded, Recordings
from training.structure.workspace.step_text import step_text

#: A search through steps shows this many.
HITS = 500


class Traces:
    """Answers such questions, as text. A recording that is damaged raises ``TraceError``.

    Args:
        recordings: The recordings.
        stuck_steps: How many steps without a change count as being stuck.
    """

    def __init__(self, recordings: Recordings, stuck_steps: int) -> None:
        self._recordings = recordings
        self._stuck_steps = stuck_steps

    def episodes(self, run: str = PARENT, order: str = "worst") -> str:
        """The episodes of a run with their figures, in the order of their scores, or as played."""
        if order not in ORDERS:
            raise Refused(f"order is one of {', '.join(ORDERS)}, not {order[:100]!r}")
        results = self._recordings.results(run)
        done = [(episode, result) for episode, result in results if result and not result.error]
        if order != "seed":
            done.sort(key=lambda each: score(each[1]), reverse=order == "best")
        scores = [result.progression for _, result in done if result.progression is not None]
        mean = f", mean progression {fmean(scores):.4f}" if scores else ""
        lines = [f"# run {run}: {len(done)} of {len(results)} episodes played{mean}"]
        for episode, result in done:
            told = "\n".join(f"  {name}: {text}" for name, text in figures(result).items())
            lines.append(f"## {episode.name}\n{told}")
        return "\n".join(lines)

    def steps(self, episode: str, what: str, text: str = "", run: str = PARENT) -> str:
        """The game steps in which something happened; of all episodes where none is named."""
        happened = seek(what, text, self._stuck_steps)
        names = [episode] if episode.strip() else self._played(run)
        lines: list[str] = []
        hits = 0
        for name in names:
            recorded = self._recordings.open(run, name)
            found = list(islice(_hits(recorded, happened), HITS - hits))
            hits += len(found)
            lines += [f"# {recorded.episode.name}, run {run}", *found] if found else []
        if not hits:
            return "in no step"
        return "\n".join(
            [f"{plural(hits, 'step')}{' (there may be more)' * (hits == HITS)}", *lines]
        )

    def step(self, episode: str, step: int, run: str = PARENT, system: bool = False) -> str:
        """One game step in full."""
        recorded = self._recordings.open(run, episode)
        found = next((s for s in game_steps(recorded.trace) if s.number == step), None)
        if found is None:
            raise Refused(f"there is no step {step}; there are 1 to {recorded.result.game_steps}")
        return step_text(found, system)

    def memory(self, episode: str, step: int, file: str = "", run: str = PARENT) -> str:
        """The memory after a game step."""
        return memory_text(self._recordings.open(run, episode).trace, step, file)

    def compare(self, episode: str, other: str, run: str = PARENT) -> str:
        """The same episode in two runs."""
        pair = (self._recordings.open(run, episode), self._recordings.open(other, episode))
        return comparison((run, other), pair)

    def _played(self, run: str) -> list[str]:
        return [
            episode.name
            for episode, result in self._recordings.results(run)
            if result and not result.error
        ]


def _hits(recorded: Recorded, happened: Happened) -> Iterator[str]:
    for step in game_steps(recorded.trace):
        what = happened(step)
        if what is not None:
            yield f"step {step.number}: {step.action[:80]!r}{'; ' if what else ''}{what}"

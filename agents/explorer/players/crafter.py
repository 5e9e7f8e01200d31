"""The Crafter player: gathers, makes tools, keeps fed, and hides in the rock at night.

Its memory is two files: ``notes.md`` (where it is and what it has done) and ``map.md`` (the world
as far as it is known, a character a cell; a line is added when something new is seen, and those
that no longer count are cleared away now and then).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from agents.agent import Observation
from agents.explorer.crafter.chart import WORLD, ChartReader
from agents.explorer.crafter.record import MOVES, Record
from agents.explorer.crafter.rules import decide
from agents.explorer.crafter.situation import Situation
from agents.explorer.crafter.view import COMPASS, read_view
from agents.explorer.notes import keep, lasting, recall, shown
from automem_gym import GameAction, MemoryAction

MAP = "map.md"
#: The map is written anew when so many of its lines no longer count, or it has so many characters.
MOST_STALE, MOST_CHARS = 40, 7_600


class Explorer:
    """Plays Crafter from its texts.

    Args:
        info: The first ``info`` of the episode.
        rng: For choices among equals.
    """

    #: The rules by which it plays.
    decide = staticmethod(decide)

    def __init__(self, info: Mapping[str, Any], rng: random.Random) -> None:
        self._vocabulary = frozenset(info["vocabulary"])
        self._rng = rng
        self._reader = ChartReader()

    def act(self, observation: Observation, info: Mapping[str, Any]) -> str:
        """The next turn."""
        memory = observation["memory"]
        notes, lines = recall(memory), shown(memory, MAP)
        known, step = Record.read(notes), info["game_step"]
        record = known or Record()
        lost = known is None or max(map(abs, record.position)) > WORLD
        if lost:
            record.position, record.goal, record.shelter = (0, 0), None, None
            record.heading = self._rng.choice(list(COMPASS.values()))
        chart = self._reader.read([] if lost else lines)
        view = read_view(observation, info.get("surroundings", {}))
        record.learn(view, step)
        s = Situation(view, chart, record, step, self._rng)
        if view.front == "nothing":
            chart.mark_edge(s.me, s.ahead)
        chart.look(s.me, s.ahead, view)
        action = self.decide(s)
        blocked = action in MOVES and s.blocked(MOVES[action])
        record.expect(action, view, blocked)
        written = keep(notes, notes | record.notes(), self._vocabulary)
        kept = self._keep_map([] if lost else lines, lines, chart.news())
        return f"{written}{kept}{GameAction(action)}"

    def _keep_map(self, known: list[str], lines: list[str], news: list[str]) -> str:
        """The commands that write what was seen and read the map back.

        Args:
            known: The lines that count.
            lines: The lines in the file.
            news: The lines that are new.
        """
        if not lasting(self._vocabulary):
            return ""
        old = _by_head(known)
        # What is new comes last, so that old lines stay as they are and where they are.
        told = _by_head(news)
        new = {head: text for head, text in old.items() if head not in told} | told
        if not self._vocabulary >= {"WRITE", "APPEND"}:
            return keep(_by_head(lines), new, self._vocabulary, MAP)
        stale = len(lines) + len(news) - len(new)
        length = sum(map(len, lines)) + sum(map(len, news))
        commands = []
        if known != lines or stale > MOST_STALE or length > MOST_CHARS:
            whole = "\n".join(f"{head}: {text}" for head, text in new.items())
            commands = [MemoryAction("WRITE", MAP, whole)]
        elif news:
            commands = [MemoryAction("APPEND", MAP, "\n".join(news))]
        return "".join(map(str, [*commands, MemoryAction("READ", MAP)]))


def _by_head(lines: list[str]) -> dict[str, str]:
    """What lines tell, by what they tell it of; of several about the same, the last one."""
    parts = (line.partition(": ") for line in lines if "|" not in line)
    return {head: text for head, _, text in parts if text}

"""The Crafter player: gathers, makes tools, keeps fed, and hides in the rock at night.

Its memory is two files: ``notes.md`` (where it is and what it has done) and ``map.md`` (the world as
far as it is known, a character a cell; a line is added when something new is seen, and those that no
longer count are cleared away now and then).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from agents.agent import Observation
from agents.explorer.crafter.chart import WORLD, Chart, ChartReader
from agents.explorer.crafter.record import MOVES, Record
from agents.explorer.crafter.rules import decide
from agents.explorer.crafter.situation import Situation
from agents.explorer.crafter.view import read_view
from agents.explorer.notes import keep, recall, shown
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
        chart = self._reader.read([] if lost else lines)
        view = read_view(observation, info.get("surroundings", {}))
        record.learn(view, step)
        s = Situation(view, chart, record, step, self._rng)
        if view.front == "nothing":
            chart.mark_edge(s.me, s.ahead)
        chart.look(s.me, s.ahead, view)
        action = decide(s)
        blocked = action in MOVES and s.blocked(MOVES[action])
        record.expect(action, view, blocked)
        written = keep(notes, notes | record.notes(), self._vocabulary)
        kept = self._keep_map(lines, chart, lost)
        return f"{written}{kept}{GameAction(action)}"

    def _keep_map(self, lines: list[str], chart: Chart, lost: bool) -> str:
        """The commands that write what was seen and read the map back."""
        if not self._vocabulary >= {"READ", "WRITE"}:
            return ""
        news = chart.news()
        commands = []
        if news or lost:
            counting = {line.partition(":")[0]: line for line in ([] if lost else lines)}
            for line in news:
                # What is new comes last, so that old lines stay as they are and where they are.
                head = line.partition(":")[0]
                counting.pop(head, None)
                counting[head] = line
            stale = len(lines) + len(news) - len(counting)
            long = sum(map(len, lines)) + sum(map(len, news)) > MOST_CHARS
            if lost or long or stale > MOST_STALE or "APPEND" not in self._vocabulary:
                commands = [MemoryAction("WRITE", MAP, "\n".join(counting.values()))]
            else:
                commands = [MemoryAction("APPEND", MAP, "\n".join(news))]
        return "".join(map(str, [*commands, MemoryAction("READ", MAP)]))

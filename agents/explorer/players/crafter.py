"""The Crafter player: gathers, makes tools, keeps fed, and hides in the rock at night.

Its memory is three files: ``notes.md`` (where it is and what it has done), ``map.md`` (the world as
far as it is known, a character a cell) and ``map_changes.md`` (what was seen since the map was last
written as a whole, so that a step costs a line and not a map).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from agents.agent import Observation
from agents.explorer.crafter.chart import HALF, Chart
from agents.explorer.crafter.record import MOVES, Record
from agents.explorer.crafter.rules import decide
from agents.explorer.crafter.situation import Situation
from agents.explorer.crafter.view import read_view
from agents.explorer.notes import keep, recall, shown
from automem_gym import GameAction, MemoryAction

MAP, CHANGES = "map.md", "map_changes.md"
#: Changes are written into the map when there are this many lines of them.
MOST_CHANGES = 100
#: Nearer to the border of the chart than this, a new chart is begun.
MARGIN = 5


class Explorer:
    """Plays Crafter from its texts.

    Args:
        info: The first ``info`` of the episode.
        rng: For choices among equals.
    """

    def __init__(self, info: Mapping[str, Any], rng: random.Random) -> None:
        self._vocabulary = frozenset(info["vocabulary"])
        self._rng = rng

    def act(self, observation: Observation, info: Mapping[str, Any]) -> str:
        """The next turn."""
        memory = observation["memory"]
        notes, changes = recall(memory), shown(memory, CHANGES)
        rows = recall(memory, MAP)
        known, chart = Record.read(notes), Chart(rows, changes)
        record = known or Record()
        if known is None or max(map(abs, record.position)) > HALF - MARGIN:
            record.position, record.goal, record.shelter = (0, 0), None, None
            chart, changes = Chart({}, ()), [""] * MOST_CHANGES
        view = read_view(observation, info.get("surroundings", {}))
        record.learn(view)
        s = Situation(view, chart, record, info["game_step"], self._rng)
        if view.front == "nothing":
            chart.mark_edge(s.me, s.ahead)
        chart.look(s.me, view)
        action = decide(s)
        blocked = action in MOVES and s.blocked(MOVES[action])
        record.expect(action, view, blocked)
        written = keep(notes, notes | record.notes(), self._vocabulary)
        if self._vocabulary >= {"READ", "WRITE", "APPEND"}:
            return f"{written}{_keep_map(chart, changes)}{GameAction(action)}"
        # Without them the map is written as other notes are, and whole.
        return f"{written}{keep(rows, chart.rows(), self._vocabulary, MAP)}{GameAction(action)}"


def _keep_map(chart: Chart, changes: list[str]) -> str:
    """The commands that write what was seen and read the map back."""
    patches = chart.patches()
    commands = []
    if len(changes) + len(patches) >= MOST_CHANGES:
        rows = "\n".join(f"{y}: {row}" for y, row in chart.rows().items())
        commands = [MemoryAction("WRITE", MAP, rows), MemoryAction("WRITE", CHANGES)]
    elif patches:
        commands = [MemoryAction("APPEND", CHANGES, "\n".join(patches))]
    return "".join(map(str, [*commands, MemoryAction("READ", MAP), MemoryAction("READ", CHANGES)]))

"""The courier's player: goes to the table and to the furnace, and looks for what it does not know.

It finds its way as the Crafter player does, and keeps the same notes and the same map.
"""

from __future__ import annotations

from agents.explorer.crafter.rules import explore
from agents.explorer.crafter.situation import Situation
from agents.explorer.players import crafter


def deliver(s: Situation) -> str:
    """The next action on the round between table and furnace."""
    way = s.nearest({"furnace" if s.view.amount("parcel") else "table": 0})
    return explore(s) if way is None else s.toward(way.step)


class Explorer(crafter.Explorer):
    """Plays the courier from its texts."""

    decide = staticmethod(deliver)

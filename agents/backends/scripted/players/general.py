"""A player for any game: does what it has done least where things look as they do now."""

from __future__ import annotations

import re
import zlib
from collections import Counter

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.player import Player

#: One line of the action log: what was done where things looked how, and how they looked then.
_LINE = re.compile(r"step (\d{1,9}): (.+) in ([0-9a-f]{8}) -> ([0-9a-f]{8})")
_NOW = re.compile(r"step (\d{1,9}): .*-> ([0-9a-f]{8})")
#: An action after which all was as before is this many times less welcome.
_IDLE = 3


class Scripted(Player):
    """Keeps an action log by situation, a checksum of what is seen; knows no game."""

    def lookups(self) -> list[Lookup]:
        """What was done last, and what was done in situations such as this one."""
        return [
            Lookup("actions", "last", "3"),
            Lookup("actions", "with", f"in {self._situation()}"),
        ]

    def outcome(self) -> list[Note]:
        """The last action, the situation that it was taken in, and the one it led to."""
        prompt, now = self.prompt, self._situation()
        if not prompt.last_action:
            return [Note("actions", f"step {max(prompt.step, 0)}: start -> {now}")]
        before = self._situation_at(prompt.step - 1) if prompt.step > 0 else None
        where = f" in {before}" if before else ""
        return [Note("actions", f"step {prompt.step}: {prompt.last_action}{where} -> {now}")]

    def action(self) -> str:
        """The action that was taken least often here; one that changed nothing counts more."""
        here, done = self._situation(), Counter[str]()
        for found in filter(
            None, map(_LINE.fullmatch, dict.fromkeys(self.notebook.lines("actions")))
        ):
            if found[3] == here:
                done[found[2]] += _IDLE if found[4] == here else 1
        actions = [a for a in self.prompt.rules.actions if a not in self.prompt.committed]
        least = min((done[action] for action in actions), default=0)
        choices = [action for action in actions if done[action] == least]
        return self.rng.choice(choices) if choices else ""

    def _situation(self) -> str:
        # A checksum names the situation: the whole text would be too long for a note.
        seen = f"{self.prompt.observation}\n{self.prompt.status}"
        return f"{zlib.crc32(seen.encode('utf-8', 'replace')):08x}"

    def _situation_at(self, step: int) -> str | None:
        found = filter(None, map(_NOW.fullmatch, self.notebook.lines("actions")))
        return next((line[2] for line in found if int(line[1]) == step), None)

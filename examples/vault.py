"""A new game in one file: a vault whose code is written on signs that lie far behind its door.

Shows all that it takes to add a game::

    automem play examples.vault:AutoMem-Vault-v0
    automem run --env examples.vault:AutoMem-Vault-v0 --agent random --seeds 0-9 --out runs/vault

The corridor is longer than one can see, each sign shows one digit, and the door takes the digits in
order. Who does not note them down walks back and forth.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from automem_gym import EpisodeEnd, Frame, Sight, register_game

DIGITS = 4


class VaultGame:
    """A corridor with signs at its rooms, and a door with a dial at its west end.

    Args:
        rooms: Length of the corridor; at least as many as there are digits.
    """

    actions: Sequence[str] = ("west", "east", "read", *(f"dial {digit}" for digit in range(10)))
    default_action = "read"
    instructions = (
        "You are in a corridor of rooms, west to east. A vault door with a dial is in the first "
        f"room. Its code has {DIGITS} digits; signs in other rooms show one digit each. Dial the "
        "digits in order at the door: a wrong one resets the dial, and three wrong ones end the "
        "game. 'read' reads the sign of the room that you are in."
    )

    def __init__(self, rooms: int = 12) -> None:
        if rooms <= DIGITS:
            raise ValueError(f"rooms is at least {DIGITS + 1}, not {rooms}")
        self.rooms = rooms
        self.progression = 0.0

    def reset(self, seed: int) -> Frame:
        """Draws a code and the rooms of its signs."""
        rng = np.random.default_rng(seed)
        self._code = [int(digit) for digit in rng.integers(10, size=DIGITS)]
        places = rng.choice(np.arange(1, self.rooms), size=DIGITS, replace=False)
        self._signs = {int(place): nth for nth, place in enumerate(places)}
        self._room, self._dialled, self._wrong, self._said = 0, 0, 0, "You enter the corridor."
        self.progression = 0.0
        return self._frame()

    def step(self, action: str) -> Frame:
        """Walks, reads or dials."""
        before = self._dialled
        if action in ("west", "east"):
            goal = self._room + (1 if action == "east" else -1)
            blocked = not 0 <= goal < self.rooms
            self._room = self._room if blocked else goal
            self._said = "A wall stops you." if blocked else f"You walk {action}."
        elif action == "read":
            nth = self._signs.get(self._room)
            sign = "There is no sign here."
            self._said = (
                sign if nth is None else f"Digit {nth + 1} of the code is {self._code[nth]}."
            )
        elif self._room:
            self._said = "There is no dial here."
        elif int(action.removeprefix("dial ")) == self._code[self._dialled]:
            self._dialled += 1
            self._said = "Click."
        else:
            self._dialled, self._wrong = 0, self._wrong + 1
            self._said = f"Clack: the dial resets. Wrong digits so far: {self._wrong} of 3."
        self.progression = max(self.progression, self._dialled / DIGITS)
        end = EpisodeEnd.SOLVED if self._dialled == DIGITS else None
        end = EpisodeEnd.DIED if self._wrong == 3 else end
        return self._frame(max(0, self._dialled - before) / DIGITS, end)

    def _frame(self, reward: float = 0.0, end: EpisodeEnd | None = None) -> Frame:
        sign = " There is a sign here." if self._room in self._signs else ""
        door = " There is a vault door with a dial here." if self._room == 0 else ""
        ways = {"west": self._room > 0, "east": self._room < self.rooms - 1}
        return Frame(
            observation=f"{self._said}\nYou are in room {self._room + 1}.{sign}{door}",
            status=f"Digits dialled: {self._dialled} of {DIGITS}",
            reward=reward,
            end=end,
            facts={"room": self._room},
            surroundings={way: Sight("wall", 1) for way, free in ways.items() if not free},
        )

    def render(self, mode: str) -> object:
        """The corridor as a line of text, or as an image with a square a room."""
        cells = [
            "@" if i == self._room else "?" if i in self._signs else "." for i in range(self.rooms)
        ]
        if mode == "ansi":
            return f"[{''.join(cells)}] {self._said}"
        colours = {"@": (255, 255, 255), "?": (200, 160, 0), ".": (60, 60, 60)}
        line = np.array([colours[cell] for cell in cells], np.uint8)[None]
        return line.repeat(16, axis=0).repeat(16, axis=1)

    def close(self) -> None:
        """Nothing to free."""


register_game("Vault", f"{__name__}:VaultGame", max_game_steps=200)

"""Drives one NetHack process: keys in, a frame of arrays out, pages of --More-- turned by itself.

Both NetHack and MiniHack play on it. What it does besides typing a key:

- it seeds the process so that an episode is the same in every process and on every day;
- it turns the pages that wait for a key and keeps what stood on them (`pages`);
- at the end it keeps the last screen of the living game. NetHack itself goes on to inventories, a
  tombstone that shows the year, and a list of the best games that this process has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nle import nethack
from numpy.typing import NDArray

from automem_gym.game import EpisodeEnd
from automem_gym.games.nethack.message import message_text

SPACE, ESCAPE, RETURN = 32, 27, 13

# Positions in nle's arrays `program_state` and `internal` (nle's sys/unix/nledl and win/rl).
_GAME_OVER, _IN_MOVE_LOOP = 0, 3
_IN_QUESTION, _IN_TEXT_INPUT, _WAITS_FOR_SPACE = 1, 2, 3

_MORE = "--More--"
# Far more pages than NetHack ever shows in a row.
_MOST_PAGES = 1000
# NetHack appends to these at every death and shows them at the next one.
_RECORDS = ("record", "logfile", "xlogfile")

_SOLVED = (nethack.ASCENDED,)
_ABORTED = (nethack.PANICKED, nethack.TRICKED, nethack.QUIT, nethack.ESCAPED)

Arrays = Mapping[str, NDArray[Any]]


class Engine:
    """One NetHack process and what it shows.

    Attributes:
        frame: nle's arrays by name. The process writes into them: copy what is to be kept.
        pages: The pages that were turned since the last key, oldest first, without ``--More--``.
        done: Whether the game is over.
    """

    def __init__(self, process: nethack.Nethack, answer: Callable[[Engine], int | None]):
        """Takes over a process.

        Args:
            process: The process, as nle makes it. Its arrays must hold those that the text is made
                of (`automem_gym.games.nethack.text`), and ``program_state`` and ``internal``.
            answer: Gives the key that is pressed by itself on the current screen, or None where the
                player has to act.
        """
        self._process = process
        self._answer = answer
        self.frame: Arrays = process._obs_buffers
        self.pages: list[str] = []
        self.done = False
        self._program_state = self.frame["program_state"]
        self._internal = self.frame["internal"]
        self._screen = self.frame["tty_chars"]

    def seed(self, seed: int) -> None:
        """Prepares the process for the episode of a seed; the next reset starts it.

        nle forgets seeds after one reset and ignores those given to ``reset``, so this comes before
        every one.
        """
        self._process.set_initial_seeds(seed, seed, False)
        for name in _RECORDS:
            self._file(name).write_bytes(b"")

    def begin(self) -> None:
        """Goes through the greetings after a reset, up to the player's first move.

        As in nle, what stood on the pages before it is not shown.
        """
        self.done = False
        self.pages.clear()
        for _ in range(_MOST_PAGES):
            if self._program_state.item(_IN_MOVE_LOOP):
                break
            # The game may ask for a name when the first step picks up an unknown scroll.
            self._type(ESCAPE if self.asks_for_text else SPACE)
        else:
            raise RuntimeError("NetHack did not reach the player's first move after its greetings.")
        self.settle()

    def press(self, key: int) -> None:
        """Types a key, then whatever the game itself answers."""
        self.pages.clear()
        self._type(key)
        self.settle()

    def settle(self) -> None:
        """Turns pages until the player has to act or the game is over."""
        for _ in range(_MOST_PAGES):
            if self.done:
                return
            if self._program_state.item(_GAME_OVER):
                self._finish()
                return
            key = self._answer(self)
            if key is None:
                return
            self.pages.append(self.message().replace(_MORE, ""))
            self._type(key)
        raise RuntimeError(f"NetHack still waits for a key after {_MOST_PAGES} pages.")

    def message(self) -> str:
        """The message on the current screen."""
        return message_text(self._screen.tobytes(), self._screen.shape[1])

    @property
    def waits(self) -> bool:
        """Whether a page or a menu waits for a key."""
        return bool(self._internal.item(_WAITS_FOR_SPACE))

    @property
    def shows_more(self) -> bool:
        """Whether that page ends with ``--More--``, so that no menu asks for a choice."""
        return self.waits and _MORE.encode() in self._screen.tobytes()

    @property
    def asks_for_text(self) -> bool:
        """Whether the game wants a line of text."""
        return bool(self._internal.item(_IN_TEXT_INPUT))

    @property
    def asks_question(self) -> bool:
        """Whether the game wants a single character."""
        return bool(self._internal.item(_IN_QUESTION))

    def end(self) -> EpisodeEnd | None:
        """Why the game is over, or None while it goes on."""
        if not self.done:
            return None
        how = self._process.how_done()
        if how in _SOLVED:
            return EpisodeEnd.SOLVED
        return EpisodeEnd.ABORTED if how in _ABORTED else EpisodeEnd.DIED

    def epitaph(self) -> str:
        """What NetHack wrote on the end of this game, such as ``killed by a jackal``."""
        fields = self._file("xlogfile").read_text(encoding="latin-1").rstrip().split("\t")
        return next((field[6:] for field in fields if field.startswith("death=")), "")

    def _finish(self) -> None:
        """Goes through everything that NetHack shows after the end, and keeps the last screen."""
        last = {name: array.copy() for name, array in self.frame.items()}
        for _ in range(_MOST_PAGES):
            if self.done:
                break
            self._type(RETURN if self.waits else ESCAPE)
        else:
            raise RuntimeError("NetHack does not come to an end after the death of the player.")
        for name, array in self.frame.items():
            array[...] = last[name]

    def _type(self, key: int) -> None:
        _, self.done = self._process.step(key)

    def _file(self, name: str) -> Path:
        # nle tells nobody else where a process keeps its files.
        return Path(self._process._vardir) / name

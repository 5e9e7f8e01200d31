"""What a game looks like: a picture of the current frame as text, for recordings and replays.

A game of :class:`automem_gym.game.Game` may be scenic; one that is not is shown by its texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, Protocol, runtime_checkable

#: The kinds of scenes. ``ansi``: the lines of a terminal, with ANSI codes (SGR) for colours:
#: ``ESC[0m`` is plain; 30 to 37, 90 to 97 and 7 (reverse) are used, joined with ``;``. Each line
#: begins and ends in plain; blanks at its end are left out. ``tiles``: a map, a character a cell;
#: what a character looks like is told by the game's tileset.
SceneKind = Literal["ansi", "tiles"]


class Tile(NamedTuple):
    """What a character of a scene of tiles stands for.

    Attributes:
        name: What it is, in words.
        png: Its picture, a square PNG; all tiles of a set have the same size.
        color: Its colour on a terminal, among the 256 that those have; None for the plain one.
    """

    name: str
    png: bytes
    color: int | None = None


@runtime_checkable
class Scenic(Protocol):
    """A game that draws its frames."""

    @property
    def scene_kind(self) -> SceneKind:
        """What kind of scene it draws; always the same."""

    def scene(self) -> str:
        """Draws the current frame, lines joined by newlines; this changes nothing in the episode.

        It is asked for after every step of a recorded episode, so it should take microseconds.
        """


@runtime_checkable
class Holding(Scenic, Protocol):
    """A scenic game that can put off drawing.

    A recording draws many frames at once, which is faster than one between two steps of the game.
    """

    def held_scene(self) -> Callable[[], str]:
        """Keeps the current frame; what comes back draws it, also when the game has gone on."""


@runtime_checkable
class Tiled(Scenic, Protocol):
    """A game whose scenes are of the kind ``tiles``."""

    @classmethod
    def tileset(cls) -> Mapping[str, Tile]:
        """The tiles by character; they depend on no episode."""

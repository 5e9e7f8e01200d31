"""What a game is: the protocol that an environment plays, and the frame that it shows.

A game knows nothing of memory, turns or budgets; the environment adds those. To add a game, write a
class with these members and register it (``automem_gym.registration.register_game``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, runtime_checkable


class EpisodeEnd(StrEnum):
    """Why an episode ended, as ``info["episode_end"]`` says it."""

    DIED = "died"
    SOLVED = "solved"
    STEP_LIMIT = "step limit"
    NO_PROGRESS = "no progress"
    ABORTED = "aborted"  # the game itself stopped without death or success: it was quit or left

    @property
    def truncated(self) -> bool:
        """Whether a limit from outside the game ended it (Gymnasium's ``truncated``)."""
        return self in (EpisodeEnd.STEP_LIMIT, EpisodeEnd.NO_PROGRESS)


COMPASS: Mapping[str, tuple[int, int]] = {
    "north": (0, -1),
    "northeast": (1, -1),
    "east": (1, 0),
    "southeast": (1, 1),
    "south": (0, 1),
    "southwest": (-1, 1),
    "west": (-1, 0),
    "northwest": (-1, -1),
}
"""The eight directions of ``Frame.surroundings``, clockwise from north.

One step in each, as (columns to the east, rows to the south).
"""


class Sight(NamedTuple):
    """The nearest thing that is not plain ground in one direction.

    Attributes:
        name: What it is, in the words that the game's text uses.
        steps: How many steps away it lies; 1 is the next cell.
    """

    name: str
    steps: int


@dataclass(slots=True)
class Frame:
    """What a game shows after a reset or a step.

    Attributes:
        observation: What the player sees (BALROG's long-term context).
        status: Inventory and vitals (BALROG's short-term context).
        reward: Reward of the step that led here; 0 after a reset.
        end: Why the episode is over, or None while it goes on.
        facts: The game's own entries for ``info``; plain values that JSON can hold.
        surroundings: What lies in each of the eight directions (``COMPASS``), from the frame
            itself; directions with nothing to tell are absent. None where a game has no such thing.
    """

    observation: str
    status: str = ""
    reward: float = 0.0
    end: EpisodeEnd | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    surroundings: Mapping[str, Sight] | None = None


@runtime_checkable
class Game(Protocol):
    """A text game.

    The same seed and the same actions give the same episode, in another process and on another day.
    """

    @property
    def actions(self) -> Sequence[str]:
        """The names of the valid actions, the same for the whole life of the game."""

    @property
    def default_action(self) -> str:
        """The action that is executed in place of an invalid one."""

    @property
    def instructions(self) -> str:
        """The rules and the goal, in words for a player; holds nothing of one episode."""

    @property
    def progression(self) -> float:
        """How far this episode has come, in [0, 1]; never falls within an episode."""

    def reset(self, seed: int) -> Frame:
        """Starts the episode of this seed (a non-negative integer below 2**63)."""

    def step(self, action: str) -> Frame:
        """Executes one of ``actions``; the environment asks for nothing else, nor after the end."""

    def render(self, mode: str) -> Any:
        """Draws the current frame.

        Args:
            mode: ``ansi`` gives text, ``rgb_array`` an array (height, width, 3) of uint8.
        """

    def close(self) -> None:
        """Frees what the game holds; may be called twice."""

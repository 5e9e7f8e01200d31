"""What NetHack and MiniHack share as games: the life of an episode, its facts and its frames."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from nle import nethack

from automem_gym.game import EpisodeEnd, Frame
from automem_gym.games.nethack.engine import Arrays, Engine
from automem_gym.games.nethack.screen import Screen
from automem_gym.games.nethack.text import describe
from automem_gym.scene import SceneKind
from memory_fs.suggestion import unknown_name

_FACTS = {
    "game_time": nethack.NLE_BL_TIME,
    "dungeon_level": nethack.NLE_BL_DEPTH,
    "dungeon": nethack.NLE_BL_DNUM,
    "experience_level": nethack.NLE_BL_XP,
    "experience_points": nethack.NLE_BL_EXP,
    "hp": nethack.NLE_BL_HP,
    "max_hp": nethack.NLE_BL_HPMAX,
    "energy": nethack.NLE_BL_ENE,
    "max_energy": nethack.NLE_BL_ENEMAX,
    "armor_class": nethack.NLE_BL_AC,
    "hunger": nethack.NLE_BL_HUNGER,
    "gold": nethack.NLE_BL_GOLD,
    "score": nethack.NLE_BL_SCORE,
    "x": nethack.NLE_BL_X,
    "y": nethack.NLE_BL_Y,
}
# What an observation begins with; the message follows it.
_HEADING = "message:\n"
_CLOSED = "The game is closed: make another one."
_pick_facts = itemgetter(*_FACTS.values())


class TerminalGame(ABC):
    """A game of `automem_gym.game.Game` that is played on a NetHack terminal.

    The facts of a frame are NetHack's status numbers as they were last shown. A death may come
    before they are shown again: ``hp`` is then what was left before the last blow.

    Args:
        engine: The process, and what it shows.
        actions: The names of the valid actions.
        default_action: The action that is executed in place of an invalid one.
        instructions: The rules and the goal, in words for a player.
        distance_style: How the text words distances, see
            `automem_gym.games.nethack.distance`. Subclasses check it before they start a process.
    """

    def __init__(
        self,
        engine: Engine,
        actions: Sequence[str],
        default_action: str,
        instructions: str,
        distance_style: str,
    ):
        self._engine = engine
        self._screen = Screen()
        self._actions = tuple(actions)
        self._known = frozenset(actions)
        self._default_action = default_action
        self._instructions = instructions
        self._distance_style = distance_style
        self._facts: dict[str, Any] = {}
        # Why no step can be made, or nothing.
        self._trouble = "The game has not begun: call reset(seed) first."
        self._closed = False

    @property
    def actions(self) -> Sequence[str]:
        """The names of the valid actions; letters count by case (``h`` is not ``H``)."""
        return self._actions

    @property
    def default_action(self) -> str:
        """The action that is executed in place of an invalid one."""
        return self._default_action

    @property
    def instructions(self) -> str:
        """The rules and the goal, in words for a player."""
        return self._instructions

    @property
    @abstractmethod
    def progression(self) -> float:
        """How far this episode has come, in [0, 1]."""

    @property
    def frame(self) -> Arrays:
        """The arrays of the current screen by nle's names (``tty_chars``, ``tty_colors``, ...).

        The next step writes into the same arrays: copy what is to be kept.
        """
        return self._engine.frame

    def reset(self, seed: int) -> Frame:
        """Starts the episode of this seed.

        Raises:
            RuntimeError: The game is closed.
        """
        if self._closed:
            raise RuntimeError(_CLOSED)
        self._begin(int(seed))
        self._trouble = ""
        return self._show(0.0, None)

    def step(self, action: str) -> Frame:
        """Executes one action.

        Raises:
            ValueError: The game knows no action of this name.
            RuntimeError: No episode is going on.
        """
        if self._trouble:
            raise RuntimeError(self._trouble)
        if action not in self._known:
            raise unknown_name("action", action, self._actions)
        reward, end = self._play(action)
        if end is not None:
            self._trouble = f"The episode is over ({end}): call reset(seed) for the next one."
        return self._show(reward, end)

    def render(self, mode: str) -> Any:
        """Draws the terminal.

        Args:
            mode: ``ansi`` for coloured text, ``rgb_array`` for a (height, width, 3) uint8 array.

        Raises:
            ValueError: There is no such mode.
        """
        if mode == "ansi":
            return self.scene()
        if mode == "rgb_array":
            # Imported here because playing needs no image library.
            from automem_gym.games.nethack.rendering import pixels

            return pixels(self.frame)
        raise unknown_name("render mode", mode, ("ansi", "rgb_array"))

    @property
    def scene_kind(self) -> SceneKind:
        """A terminal."""
        return "ansi"

    def scene(self) -> str:
        """The terminal as text with ANSI colours, 24 lines of up to 80 characters."""
        return self._screen.draw(self.frame)

    def held_scene(self) -> Callable[[], str]:
        """The same, to be drawn later: nle's arrays are copied, and coloured when it is called."""
        return self._screen.hold(self.frame)

    def close(self) -> None:
        """Ends the process and removes its files; may be called twice."""
        self._trouble = _CLOSED
        self._closed = True
        self._close()

    @abstractmethod
    def _begin(self, seed: int) -> None:
        """Resets the process to the episode of a seed, and the progression with it."""

    @abstractmethod
    def _play(self, action: str) -> tuple[float, EpisodeEnd | None]:
        """Executes a valid action; gives its reward and the end that it led to."""

    @abstractmethod
    def _close(self) -> None:
        """Frees the process."""

    def _read_facts(self) -> Mapping[str, Any]:
        """Reads the facts of the current screen; all of them are plain ints."""
        self._facts = dict(zip(_FACTS, _pick_facts(self.frame["blstats"].tolist()), strict=True))
        return self._facts

    def _show(self, reward: float, end: EpisodeEnd | None) -> Frame:
        text = describe(self.frame, self._distance_style)
        observation = text.observation
        if self._engine.pages or self._engine.done:
            message = "\n".join(self._messages(text.message))
            rest = observation[len(_HEADING) + len(text.message) :]
            observation = f"{_HEADING}{message}{rest}"
        return Frame(observation, text.status, reward, end, self._facts, text.surroundings)

    def _messages(self, last: str) -> list[str]:
        """Collects the turned pages, the last message and, after the end, its cause."""
        messages = [*self._engine.pages, last]
        if self._engine.done:
            messages[-1] = last.replace("--More--", "")
            epitaph = self._engine.epitaph()
            messages.append(f"The game is over: {epitaph}.")
        return messages

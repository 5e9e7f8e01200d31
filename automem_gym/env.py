"""The environment: a game with a memory, as a plain Gymnasium environment."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import gymnasium
from gymnasium.error import ClosedEnvironmentError, ResetNeeded

from automem_gym.action import ActionNames, GameAction
from automem_gym.checks import check_count
from automem_gym.game import EpisodeEnd, Frame, Game
from automem_gym.memory_turn import (
    MAX_TURNS_PER_GAME_STEP,
    MemoryTurns,
    Turn,
    copied,
    observation_space,
)
from automem_gym.scene import Holding, SceneKind, Scenic
from memory_fs import MemoryAction, MemoryConfig, MemoryStore
from memory_fs.suggestion import did_you_mean

#: A file that every memory starts with, so that there is something to write to.
DEFAULT_FILES = {"notes.md": ""}

#: Seeds are below this: engines take them as 64-bit integers.
LARGEST_SEED = 2**63

Observation = dict[str, str]
Action = str | GameAction | MemoryAction


def load_game(game: str | Callable[..., Game]) -> Callable[..., Game]:
    """Finds the class of a game from ``"module:Name"``; a callable is returned as it is."""
    if callable(game):
        return game
    module, colon, name = game.partition(":")
    if not colon:
        raise ValueError(f"a game is named as 'module:Name', not {game!r}")
    found: Callable[..., Game] = getattr(importlib.import_module(module), name)
    return found


def check_arguments(game: Callable[..., Game], arguments: Mapping[str, Any]) -> None:
    """Checks the names of a game's arguments.

    Raises:
        TypeError: The game has no argument of a name.
    """
    parameters = inspect.signature(game).parameters
    if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values()):
        return
    own = [*inspect.signature(AutoMemEnv).parameters][1:-1]
    for name in arguments:
        if name not in parameters:
            raise TypeError(
                f"there is no argument {name!r}.{did_you_mean(name, [*parameters, *own])} The game "
                f"takes {', '.join(parameters) or 'none'}; every environment {', '.join(own)}."
            )


class AutoMemEnv(gymnasium.Env[Observation, Action]):
    """A text game whose action space also holds a memory.

    An action is text, a :class:`GameAction` or a :class:`MemoryAction`. The observation has four
    texts: ``observation`` (what the game shows), ``status`` (inventory and vitals), ``memory``
    (results of this turn's commands) and ``files`` (the index of the memory).

    Args:
        game: The game's class, or ``"module:Name"``.
        game_name: Its name, under which scaffolds and players are looked up.
        max_game_steps: Game steps after which the episode is truncated; None for no limit. Turns
            that only touch memory do not count.
        memory: Configuration of the memory.
        max_turns_per_game_step: Turns without a game action, after which the game's default action
            is executed.
        memory_span: Game steps for which the memory lasts: older lines are forgotten, and with 0
            what was looked up before an action, too (``info["commands"]`` still tells it, for
            records). None, the default: for the whole episode. See
            :class:`memory_fs.Forgetting`.
        render_mode: ``ansi``, ``human`` (printed to the terminal) or ``rgb_array``.
        **game_kwargs: For the game.
    """

    metadata: dict[str, Any] = {"render_modes": ["ansi", "human", "rgb_array"], "render_fps": 10}  # noqa: RUF012

    def __init__(
        self,
        game: str | Callable[..., Game],
        *,
        game_name: str = "",
        max_game_steps: int | None = None,
        memory: MemoryConfig | None = None,
        max_turns_per_game_step: int = MAX_TURNS_PER_GAME_STEP,
        memory_span: int | None = None,
        render_mode: str | None = None,
        **game_kwargs: Any,
    ) -> None:
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            modes = ", ".join(self.metadata["render_modes"])
            raise ValueError(f"render_mode {render_mode!r} is none of {modes}")
        if max_game_steps is not None:
            check_count("max_game_steps", max_game_steps)
        maker = load_game(game)
        check_arguments(maker, game_kwargs)
        self.game: Game = maker(**game_kwargs)
        self._scenic = self.game if isinstance(self.game, Scenic) else None
        self._holding = self.game if isinstance(self.game, Holding) else None
        self.game_name = game_name or type(self.game).__name__.removesuffix("Game")
        self.max_game_steps = max_game_steps
        self.render_mode = render_mode
        config = memory or MemoryConfig(files=DEFAULT_FILES)
        self._turns = MemoryTurns(
            config,
            ActionNames(self.game.actions),
            self.game.default_action,
            max_turns_per_game_step,
            memory_span,
        )
        self.action_space = self._turns.action_space()
        self.observation_space = observation_space()
        self._closed = False
        self._frame: Frame | None = None
        self._end: EpisodeEnd | None = None
        self._progression = 0.0

    @property
    def memory(self) -> MemoryStore:
        """The memory of the current episode."""
        return self._turns.store

    @property
    def memory_span(self) -> int | None:
        """Game steps for which the memory lasts; None for the whole episode."""
        return self._turns.span

    @property
    def scene_kind(self) -> SceneKind | None:
        """The kind of the game's scenes; None where it draws none."""
        return None if self._scenic is None else self._scenic.scene_kind

    @property
    def instructions(self) -> str:
        """The rules and the goal of the game, in words for a player."""
        return self.game.instructions

    @property
    def actions(self) -> tuple[str, ...]:
        """The valid game actions."""
        return tuple(self.game.actions)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Starts an episode.

        Args:
            seed: Seed of the episode. None draws a new one from the environment's generator.
            options: ``memory``: a MemoryConfig that replaces the one so far; ``keep_memory``: True
                keeps the files of the last episode.

        Returns:
            The observation, and an ``info`` that also tells what a player has to know of the game:
            ``game``, ``instructions``, ``actions``, ``default_action``, and the memory's
            ``vocabulary``.
        """
        super().reset(seed=seed)
        if seed is not None and seed >= LARGEST_SEED:
            raise ValueError(f"a seed is below 2**63, not {seed}")
        if self._closed:
            raise gymnasium.error.ClosedEnvironmentError(
                "this environment is closed: make a new one"
            )
        if self._turns.reset(options):
            self.action_space = self._turns.action_space()
        episode_seed = int(self.np_random.integers(2**31)) if seed is None else seed
        self._frame = self.game.reset(episode_seed)
        self._end = self._frame.end
        self._progression = self.game.progression
        if self.render_mode == "human":
            self.render()
        turn = Turn()
        about = self._turns.introduction(self.game_name, self.game.instructions)
        return self._observe(self._frame, turn), {**self._info(self._frame, turn), **about}

    def step(self, action: Action) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Plays one turn: memory commands, and at most one game action after them.

        Raises:
            ResetNeeded: There is no episode, or it is over.
            TypeError: The action is neither text nor one of the action classes.
        """
        if self._closed:
            raise gymnasium.error.ClosedEnvironmentError(
                "this environment is closed: make a new one"
            )
        if self._frame is None:
            raise ResetNeeded("there is no episode yet: call reset() before step()")
        if self._end is not None:
            raise ResetNeeded(f"the episode is over ({self._end}): call reset() before step()")
        turn = self._turns.take(action)
        reward = 0.0
        if turn.execute is not None:
            frame = self._frame = self.game.step(turn.execute)
            reward = float(frame.reward)
            self._progression = self.game.progression
            self._end = frame.end
            if self._end is None and self._turns.game_step == self.max_game_steps:
                self._end = EpisodeEnd.STEP_LIMIT
            if self.render_mode == "human":
                self.render()
        over, cut = self._end is not None, self._end is not None and self._end.truncated
        observation, info = self._observe(self._frame, turn), self._info(self._frame, turn)
        return observation, reward, over and not cut, cut, info

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedEnvironmentError("this environment is closed: make a new one")

    def _observe(self, frame: Frame, turn: Turn) -> Observation:
        return self._turns.show(frame.observation, frame.status, turn)

    def _info(self, frame: Frame, turn: Turn) -> dict[str, Any]:
        # After a turn that only touched memory the frame is the last one again.
        again = turn.execute is None
        info: dict[str, Any] = {
            **(copied(frame.facts) if again else frame.facts),
            "progression": self._progression,
            **self._turns.info(turn),
            "episode_end": None if self._end is None else str(self._end),
        }
        if frame.surroundings is not None:
            info["surroundings"] = dict(frame.surroundings) if again else frame.surroundings
        return info

    def render(self) -> Any:
        """Draws the current frame as ``render_mode`` says; None for ``human``, which prints it."""
        if self.render_mode is None:
            raise ValueError("make the environment with render_mode='ansi', 'human' or 'rgb_array'")
        if self._frame is None:
            raise ResetNeeded("there is no episode yet: call reset() before render()")
        if self.render_mode != "human":
            return self.game.render(self.render_mode)
        print(self.game.render("ansi"), flush=True)
        return None

    def scene(self) -> str:
        """Draws the current frame for a recording, see :class:`automem_gym.scene.Scenic`.

        Raises:
            ResetNeeded: There is no episode yet.
            ValueError: The game draws no scenes: ``scene_kind`` is None.
        """
        if self._scenic is None:
            raise ValueError(f"{self.game_name} draws no scenes: its scene_kind is None")
        if self._frame is None:
            raise ResetNeeded("there is no episode yet: call reset() before scene()")
        return self._scenic.scene()

    def held_scene(self) -> Callable[[], str]:
        """Keeps the current frame; what comes back draws it as :meth:`scene` would do now."""
        if self._holding is not None and self._frame is not None:
            return self._holding.held_scene()
        drawn = self.scene()
        return lambda: drawn

    def close(self) -> None:
        """Frees the game and the memory; may be called twice."""
        self._closed = True
        self.game.close()
        self._turns.store.close()

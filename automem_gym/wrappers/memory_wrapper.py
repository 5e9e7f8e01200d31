"""A memory for any text environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gymnasium
from gymnasium.error import ResetNeeded
from gymnasium.spaces import Dict, Discrete, Space, Text

from automem_gym.action import ActionNames, GameAction
from automem_gym.game import EpisodeEnd
from automem_gym.memory_turn import (
    MAX_TURNS_PER_GAME_STEP,
    MemoryTurns,
    Turn,
    copied,
    observation_space,
)
from automem_gym.scene import SceneKind
from automem_gym.text_space import TextSpace
from memory_fs import MemoryAction, MemoryConfig, MemoryStore


class MemoryWrapper(
    gymnasium.Wrapper[dict[str, str], Any, Any, Any], gymnasium.utils.RecordConstructorArgs
):
    """Gives a memory to a text environment of your own.

    The turns, the commands, the observation and ``info`` are those of the environments of this
    package. A wrapped environment keeps its own rewards and endings; ``episode_end`` is what its
    ``info`` says, or ``solved`` where that has ``is_success``; else ``aborted`` where it terminated
    and ``step limit`` where it was truncated.

    Args:
        env: An environment whose observation is text (or a dictionary of texts, or anything that
            ``describe`` turns into text), and whose action is text or a number.
        actions: The names of its actions. Needed where the action is a number; where it is text,
            None means that any text is an action.
        default_action: What is executed in place of an invalid action; the first by default.
        describe: Turns an observation into (``observation``, ``status``), or into one text.
        game: Name of the game, under which scaffolds and players are looked up.
        instructions: Its rules and its goal, in words for a player.
        progression: Reads from ``info`` how far the episode has come, in [0, 1]; by default the
            entry ``progression`` of the wrapped environment, or 0.
        memory: Configuration of the memory.
        max_turns_per_game_step: Turns without a game action, after which the default is executed.
        memory_span: As in :class:`automem_gym.env.AutoMemEnv`.

    Example:
        >>> import gymnasium
        >>> from automem_gym.wrappers import MemoryWrapper
        >>> names = ("left", "down", "right", "up")
        >>> lake = gymnasium.make("FrozenLake-v1", is_slippery=False)
        >>> env = MemoryWrapper(lake, actions=names, describe=lambda cell: (f"cell {cell}", ""))
        >>> _ = env.reset(seed=1)
        >>> seen, *_ = env.step("<|APPEND|>map.md|cell 0 is safe<|END|><|ACTION|>right<|END|>")
        >>> seen["observation"], seen["memory"]
        ('cell 1', 'APPEND map.md: added; 1 line now')
        >>> env.close()
    """

    def __init__(
        self,
        env: gymnasium.Env[Any, Any],
        *,
        actions: Sequence[str] | None = None,
        default_action: str | None = None,
        describe: Callable[[Any], tuple[str, str] | str] | None = None,
        game: str = "",
        instructions: str = "",
        progression: Callable[[Mapping[str, Any]], float] | None = None,
        memory: MemoryConfig | None = None,
        max_turns_per_game_step: int = MAX_TURNS_PER_GAME_STEP,
        memory_span: int | None = None,
    ) -> None:
        gymnasium.utils.RecordConstructorArgs.__init__(
            self,
            actions=actions,
            default_action=default_action,
            describe=describe,
            game=game,
            instructions=instructions,
            progression=progression,
            memory=memory,
            max_turns_per_game_step=max_turns_per_game_step,
            memory_span=memory_span,
        )
        super().__init__(env)
        _check_actions(env.action_space, actions)
        if describe is None and not _is_text(env.observation_space):
            raise TypeError(
                f"the observation is {env.observation_space!r}: pass describe=, a function that "
                "turns it into (observation, status)"
            )
        names = ActionNames(actions) if actions else None
        if names and default_action is not None and default_action not in names.names:
            raise ValueError(f"default_action {default_action!r} is none of {names.names}")
        first = names.names[0] if names else ""
        self._describe = describe or _describe
        self._about = (game or type(env.unwrapped).__name__, instructions)
        self._progress = progression or (lambda info: float(info.get("progression", 0.0)))
        self._end: str | None = None
        self._numbered = isinstance(env.action_space, Discrete)
        self._turns = MemoryTurns(
            memory,
            names,
            first if default_action is None else default_action,
            max_turns_per_game_step,
            memory_span,
        )
        self.action_space = self._turns.action_space()
        self.observation_space = observation_space()
        self._seen: tuple[str, str] | None = None
        self._facts: Mapping[str, Any] = {}
        self._is_scenic = env.has_wrapper_attr("scene_kind")

    @property
    def memory(self) -> MemoryStore:
        """The memory of the current episode."""
        return self._turns.store

    @property
    def memory_span(self) -> int | None:
        """Game steps for which the memory lasts; None for the whole episode."""
        return self._turns.span

    @property
    def game_name(self) -> str:
        """Name of the game, under which scaffolds and players are looked up."""
        return self._about[0]

    @property
    def scene_kind(self) -> SceneKind | None:
        """The kind of the wrapped environment's scenes; None where it draws none.

        One that was made with ``render_mode="ansi"`` has scenes of that kind: what it renders.
        """
        rendered: SceneKind | None = "ansi" if self.env.render_mode == "ansi" else None
        return self.env.get_wrapper_attr("scene_kind") if self._is_scenic else rendered

    def scene(self) -> str:
        """Draws the current frame for a recording, see :class:`automem_gym.scene.Scenic`.

        Raises:
            ValueError: There are no scenes: ``scene_kind`` is None.
        """
        if self.scene_kind is None:
            raise ValueError(
                f"{self.game_name} draws no scenes: make it with render_mode='ansi', or give it "
                "scene() and scene_kind"
            )
        drawn = self.env.get_wrapper_attr("scene" if self._is_scenic else "render")()
        # Gymnasium lets environments give a text file in place of a text.
        text: str = drawn if isinstance(drawn, str) else drawn.getvalue()
        return text

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        """Starts an episode; ``memory`` and ``keep_memory`` in ``options`` are taken here."""
        options = dict(options or {})
        own: dict[str, Any] = {
            key: options.pop(key) for key in ("memory", "keep_memory") if key in options
        }
        if self._turns.reset(own):
            self.action_space = self._turns.action_space()
        observation, info = self.env.reset(seed=seed, options=options or None)
        self._end = None
        seen, info = self._observe(observation, info, Turn())
        return seen, {**info, **self._turns.introduction(*self._about)}

    def step(
        self, action: str | GameAction | MemoryAction
    ) -> tuple[dict[str, str], Any, bool, bool, dict[str, Any]]:
        """Plays one turn: memory commands, and at most one game action after them."""
        if self._seen is None:
            raise ResetNeeded("there is no episode yet: call reset() before step()")
        if self._end is not None:
            raise ResetNeeded(f"the episode is over ({self._end}): call reset() before step()")
        turn = self._turns.take(action)
        if turn.execute is None:
            seen, facts = self._show(turn)
            return seen, 0.0, False, False, facts
        names = self._turns.actions
        move: Any = turn.execute
        if self._numbered and names:
            space = self.env.action_space
            assert isinstance(space, Discrete)
            move = int(space.start) + names.names.index(turn.execute)
        observation, reward, terminated, truncated, info = self.env.step(move)
        if terminated or truncated:
            self._end = str(info.get("episode_end") or _end(terminated, info))
        seen, info = self._observe(observation, info, turn)
        return seen, reward, terminated, truncated, info

    def _observe(
        self, observation: Any, info: Mapping[str, Any], turn: Turn
    ) -> tuple[dict[str, str], dict[str, Any]]:
        seen = self._describe(observation)
        seen = (seen, "") if isinstance(seen, str) else seen
        if not (isinstance(seen, tuple) and [*map(type, seen)] == [str, str]):
            raise TypeError(f"describe= returns (observation, status), two texts, not {seen!r:.80}")
        self._seen, self._facts = seen, info
        return self._show(turn)

    def _show(self, turn: Turn) -> tuple[dict[str, str], dict[str, Any]]:
        assert self._seen is not None
        observation = self._turns.show(*self._seen, turn)
        info = {
            **(copied(self._facts) if turn.execute is None else self._facts),
            "progression": self._progress(self._facts),
            **self._turns.info(turn),
            "episode_end": self._end,
        }
        return observation, info

    def close(self) -> None:
        """Frees the environment and the memory."""
        self.env.close()  # type: ignore[no-untyped-call]
        self._turns.store.close()


def _end(terminated: bool, info: Mapping[str, Any]) -> EpisodeEnd:
    """Why an episode ended that does not say so itself."""
    if info.get("is_success"):
        return EpisodeEnd.SOLVED
    return EpisodeEnd.ABORTED if terminated else EpisodeEnd.STEP_LIMIT


def _check_actions(space: Space[Any], actions: Sequence[str] | None) -> None:
    if isinstance(actions, str):
        raise TypeError(f"actions is a list of names, not the text {actions!r}")
    if isinstance(space, Discrete):
        if actions is None or len(actions) != space.n:
            raise ValueError(f"{space!r} needs actions=, a list of {space.n} names")
    elif not isinstance(space, Text | TextSpace):
        raise TypeError(f"MemoryWrapper takes text or Discrete actions, not {space!r}")


def _is_text(space: Space[Any]) -> bool:
    if isinstance(space, Dict):
        return all(isinstance(part, Text | TextSpace) for part in space.values())
    return isinstance(space, Text | TextSpace)


def _describe(observation: Any) -> tuple[str, str]:
    """A text is the observation; a dictionary's ``status`` is the status, the rest is joined."""
    if isinstance(observation, str):
        return observation, ""
    rest = {key: text for key, text in observation.items() if key != "status"}
    if len(rest) == 1:
        return next(iter(rest.values())), observation.get("status", "")
    joined = "\n\n".join(f"{key}:\n{text}" for key, text in rest.items())
    return joined, observation.get("status", "")

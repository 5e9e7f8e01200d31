"""A fixed list of moves, for reinforcement learning code that knows only numbers."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, SupportsIndex

import gymnasium
from gymnasium.error import InvalidAction
from gymnasium.spaces import Discrete

from automem_gym.text_space import ActionSpace

#: A move: the text of a turn, or a function that writes it from the last observation.
Move = str | Callable[[dict[str, str]], str]


class DiscreteGame(gymnasium.Wrapper[Any, int, Any, str], gymnasium.utils.RecordConstructorArgs):
    """Offers game actions and memory macros as the numbers 0 to n-1.

    Args:
        env: An environment of this package.
        actions: Which game actions; all by default.
        macros: Further moves: texts such as ``<|TAIL|>notes.md|1<|END|>``, or functions that write
            one from the last observation (to note what is seen, say).

    Example:
        >>> import gymnasium, automem_gym
        >>> from automem_gym.wrappers import DiscreteGame
        >>> note = lambda seen: f"<|WRITE|>notes.md|{seen['status']}<|END|>"
        >>> env = DiscreteGame(gymnasium.make("AutoMem-Crafter-v0"), macros=[note])
        >>> env.action_space
        Discrete(18)
        >>> _ = env.reset(seed=1)
        >>> env.step(17)[0]["memory"]
        'WRITE notes.md: written; 7 lines now'
        >>> env.close()
    """

    def __init__(
        self,
        env: gymnasium.Env[Any, str],
        actions: Sequence[str] | None = None,
        macros: Sequence[Move] = (),
    ) -> None:
        gymnasium.utils.RecordConstructorArgs.__init__(self, actions=actions, macros=macros)
        super().__init__(env)
        inner = env.action_space
        if not isinstance(inner, ActionSpace):
            raise TypeError(f"DiscreteGame needs an environment of this package, not {inner!r}")
        chosen = inner.actions if actions is None else tuple(actions)
        unknown = [name for name in chosen if name not in inner.actions]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no action here; there are {inner.actions}")
        self.moves: tuple[Move, ...] = (*chosen, *macros)
        if not self.moves:
            raise ValueError("name at least one action or macro")
        self.action_space = Discrete(len(self.moves))  # type: ignore[assignment]
        self._seen: Any = None

    def reset(self, **kwargs: Any) -> tuple[Any, dict[str, Any]]:
        """Starts an episode; see the environment."""
        self._seen, info = self.env.reset(**kwargs)
        return self._seen, info

    def step(self, action: SupportsIndex) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Plays a move.

        Raises:
            InvalidAction: There is no move of this number.
        """
        try:
            number = operator.index(action)
        except TypeError:
            raise InvalidAction(f"a move is a whole number, not {action!r:.80}") from None
        if not 0 <= number < len(self.moves):
            raise InvalidAction(f"moves are 0 to {len(self.moves) - 1}, not {number}")
        move = self.moves[number]
        result = self.env.step(move(self._seen) if callable(move) else move)
        self._seen = result[0]
        return result

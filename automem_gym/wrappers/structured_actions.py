"""Actions as a dictionary of choices instead of text."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import gymnasium
from gymnasium.error import InvalidAction
from gymnasium.spaces import Dict, Discrete

from automem_gym.action import GameAction
from automem_gym.text_space import ActionSpace, TextSpace
from memory_fs import MemoryAction

_FILE_CHARS, _TEXT_CHARS = 120, 10_000


class StructuredActions(
    gymnasium.ActionWrapper[Any, dict[str, Any], str], gymnasium.utils.RecordConstructorArgs
):
    """Takes actions as a dictionary: which kind, and what fills it.

    ``kind`` is 0 for a game action, which ``action`` picks; n for the n-th operation of the
    memory's vocabulary (``kinds`` lists them), which ``file``, ``key`` and ``text`` fill. Entries
    that a kind does not use are ignored.

    Args:
        env: An environment of this package.

    Example:
        >>> import gymnasium, automem_gym
        >>> from automem_gym.wrappers import StructuredActions
        >>> env = StructuredActions(gymnasium.make("AutoMem-Crafter-v0"))
        >>> _ = env.reset(seed=1)
        >>> write = {"kind": env.kinds.index("APPEND"), "file": "notes.md", "text": "hello"}
        >>> env.step(write)[0]["memory"]
        'APPEND notes.md: added; 1 line now'
        >>> env.close()
    """

    def __init__(self, env: gymnasium.Env[Any, str]) -> None:
        gymnasium.utils.RecordConstructorArgs.__init__(self)
        super().__init__(env)
        self._choices()

    def _choices(self) -> None:
        """Takes over the choices of the environment, which a new memory may change."""
        inner = self.env.action_space
        if not isinstance(inner, ActionSpace) or not inner.actions:
            raise TypeError(f"StructuredActions needs an env with a list of actions, not {inner!r}")
        self.actions = inner.actions
        self.kinds = ("ACTION", *inner.operations)
        self._fields = inner.operations
        self.action_space = Dict(
            {
                "kind": Discrete(len(self.kinds)),
                "action": Discrete(len(self.actions)),
                "file": TextSpace(_FILE_CHARS),
                "key": TextSpace(_FILE_CHARS),
                "text": TextSpace(_TEXT_CHARS),
            }
        )

    def reset(self, **kwargs: Any) -> tuple[Any, dict[str, Any]]:
        """Starts an episode; see the environment."""
        result = self.env.reset(**kwargs)
        if self.kinds[1:] != tuple(self.env.action_space.operations):  # type: ignore[attr-defined]
            self._choices()
        return result

    def action(self, action: Mapping[str, Any]) -> str:
        """Writes a dictionary as text.

        Raises:
            InvalidAction: The dictionary holds no such action.
        """
        if not isinstance(action, Mapping):
            raise InvalidAction(f"an action is a dictionary here, not {action!r:.80}")
        kind = self.kinds[_number(action, "kind", self.kinds)]
        if kind == "ACTION":
            return str(GameAction(self.actions[_number(action, "action", self.actions)]))
        missing = [field for field in self._fields[kind] if field not in action]
        if missing:
            raise InvalidAction(f"{kind} needs the entry {missing[0]!r}")
        try:
            values = {field: str(action[field]) for field in self._fields[kind]}
            return str(MemoryAction(kind, **values))
        except ValueError as error:
            raise InvalidAction(f"{kind}: {error}") from error


def _number(action: Mapping[str, Any], entry: str, names: tuple[str, ...]) -> int:
    """The number of a choice, checked."""
    value = action.get(entry)
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = -1
    if not 0 <= number < len(names):
        raise InvalidAction(f"{entry} is 0 to {len(names) - 1}, not {value!r:.40}: {names}")
    return number

"""Actions as a dictionary of choices instead of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium
from gymnasium.error import InvalidAction
from gymnasium.spaces import Dict, Discrete

from automem_gym.action import GameAction
from automem_gym.text_space import ActionSpace, TextSpace
from memory_fs import FIELDS, MemoryAction

_FILE_CHARS, _TEXT_CHARS = 120, 10_000


class StructuredActions(gymnasium.ActionWrapper[Any, dict[str, Any], str]):
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
        super().__init__(env)
        inner = env.action_space
        if not isinstance(inner, ActionSpace) or not inner.actions:
            raise TypeError(f"StructuredActions needs an env with a list of actions, not {inner!r}")
        self.actions = inner.actions
        self.kinds = ("ACTION", *inner.vocabulary)
        self.action_space = Dict(
            {
                "kind": Discrete(len(self.kinds)),
                "action": Discrete(len(self.actions)),
                "file": TextSpace(_FILE_CHARS),
                "key": TextSpace(_FILE_CHARS),
                "text": TextSpace(_TEXT_CHARS),
            }
        )

    def action(self, action: Mapping[str, Any]) -> str:
        """Writes a dictionary as text.

        Raises:
            InvalidAction: The dictionary holds no such action.
        """
        kind = int(action.get("kind", 0))
        if not 0 <= kind < len(self.kinds):
            raise InvalidAction(f"kind is 0 to {len(self.kinds) - 1}, not {kind}: {self.kinds}")
        try:
            if kind == 0:
                return str(GameAction(self.actions[int(action["action"])]))
            fields = FIELDS[self.kinds[kind]]
            values = {field: str(action[field]) for field in fields}
            return str(MemoryAction(self.kinds[kind], **values))
        except (KeyError, IndexError, ValueError) as error:
            raise InvalidAction(
                f"{self.kinds[kind]} with {dict(action)!r:.200}: {error}"
            ) from error

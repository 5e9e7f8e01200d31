"""The whole observation as one text."""

from __future__ import annotations

from typing import Any

import gymnasium
from gymnasium.spaces import Dict

from automem_gym.text_space import TextSpace


class FlattenText(
    gymnasium.ObservationWrapper[str, Any, dict[str, str]], gymnasium.utils.RecordConstructorArgs
):
    """Joins the parts of the observation to one text, each under its name.

    Args:
        env: An environment whose observation is a dictionary of texts.
        parts: Which parts, in which order; all by default.

    Example:
        >>> import gymnasium, automem_gym
        >>> from automem_gym.wrappers import FlattenText
        >>> env = FlattenText(gymnasium.make("AutoMem-Crafter-v0"), parts=("status", "files"))
        >>> text, info = env.reset(seed=1)
        >>> print(text.splitlines()[0])
        [status]
        >>> env.close()
    """

    def __init__(
        self, env: gymnasium.Env[dict[str, str], Any], parts: tuple[str, ...] | None = None
    ) -> None:
        gymnasium.utils.RecordConstructorArgs.__init__(self, parts=parts)
        super().__init__(env)
        spaces = env.observation_space
        if not isinstance(spaces, Dict):
            raise TypeError(f"FlattenText joins a Dict of texts, not {spaces!r}")
        self.parts = tuple(spaces) if parts is None else tuple(parts)
        longest = 0
        for part in self.parts:
            space = spaces.spaces.get(part)
            if not isinstance(space, TextSpace):
                raise ValueError(f"no text {part!r} in the observation; it has {', '.join(spaces)}")
            longest += space.max_length + len(part) + 5
        self.observation_space = TextSpace(longest)

    def observation(self, observation: dict[str, str]) -> str:
        """Joins one observation."""
        return "\n\n".join(f"[{part}]\n{observation[part]}" for part in self.parts)

"""What the first ``info`` of an episode tells about the game."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from automem_gym.action import ActionNames


@dataclass(frozen=True, slots=True)
class Introduction:
    """What the first ``info`` of an episode tells about the game.

    An environment that was not made with this package may leave all of it out.

    Attributes:
        game: Name of the game; empty where it has none.
        instructions: Its instructions.
        actions: The valid actions; empty where any text is one.
        default_action: What is executed where no valid action comes.
        vocabulary: The memory operations that the environment offers; None where it does not say.
    """

    game: str = ""
    instructions: str = ""
    actions: Sequence[str] = ()
    default_action: str = ""
    vocabulary: Sequence[str] | None = None

    @classmethod
    def of(cls, info: Mapping[str, Any]) -> Self:
        """Reads it.

        Args:
            info: The first ``info`` of the episode.

        Raises:
            ValueError: It counts no game steps, by which conversations begin and end.
        """
        if "game_step" not in info:
            raise ValueError(
                "the environment has no info['game_step'], so it is none of this package and has "
                "no memory; wrap it in automem_gym.wrappers.MemoryWrapper"
            )
        names = [field.name for field in dataclasses.fields(cls)]
        return cls(**{name: info[name] for name in names if name in info})

    @property
    def names(self) -> ActionNames | None:
        """The valid actions, to match what was written with; None where any text is one."""
        return ActionNames(self.actions) if self.actions else None

    @property
    def facts(self) -> dict[str, Any]:
        """What a system message can show of it; the operations depend on the agent."""
        return {
            "game": self.game,
            "instructions": self.instructions,
            "actions": self.actions,
            "default_action": self.default_action,
        }

"""What an environment offers a recording to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gymnasium

from automem_gym.scene import SceneKind


@dataclass(frozen=True, slots=True)
class Scenery:
    """The scenes of an environment.

    Attributes:
        kind: Their kind.
        draw: Draws the current frame.
    """

    kind: SceneKind
    draw: Callable[[], str]


def scenery_of(env: gymnasium.Env[Any, Any]) -> Scenery | None:
    """The scenes of an environment, through its wrappers; None where it draws none."""
    kind = env.get_wrapper_attr("scene_kind") if env.has_wrapper_attr("scene_kind") else None
    return None if kind is None else Scenery(kind, env.get_wrapper_attr("scene"))

"""What an environment offers a recording to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gymnasium

from automem_gym.scene import SceneKind


@dataclass(frozen=True, slots=True)
class Scenery:
    """The scenes of an environment.

    Attributes:
        kind: Their kind.
        hold: Keeps the current frame; what comes back draws it.
    """

    kind: SceneKind
    hold: Callable[[], Callable[[], str]]


def scenery_of(env: gymnasium.Env[Any, Any]) -> Scenery | None:
    """The scenes of an environment, through its wrappers; None where it draws none."""
    kind = env.get_wrapper_attr("scene_kind") if env.has_wrapper_attr("scene_kind") else None
    if kind is None:
        return None
    scene = env.get_wrapper_attr("scene")
    # Only of who draws the scenes: a wrapper may draw others than what it wraps.
    hold = getattr(getattr(scene, "__self__", None), "held_scene", None)
    return Scenery(kind, partial(_drawn, scene) if hold is None else hold)


def _drawn(scene: Callable[[], str]) -> Callable[[], str]:
    """Draws a scene at once, where it cannot be held."""
    text = scene()
    return lambda: text

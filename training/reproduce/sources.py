"""Where the base, the scaffolds and the adapters of the arms come from."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from agents.backends.local.place import EMBEDDED
from training.reproduce.experiment import Arm, Part


class Source(Protocol):
    """What the arms play with."""

    @property
    def model(self) -> str:
        """The base, as ``--model`` takes it."""

    def scaffold(self, arm: Arm, part: Part) -> str:
        """The scaffold of an arm for the game of a part."""

    def adapter(self, arm: Arm) -> str:
        """The adapter of an arm's specialist; empty for none."""


class Shipped:
    """What ships with the package.

    Args:
        model: The base, as ``--model`` takes it.
    """

    def __init__(self, model: str) -> None:
        self.model = model

    def scaffold(self, arm: Arm, part: Part) -> str:
        """The scaffold of that name of the part's game."""
        return arm.scaffold

    def adapter(self, arm: Arm) -> str:
        """The adapter of that name in the embedded model's folder, or a path."""
        if not arm.adapter or "/" in arm.adapter:
            return arm.adapter
        return str(EMBEDDED["mini"] / arm.adapter)


class Made:
    """What the stages have made.

    Args:
        folder: The folder in which they did.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.model = str(folder / "model")

    def scaffold(self, arm: Arm, part: Part) -> str:
        """What loop 1 made of it for the part, where it ran; else the shipped one."""
        best = self._folder / f"structure-{part.name}" / "best"
        revised = arm.scaffold.startswith("brief-")
        return str(best) if revised and best.is_dir() else "brief"

    def adapter(self, arm: Arm) -> str:
        """The adapter that was trained for it."""
        return str(self._folder / arm.adapter / "adapter") if arm.adapter else ""

"""What an episode of a run is: everything that decides how it goes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Episode:
    """The specification of one episode.

    Attributes:
        env_id: Environment id, ``Id`` or ``module:Id``.
        seed: Seed of the environment.
        repeat: Which playing of this seed, from 0. The environment is the same in each; the agent's
            randomness is not.
        agent: Name of the agent, as :func:`agents.load_agent` takes it.
        agent_args: Arguments for the agent.
        env_args: Arguments for ``gymnasium.make``.
        max_game_steps: Limit of game steps; None keeps the environment's own.
    """

    env_id: str
    seed: int
    repeat: int = 0
    agent: str = "random"
    agent_args: Mapping[str, Any] = field(default_factory=dict)
    env_args: Mapping[str, Any] = field(default_factory=dict)
    max_game_steps: int | None = None

    @property
    def digest(self) -> str:
        """Hash of all of the above; two episodes with the same one would run the same."""
        canonical = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:32]

    @property
    def agent_seed(self) -> int:
        """Seed of the agent's own randomness: ``SeedSequence((seed, repeat))``, 32 bits."""
        return int(np.random.SeedSequence((self.seed, self.repeat)).generate_state(1)[0])

    @property
    def folder(self) -> PurePosixPath:
        """Where it is recorded, below the run directory."""
        return PurePosixPath("episodes", self.env_id, str(self.seed), str(self.repeat))

    @property
    def name(self) -> str:
        """How messages name it."""
        again = f" repeat {self.repeat}" if self.repeat else ""
        return f"{self.env_id} seed {self.seed}{again}"

    @property
    def make_args(self) -> dict[str, Any]:
        """The keyword arguments for ``gymnasium.make``."""
        limit = {} if self.max_game_steps is None else {"max_game_steps": self.max_game_steps}
        return {**self.env_args, **limit}

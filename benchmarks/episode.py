"""What an episode of a run is: everything that decides how it goes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any

import numpy as np

#: Options of models that say where the key stands, how long to wait and how much at a time: what a
#: model answers does not depend on them.
MANNERS = frozenset(
    {
        "api_key_env",
        "backoff",
        "batch",
        "batch_bytes",
        "cache",
        "cache_bytes",
        "chunk",
        "concurrency",
        "patience",
        "retries",
        "stream",
        "timeout",
    }
)
#: What has come since there were the first digests: left out where it is nothing.
_LATER = frozenset({"models", "weights", "scaffold", "after"})
_NO_MATTER = frozenset({"scaffold_source", "trust_hooks"})


def identity(model: Mapping[str, Any]) -> dict[str, Any]:
    """What of a model's specification decides what it answers.

    Args:
        model: The specification as plain data.
    """
    options = {name: value for name, value in model["options"].items() if name not in MANNERS}
    return {**model, "options": options}


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
        models: The models of the agent by role, each as :meth:`agents.model.ModelSpec.to_json`
            gives it.
        weights: Hashes of the weights that stand in local directories, by role.
        scaffold: Digest of the scaffold's content; empty where the agent has none.
        scaffold_source: Where that scaffold is: a version, a shipped one's name, or a directory.
        trust_hooks: Whether the scaffold's hooks run with all rights, not in a sandbox.
        after: Seed and digest of the episode with whose memory it begins; None for its own.
    """

    env_id: str
    seed: int
    repeat: int = 0
    agent: str = "random"
    agent_args: Mapping[str, Any] = field(default_factory=dict)
    env_args: Mapping[str, Any] = field(default_factory=dict)
    max_game_steps: int | None = None
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    weights: Mapping[str, str] = field(default_factory=dict)
    scaffold: str = ""
    scaffold_source: str = ""
    trust_hooks: bool = False
    after: tuple[int, str] | None = None

    @property
    def digest(self) -> str:
        """Hash of what decides how it goes; two episodes with the same one would run the same.

        That is all of the above, but for where the scaffold stands, whether its hooks may run, and
        the options of models in :data:`MANNERS`.
        """
        facts = {name: value for name, value in asdict(self).items() if name not in _NO_MATTER}
        facts["models"] = {role: identity(model) for role, model in self.models.items()}
        kept = {name: value for name, value in facts.items() if value or name not in _LATER}
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:32]

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

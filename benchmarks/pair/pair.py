"""A local pair: specialist and gameplay model on one base, whose answers are forced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from agents import load_agent
from agents.backends.local import open_models
from agents.backends.local.statistics import Statistics
from agents.model import ModelSpec
from benchmarks.pair.episode_row import EpisodeRow

#: The agent that is measured, and the roles that it needs models for.
AGENT, ROLES = "pair", ("specialist", "gameplay")


@dataclass(frozen=True)
class PairSpec:
    """A pair as it is opened.

    Attributes:
        model: Directory or id of the base.
        adapter: Directory or id of the specialist's adapter.
        options: Settings of the backend, ``force`` included.
        agent_args: Arguments for the agent.
        env_args: Arguments for the environments.
    """

    model: str
    adapter: str
    options: Mapping[str, Any] = field(default_factory=dict)
    agent_args: Mapping[str, Any] = field(default_factory=dict)
    env_args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def models(self) -> dict[str, ModelSpec]:
        """Its models by role."""
        base = ModelSpec("local", self.model, options=self.options)
        return {"specialist": replace(base, adapter=self.adapter), "gameplay": base}

    def having(self, **options: Any) -> PairSpec:
        """The same with other settings of the backend."""
        return replace(self, options={**self.options, **options})


class Pair:
    """An open pair. A context manager.

    Args:
        spec: What to open.

    Attributes:
        models: The models by role.

    Raises:
        ModelSetupError: It cannot be opened.
    """

    def __init__(self, spec: PairSpec) -> None:
        self._spec = spec
        self.models = open_models(spec.models)

    def row(self, env_id: str, seed: int, stride: int = 1) -> EpisodeRow:
        """Episodes that the pair plays, with an agent of their own.

        Args:
            env_id: The environment.
            seed: Seed of the first one.
            stride: How far the next seed is.
        """
        agent = load_agent(AGENT, models=self.models, **self._spec.agent_args)
        return EpisodeRow(env_id, agent, seed, stride, self._spec.env_args)

    def statistics(self) -> Statistics:
        """What its engine has done so far."""
        return self.models["gameplay"].statistics()

    def since(self, before: Statistics) -> dict[str, int]:
        """What its engine has done since; bytes are those of now."""
        then = asdict(before)
        return {
            name: number if name.endswith("_bytes") else number - then[name]
            for name, number in asdict(self.statistics()).items()
        }

    def __enter__(self) -> Pair:
        return self

    def __exit__(self, *_: object) -> None:
        for model in self.models.values():
            model.close()

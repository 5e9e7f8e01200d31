"""What came of an episode, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from benchmarks import plain_data
from benchmarks.measures import Context, MemoryFigures, Thinned
from benchmarks.measures.curve import check_curve
from benchmarks.models.figures import Figures

#: Written first in every result, so that a later version can tell what it reads. Version 1 knew no
#: models, version 2 no recordings that were followed, version 3 neither games, unproductive steps,
#: contexts, curves nor attempts: what a version did not know is empty in its results.
SCHEMA = 4
_READ = (1, 2, 3, SCHEMA)


@dataclass(frozen=True)
class EpisodeResult:
    """The result of an episode that was played to its end, or the failure that stopped it.

    Attributes:
        digest: Digest of the episode's specification.
        env_id: Environment id.
        seed: Seed of the environment.
        repeat: Which playing of this seed.
        error: Traceback of the failure; empty where the episode was played to its end. A failed
            episode has no score: it is owed.
        progression: How far it came, in [0, 1]; None where the environment does not tell.
        episode_return: Sum of the rewards.
        game_steps: Steps of the game.
        turns: Steps of the environment, which those that only touch memory count as well.
        seconds: Wall time of the step loop: environment, agent and recording. Of an episode that
            was interrupted, that of the last attempt from where the one before it had stopped.
        followed_steps: Game steps that this attempt followed an earlier one's recording, for which
            there is no time.
        attempts: How often it was played until this came of it: the failures before it, in all
            invocations of the run, and this. Playing on after an interruption is no new attempt.
        commands: Memory commands that were done, by operation.
        refused: Memory commands that were refused.
        game: Name of the game, as :class:`benchmarks.measures.EpisodeMeasures` holds it, like the
            next four.
        memory: How the memory was used; empty where there is none.
        unproductive: Game steps that led nowhere, by kind; empty where that was not measured.
        context: How large the prompts were; empty where no model was asked.
        curves: Values by game step, thinned.
        invalid_actions: Game actions that were none, so that the default was executed.
        episode_end: Why it ended.
        events: What happened between the agent and its models, by name.
        models: What the agent's models took, by role: ``calls``, ``input_tokens``,
            ``cached_tokens``, ``written_tokens``, ``output_tokens``, ``seconds`` and ``cost_usd``
            (None where the model has no price). What an attempt took that failed is not in it.
        provenance: What it was recorded with: which entry, from 0, of ``provenance`` in
            ``run.toml``.
    """

    digest: str
    env_id: str
    seed: int
    repeat: int
    error: str = ""
    progression: float | None = None
    episode_return: float = 0.0
    game_steps: int = 0
    turns: int = 0
    seconds: float = 0.0
    followed_steps: int = 0
    attempts: int = 1
    commands: Mapping[str, int] = field(default_factory=dict)
    refused: int = 0
    game: str = ""
    memory: MemoryFigures = field(default_factory=lambda: MemoryFigures())
    unproductive: Mapping[str, int] = field(default_factory=dict)
    context: Context = field(default_factory=lambda: Context())
    curves: Mapping[str, Thinned] = field(default_factory=dict)
    invalid_actions: int = 0
    episode_end: str = ""
    events: Mapping[str, int] = field(default_factory=dict)
    models: Mapping[str, Figures] = field(default_factory=dict)
    provenance: int = 0

    @property
    def failures(self) -> int:
        """How many of the attempts failed."""
        return self.attempts if self.error else self.attempts - 1

    @property
    def reason(self) -> str:
        """Why it failed, in a line: the last of the traceback."""
        return self.error.strip().rpartition("\n")[2]

    def to_json(self) -> dict[str, Any]:
        """The result as plain data."""
        return {"schema": SCHEMA, **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Reads what :meth:`to_json` gave.

        Raises:
            ValueError: It is of another schema, or an entry is not what it should be.
        """
        if not isinstance(data, dict) or "schema" not in data:
            raise ValueError("it holds no result")
        if data["schema"] not in _READ:
            raise ValueError(
                f"result of schema {data['schema']!r}; this version reads "
                f"{', '.join(map(str, _READ))}"
            )
        types = plain_data.fields(cls)
        entries = {name: value for name, value in data.items() if name != "schema"}
        for name, value in entries.items():
            if name not in types:
                raise ValueError(f"there is no entry {name!r} in a result")
            plain_data.check(value, types[name], name)
        for name, curve in entries.get("curves", {}).items():
            check_curve(curve, f"curves.{name}")
        for name in ("digest", "env_id", "seed", "repeat"):
            if name not in entries:
                raise ValueError(f"it has no {name!r}")
        return cls(**entries)

"""Seeds that a scaffold or an adapter was made with: a score on them says nothing.

Whoever makes one, such as the two outer loops, writes a file beside it, ``used_seeds.toml``:

    [[used]]
    env = ["AutoMem-Crafter-v0"]
    seeds = "1000-1099"
    purpose = "training"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.backends.local.place import place
from agents.scaffold.catalogue import find
from agents.scaffold.directory import USED_SEEDS
from benchmarks.configuration import Configuration
from benchmarks.seeds import read_seeds, write_seeds

_KEYS = {"env", "seeds", "purpose"}


class UsedSeedsError(ValueError):
    """A run would measure on seeds that were used to make what it measures; or a file is none."""


@dataclass(frozen=True)
class Used:
    """Seeds that were used.

    Attributes:
        env: Of which environments.
        seeds: Which.
        purpose: What for.
    """

    env: frozenset[str]
    seeds: frozenset[int]
    purpose: str

    def to_toml(self) -> dict[str, Any]:
        """It as plain data, as :func:`read_used` takes it."""
        return {
            "env": sorted(self.env),
            "seeds": write_seeds(self.seeds),
            "purpose": self.purpose,
        }


def read_used(folder: Path) -> list[Used]:
    """Reads what a directory says of itself; nothing where it says nothing.

    Raises:
        UsedSeedsError: The file is damaged.
    """
    path = folder / USED_SEEDS
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("used", [])
        return [_used(table) for table in tables]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsedSeedsError(
            f"{path} cannot be read: {error!r}. It tells which seeds were used to make what stands "
            "beside it, in [[used]] tables with env, seeds and purpose"
        ) from error


def _used(table: dict[str, Any]) -> Used:
    if set(table) != _KEYS:
        raise ValueError(f"a [[used]] table has {sorted(_KEYS)}, not {sorted(table)}")
    return Used(frozenset(table["env"]), frozenset(read_seeds(table["seeds"])), table["purpose"])


def check_unused(settings: Configuration, games: Mapping[str, str]) -> None:
    """Checks that a run measures on none of the seeds that its parts were made with.

    Args:
        settings: The settings of the run.
        games: The game of each environment.

    Raises:
        UsedSeedsError: It would.
    """
    for folder in dict.fromkeys(_folders(settings, games)):
        for used in read_used(folder):
            for episode in settings.episodes():
                if episode.env_id in used.env and episode.seed in used.seeds:
                    raise UsedSeedsError(
                        f"seed {episode.seed} of {episode.env_id} was used for {used.purpose} of "
                        f"{folder} (seeds {write_seeds(used.seeds)}, by its {USED_SEEDS}): a score "
                        "on it says nothing of other episodes. Play other seeds, or say "
                        "--allow-used-seeds if this is not to measure it"
                    )


def _folders(settings: Configuration, games: Mapping[str, str]) -> Iterator[Path]:
    """The local directories of what a run measures."""
    for model in settings.models.values():
        for name in (model["name"] if model["backend"] == "local" else "", model["adapter"]):
            if name and (folder := Path(place(name)).expanduser()).is_dir():
                yield folder
    if settings.scaffold:
        for game in dict.fromkeys(games.values()):
            yield find(settings.scaffold, game)

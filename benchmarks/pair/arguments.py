"""The arguments of the command, and the settings that they name."""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path
from typing import Any

from benchmarks import environments
from benchmarks.episode import Episode
from benchmarks.pair.pair import PairSpec
from benchmarks.pair.settings import Settings

#: Environments and forcing model; see ``defaults.toml``.
DEFAULTS: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent / "defaults.toml").read_text(encoding="utf-8")
)


def add_pair_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what chooses the pair, and how long it is measured."""
    parser.add_argument("--env", default="", metavar="ID[,ID...]", help="default: one a game")
    long = parser.add_argument_group("how long")
    long.add_argument("--game-steps", type=int, default=200, help="of each game (default: 200)")
    long.add_argument("--rounds", type=int, default=3, help="of comparisons (default: 3)")
    long.add_argument("--round-steps", type=int, default=2, help="game steps of one (default: 2)")
    long.add_argument("--in-flight", type=int, default=8, help="episodes at once (default: 8)")
    long.add_argument("--seed", type=int, default=0, help="of the first episode (default: 0)")
    pair = parser.add_argument_group("the pair")
    pair.add_argument("--model", default="", help="directory or id; default: random weights")
    pair.add_argument("--adapter", default="", help="directory or id of the specialist's adapter")
    pair.add_argument("--shape", default="25M", help="of random weights (default: 25M)")
    pair.add_argument("--activated", action="store_true", help="random weights: an activated LoRA")
    pair.add_argument("--dtype", default="auto", help="float32, bfloat16 or float16")
    pair.add_argument("--load-in", default="", help="4bit or 8bit")
    pair.add_argument("--device", default="auto", help="cpu, cuda or mps")
    pair.add_argument(
        "--force", default=DEFAULTS["force"], help="who writes the answers (default: %(default)s)"
    )
    pair.add_argument("--scaffold", default="v0", help="of the agent (default: v0)")


def read_settings(arguments: argparse.Namespace, folder: Path) -> Settings:
    """The settings that the arguments name.

    Args:
        arguments: What :func:`add_pair_arguments` read.
        folder: Where random weights are written.

    Raises:
        ValueError: They make no sense.
        gymnasium.error.Error: There is no such environment.
    """
    named = [name for name in arguments.env.split(",") if name]
    env_ids = tuple(named or DEFAULTS["env"])
    for env_id in env_ids:
        environments.make(Episode(env_id, 0)).close()  # type: ignore[no-untyped-call]
    if bool(arguments.model) != bool(arguments.adapter):
        raise ValueError("--model and --adapter belong together; without both, weights are random")
    settings = Settings(
        _pair(arguments, folder),
        env_ids,
        **{name: getattr(arguments, name) for name in Settings.NUMBERS},
    )
    if not arguments.model:
        _build(arguments, folder)
    return settings


def _pair(arguments: argparse.Namespace, folder: Path) -> PairSpec:
    adapter = folder / ("activated" if arguments.activated else "adapter")
    return PairSpec(
        arguments.model or str(folder),
        arguments.adapter or str(adapter),
        options={
            name: getattr(arguments, name) for name in ("dtype", "load_in", "device", "force")
        },
        agent_args={"scaffold": arguments.scaffold},
    )


def _build(arguments: argparse.Namespace, folder: Path) -> None:
    from agents.backends.local.random_weights import build

    build(folder, arguments.shape, activated=arguments.activated)

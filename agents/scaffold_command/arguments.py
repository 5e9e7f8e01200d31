"""Arguments that the commands share, and the environments that they mean."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gymnasium

from agents.scaffold.rules import ANY_GAME
from agents.scaffold.scaffold import Scaffold
from automem_gym.arguments import add_key_values
from automem_gym.commands import Mistake


def add_trial_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what chooses a scaffold and the environments that it is tried in."""
    parser.add_argument("scaffold", metavar="SCAFFOLD", help="a shipped one, or a directory")
    parser.add_argument("--game", default="", help="try it in this game, and see that it is for it")
    parser.add_argument(
        "--env",
        metavar="ENV_ID",
        help="try it here; by default in the first environment of each game that it is made for",
    )
    add_key_values(parser, "--env-arg", "an argument of the environment, such as task=...")
    parser.add_argument("--seed", type=int, default=0, help="seed of the short game; 0 by default")
    parser.add_argument(
        "--trust-hooks",
        action="store_true",
        help="run the scaffold's own code (hooks.py) with all your rights, not in a sandbox",
    )


def candidates(arguments: argparse.Namespace, scaffold: Scaffold) -> list[list[str]]:
    """The environments in which a scaffold is tried.

    Args:
        arguments: Those of :func:`add_trial_arguments`.
        scaffold: The scaffold.

    Returns:
        The named one; else those of each game that it is made for, of which the first one is taken
        that can be made as it is.

    Raises:
        Mistake: No environment of the game is registered.
    """
    if arguments.env:
        return [[arguments.env]]
    game = arguments.game or scaffold.game
    found: dict[str, list[str]] = {}
    for name, spec in gymnasium.registry.items():
        own = spec.kwargs.get("game_name")
        if own and (game == ANY_GAME or own.casefold() == game.casefold()):
            found.setdefault(own, []).append(name)
    if not found:
        raise Mistake(f"no environment of {game} is registered; name one with --env module:ID")
    return list(found.values())


@contextmanager
def opened(ids: list[str], kwargs: dict[str, Any]) -> Iterator[gymnasium.Env[Any, Any]]:
    """Opens the first of some environments that can be had, and closes it.

    Raises:
        Mistake: None can be had, or it has no memory.
    """
    problems = []
    for name in ids:
        try:
            env = gymnasium.make(name, **kwargs)
            break
        except (gymnasium.error.Error, ValueError, TypeError, ImportError, OSError) as error:
            problems.append(f"{name}: {error}")
    else:
        raise Mistake("\n".join(problems))
    try:
        if not env.has_wrapper_attr("memory"):
            raise Mistake(
                f"{name} has no memory; wrap it in automem_gym.wrappers.MemoryWrapper, and name "
                "what does so"
            )
        yield env
    finally:
        env.close()  # type: ignore[no-untyped-call]


def played_game(env: gymnasium.Env[Any, Any]) -> str:
    """The game of an environment; empty where it has no name."""
    has_name = env.has_wrapper_attr("game_name")
    return str(env.get_wrapper_attr("game_name")) if has_name else ""

"""Play an environment by hand: type game actions and memory commands, see what an agent sees.

Type a game action (its first letters suffice where they leave no doubt), a memory command such as
<|APPEND|>notes.md|the stairs are west<|END|>, or several of them in one line. /help lists the
actions, /files shows the memory, /quit leaves.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any, TextIO

import gymnasium

from automem_gym.arguments import add_environment_arguments, environment_arguments
from automem_gym.env import AutoMemEnv
from memory_fs import MemoryConfig, form

_RULE = "-" * 79


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem play``."""
    add_environment_arguments(parser)
    parser.add_argument("--seed", type=int, help="seed of the episode; a new one by default")
    parser.add_argument("--memory-dir", help="keep the memory files in this (new or empty) folder")
    parser.add_argument("--render", action="store_true", help="draw the game as well")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem play``."""
    kwargs = environment_arguments(arguments)
    if arguments.memory_dir:
        kwargs["memory"] = MemoryConfig(files={"notes.md": ""}, root=arguments.memory_dir)
    env = gymnasium.make(arguments.env, render_mode="human" if arguments.render else None, **kwargs)
    try:
        play(env, arguments.seed, sys.stdin, sys.stdout)
    except KeyboardInterrupt:
        print()
    finally:
        env.close()  # type: ignore[no-untyped-call]
    return 0


def play(env: gymnasium.Env[Any, Any], seed: int | None, source: TextIO, out: TextIO) -> float:
    """Plays one episode by hand.

    Args:
        env: An environment of this package.
        seed: Its seed; None for a new one.
        source: Where the turns are read from, a line each; its end ends the game.
        out: Where they are answered.

    Returns:
        The return, the sum of all rewards.
    """
    game = env.unwrapped
    assert isinstance(game, AutoMemEnv)
    observation, info = env.reset(seed=seed)
    say: Callable[[str], int] = lambda text: out.write(f"{text}\n")  # noqa: E731
    say(f"{game.instructions.strip()}\n\n{_help(game)}")
    total = 0.0
    while True:
        for part, text in observation.items():
            if text:
                say(f"{_RULE}\n[{part}]\n{text.rstrip()}")
        say(f"{_RULE}\nstep {info['game_step']}  progression {info['progression']:.3f}")
        if info["episode_end"]:
            say(f"the episode is over: {info['episode_end']}, return {total:g}")
            return total
        line = _ask(source, out)
        while line in ("", "/help", "/files"):
            say(_files(game) if line == "/files" else _help(game))
            line = _ask(source, out)
        if line is None or line == "/quit":
            say(f"left at step {info['game_step']}, return {total:g}")
            return total
        observation, reward, _, _, info = env.step(_complete(line, game.actions))
        total += float(reward)
        if reward:
            say(f"reward {reward:g}")


def _ask(source: TextIO, out: TextIO) -> str | None:
    out.write("> ")
    out.flush()
    line = source.readline()
    return line.strip() if line else None


def _complete(line: str, actions: tuple[str, ...]) -> str:
    """The one action that begins with what was typed, or the line as it is."""
    if line in actions:
        return line
    begun = [name for name in actions if name.casefold().startswith(line.casefold())]
    return begun[0] if len(begun) == 1 else line


def _files(game: AutoMemEnv) -> str:
    shown = [f"== {entry.name}\n{game.memory.read(entry.name)}" for entry in game.memory.files()]
    return "\n".join(shown) or "no files"


def _help(game: AutoMemEnv) -> str:
    operations = game.memory.config.table
    commands = "\n".join(
        f"  {form(name, operation.fields):36} {operation.summary}"
        for name, operation in operations.items()
    )
    return f"actions: {', '.join(game.actions)}\nmemory commands:\n{commands}"

"""Play an environment by hand: type game actions and memory commands, see what an agent sees.

Type a game action (its first letters suffice where they leave no doubt), a memory command, or
several of them in one line::

    <|APPEND|>notes.md|the stairs are west<|END|>

/help lists the actions, /files shows the memory, /quit leaves.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

import gymnasium

from automem_gym.action import ActionNames
from automem_gym.arguments import add_environment_arguments
from automem_gym.commands import Mistake
from automem_gym.env import DEFAULT_FILES
from memory_fs import MemoryConfig, MemoryStore, form

_RULE = "-" * 79
_HINT = "/help lists the actions and the memory commands, /files shows the memory, /quit leaves."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem play``."""
    add_environment_arguments(parser)
    parser.add_argument("--seed", type=int, help="seed of the episode; a new one by default")
    parser.add_argument(
        "--memory-dir", type=Path, help="keep the memory here, and go on with what is there"
    )
    parser.add_argument("--render", action="store_true", help="draw the game as well")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem play``."""
    kwargs = dict(arguments.env_arg)
    mode = "human" if arguments.render else None
    try:
        if arguments.memory_dir:
            kwargs["memory"] = MemoryConfig(files=DEFAULT_FILES, root=arguments.memory_dir)
        env = gymnasium.make(arguments.env, render_mode=mode, **kwargs)
    except (gymnasium.error.Error, ValueError, TypeError, ImportError, OSError) as error:
        raise Mistake(str(error)) from error
    try:
        play(env, arguments.seed, sys.stdin, sys.stdout, keep_memory=bool(arguments.memory_dir))
    except KeyboardInterrupt:
        print()
    except gymnasium.error.Error as error:
        raise Mistake(str(error)) from error
    finally:
        env.close()  # type: ignore[no-untyped-call]
    return 0


def play(
    env: gymnasium.Env[Any, Any],
    seed: int | None,
    source: TextIO,
    out: TextIO,
    keep_memory: bool = False,
) -> float:
    """Plays one episode by hand.

    Args:
        env: An environment of this package, or one in a ``MemoryWrapper``.
        seed: Its seed; None for a new one.
        source: Where the turns are read from, a line each; its end ends the game.
        out: Where they are answered.
        keep_memory: Whether to go on with the files of the last episode.

    Returns:
        The return, the sum of all rewards.

    Raises:
        Mistake: The environment has no memory.
    """
    options = {"keep_memory": True} if keep_memory else None
    observation, info = env.reset(seed=seed, options=options)
    if not isinstance(observation, dict) or "files" not in observation:
        raise Mistake(
            "this environment has no memory; wrap it in automem_gym.wrappers.MemoryWrapper"
        )
    memory: MemoryStore = env.get_wrapper_attr("memory")
    actions: Sequence[str] = info["actions"]
    say: Callable[[str], int] = lambda text: out.write(f"{text}\n")  # noqa: E731
    say(f"{info['instructions'].strip()}\n\n{_HINT}")
    total = 0.0
    while True:
        for part, text in observation.items():
            if text:
                say(f"{_RULE}\n[{part}]\n{text.rstrip()}")
        say(f"{_RULE}\nstep {info['game_step']}  progression {info['progression']:.3f}")
        if info["episode_end"]:
            say(f"the episode is over: {info['episode_end']}, return {total:g}")
            return total
        turn = _ask(source, out, actions, memory)
        if turn is None:
            say(f"left at step {info['game_step']}, return {total:g}")
            return total
        observation, reward, _, _, info = env.step(turn)
        total += float(reward)
        if reward:
            say(f"reward {reward:g}")


def _ask(source: TextIO, out: TextIO, actions: Sequence[str], memory: MemoryStore) -> str | None:
    """Asks until a line is a turn; a typing error costs no step. None ends the game."""
    while True:
        out.write("> ")
        out.flush()
        line = source.readline()
        text = line.strip()
        if not line or text == "/quit":
            return None
        if text == "/files":
            shown = [f"== {entry.name}\n{memory.read(entry.name)}" for entry in memory.files()]
            out.write("\n".join(shown) or "no files\n")
        elif text == "/help":
            out.write(f"{_help(actions, memory)}\n")
        elif not text or text.startswith("/"):
            out.write(f"{_HINT}\n")
        elif "<" in text or not actions:
            return text
        elif action := _complete(text, actions):
            return action
        else:
            hint = ActionNames(actions).near(text)
            out.write(f"{text!r} is no action.{hint}\n")


def _complete(text: str, actions: Sequence[str]) -> str | None:
    """The one action that was typed, or that begins with what was typed."""
    begun = [name for name in actions if name.casefold().startswith(text.casefold())]
    return ActionNames(actions).match(text) or (begun[0] if len(begun) == 1 else None)


def _help(actions: Sequence[str], memory: MemoryStore) -> str:
    commands = "\n".join(
        f"  {form(name, operation.fields):36} {operation.summary}"
        for name, operation in memory.config.table.items()
    )
    return f"actions: {', '.join(actions) or 'any text'}\nmemory commands:\n{commands}"

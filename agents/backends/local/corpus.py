"""Texts of our own, to train the tokenizer of a random model on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gymnasium

import agents
import automem_gym
from agents.agent import as_decision, begin
from agents.random_agent import RandomAgent
from memory_fs import FIELDS, form

#: Kinds of files that hold our words.
_KINDS = (".md", ".toml", ".j2", ".txt")


def texts(steps: int = 64, seed: int = 0) -> list[str]:
    """Prompts, instructions, command forms, and what the games show to a random player.

    Args:
        steps: Turns played of each game.
        seed: Seed of the games and of their player.
    """
    found = [*_files(), *(form(name, fields) for name, fields in FIELDS.items())]
    # One id for each game; the last, because an id without a task may want to be told one.
    ids = {
        spec.kwargs.get("game_name"): name
        for name, spec in gymnasium.registry.items()
        if name.startswith("AutoMem-")
    }
    for name in ids.values():
        found.extend(_episode(name, steps, seed))
    return found


def _files() -> Iterator[str]:
    for package in (automem_gym, agents):
        root = Path(str(package.__file__)).parent
        for path in sorted(root.rglob("*")):
            if path.suffix in _KINDS:
                yield path.read_text(encoding="utf-8")


def _episode(name: str, steps: int, seed: int) -> Iterator[str]:
    env: gymnasium.Env[Any, Any] = gymnasium.make(name)
    agent = RandomAgent(memory_rate=0.3)
    observation, info = begin(env, agent, seed, seed)
    yield info["instructions"]
    yield "\n".join(info["actions"])
    for _ in range(steps):
        action = as_decision(agent.act(observation, info)).action
        observation, _, terminated, truncated, info = env.step(action)
        yield "\n".join([str(action), *observation.values()])
        if terminated or truncated:
            break
    env.close()  # type: ignore[no-untyped-call]

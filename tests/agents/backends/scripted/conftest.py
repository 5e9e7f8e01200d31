"""Episodes with scripted models, and the conversations that they saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import gymnasium
import pytest

import automem_gym  # noqa: F401  (registers the ids)
from agents import as_decision, begin
from agents.backends.scripted import Knobs, ScriptedModel
from agents.memory_agent import MemoryAgent
from agents.model import Completion, Message

GAMES = ("Crafter", "NetHack", "MiniHack-MazeWalk-9x9", "MiniHack-Quest-Easy")


class Listener(ScriptedModel):
    """A scripted model that keeps what it was asked and what it answered."""

    def __init__(self, knobs: str = "") -> None:
        super().__init__(Knobs.read(knobs, {}))
        self.heard: list[tuple[tuple[Message, ...], int, str]] = []

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        completion = super().generate(messages, seed)
        self.heard.append((tuple(messages), seed, completion.text))
        return completion


@dataclass
class Episode:
    """What came of an episode."""

    progression: float = 0.0
    steps: int = 0
    invalid: int = 0
    end: object = None
    commands: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)


def play_episode(env_id: str, agent: object, seed: int, steps: int) -> Episode:
    """Plays an episode, or so many steps of it."""
    env = gymnasium.make(env_id, disable_env_checker=True)
    observation, info = begin(env, agent, seed, seed)
    episode, over = Episode(), False
    while not over and info["game_step"] < steps:
        decision = as_decision(agent.act(observation, info))
        episode.events.update(event.name for event in decision.events)
        observation, _, terminated, truncated, info = env.step(decision.action)
        over = terminated or truncated
        episode.invalid += info["invalid_action"] is not None
        for done in info["commands"]:
            episode.commands[done["command"].split("|>")[0].lstrip("<|")] += 1
            if not done["ok"]:
                episode.refused.append(f"{done['command']}: {done['result']}")
    episode.progression, episode.steps = info["progression"], info["game_step"]
    episode.end = info["episode_end"]
    env.close()
    return episode


@pytest.fixture(scope="session")
def heard() -> dict[str, list[tuple[tuple[Message, ...], int, str]]]:
    """Game to conversations of some steps through its real scaffold, with seeds and answers."""
    found = {}
    for game in GAMES:
        model = Listener()
        play_episode(f"AutoMem-{game}-v0", MemoryAgent(models={"agent": model}), 1000, 30)
        found[game] = model.heard
    return found


@pytest.fixture(scope="session")
def play() -> Callable[..., Episode]:
    """Plays an episode: environment, agent, seed, most steps."""
    return play_episode


@pytest.fixture(scope="session")
def listener() -> type[Listener]:
    """The class of scripted models that keep what they heard."""
    return Listener

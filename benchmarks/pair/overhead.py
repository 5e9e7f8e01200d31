"""What the pair's agent costs without its models, beyond the environment and its memory.

An episode is played with a scripted model once. Then it is played again, twice: by an agent whose
model answers at once what was answered then, and by taking the same actions without any agent. What
the first takes longer is the agent's. It is processor time, which other programs on the machine
disturb less than they do the clock's: nothing here waits for anything.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import gymnasium

from agents import Agent, as_decision, begin, load_agent
from agents.backends import open_models
from agents.model import Completion, ModelSpec
from automem_gym import GameAction, MemoryAction
from benchmarks import environments
from benchmarks.episode import Episode
from benchmarks.pair.instant_model import InstantModel
from benchmarks.pair.pair import AGENT, ROLES
from benchmarks.speed.subject import Measurement


@dataclass(frozen=True, slots=True)
class Recorded:
    """An episode, or the beginning of one.

    Attributes:
        episode: Which.
        actions: What was done in each turn.
        answers: What the models answered, in order.
        game_steps: Steps of the game.
    """

    episode: Episode
    actions: tuple[str | GameAction | MemoryAction, ...]
    answers: tuple[Completion, ...]
    game_steps: int


def overhead(
    env_id: str,
    game_steps: int,
    seeds: Sequence[int],
    scripted: ModelSpec,
    agent_args: Mapping[str, Any],
) -> Measurement:
    """Milliseconds that the agent adds to a game step: the median over episodes.

    Args:
        env_id: The environment.
        game_steps: Longest that an episode is played.
        seeds: Seeds of the episodes, two at least. The first one is not in the median, for in it
            the prompts' templates are compiled; it stands in the details.
        scripted: The model that writes the answers.
        agent_args: Arguments for the agent.
    """
    env = environments.make(Episode(env_id, seeds[0]))
    model = InstantModel()
    agent = load_agent(AGENT, models=dict.fromkeys(ROLES, model), **agent_args)
    found: list[dict[str, float]] = []
    for number, seed in enumerate(seeds):
        recorded = record(env, Episode(env_id, seed), game_steps, scripted, agent_args)
        # In turns, so that neither has what the other left in the processor's caches.
        for name in ("played", "repeated") if number % 2 else ("repeated", "played"):
            model.answer_with(recorded.answers)
            if name == "played":
                played = play(env, agent, recorded)
            else:
                repeated = repeat(env, agent, recorded)
        found.append(_figures(recorded, played, repeated))
    env.close()  # type: ignore[no-untyped-call]
    first, *counted = found
    middle = {name: median(figures[name] for figures in counted) for name in first}
    value = middle.pop("agent_ms")
    first_ms = {"first_episode_ms": first["agent_ms"]}
    return Measurement(value, {**middle, **first_ms, "episodes": len(counted)})


def record(
    env: gymnasium.Env[Any, Any],
    episode: Episode,
    game_steps: int,
    scripted: ModelSpec,
    agent_args: Mapping[str, Any],
) -> Recorded:
    """Plays an episode with a scripted model, and keeps what was answered and done."""
    models = open_models(dict.fromkeys(ROLES, scripted))
    agent = load_agent(AGENT, models=models, **agent_args)
    observation, info = begin(env, agent, episode.seed, episode.agent_seed)
    actions: list[str | GameAction | MemoryAction] = []
    answers: list[Completion] = []
    over = cut = False
    while not (over or cut) and info["game_step"] < game_steps:
        decision = as_decision(agent.act(observation, info))
        observation, _, over, cut, info = env.step(decision.action)
        actions.append(decision.action)
        answers += [call.completion for call in decision.calls]
    for model in models.values():
        model.close()
    return Recorded(episode, tuple(actions), tuple(answers), info["game_step"])


def play(env: gymnasium.Env[Any, Any], agent: Agent, recorded: Recorded) -> float:
    """Processor seconds of the step loop with an agent.

    Raises:
        RuntimeError: It did other things than were recorded, so that nothing can be compared.
    """
    observation, info = begin(env, agent, recorded.episode.seed, recorded.episode.agent_seed)
    done = []
    start = time.thread_time()
    for _ in recorded.actions:
        action = as_decision(agent.act(observation, info)).action
        observation, _, _, _, info = env.step(action)
        done.append(action)
    seconds = time.thread_time() - start
    if tuple(done) != recorded.actions:
        raise RuntimeError(f"{recorded.episode.name}: the same answers led to other actions")
    return seconds


def repeat(env: gymnasium.Env[Any, Any], agent: Agent, recorded: Recorded) -> float:
    """Processor seconds of the same actions without an agent, but in the memory that it brings."""
    begin(env, agent, recorded.episode.seed, recorded.episode.agent_seed)
    start = time.thread_time()
    for action in recorded.actions:
        env.step(action)
    return time.thread_time() - start


def _figures(recorded: Recorded, played: float, repeated: float) -> dict[str, float]:
    steps = recorded.game_steps
    return {
        "agent_ms": 1e3 * (played - repeated) / steps,
        "env_and_memory_ms": 1e3 * repeated / steps,
        "turns_per_step": len(recorded.actions) / steps,
        "calls_per_step": len(recorded.answers) / steps,
        "game_steps": steps,
    }

"""Makes a run whose one episode is very long: ``python -m benchmarks.speed.long_trace OUT``.

No player that is fast lives for 100,000 steps, so the games of many seeds are recorded as one
episode, by the recorder that records all. What reads traces is measured on it:

    /usr/bin/time -v automem view OUT
    /usr/bin/time -v automem report OUT
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import gymnasium

from agents import as_decision, load_agent
from automem_gym.commands import main as run_command
from benchmarks.measures import measure_episode
from benchmarks.rollout import memory_of, span_of
from benchmarks.run_directory import RunDirectory
from benchmarks.scenery import scenery_of
from benchmarks.trace import Recorder, Trace

ENV, AGENT = "AutoMem-NetHack-v0", "random"
TURNS = 100_000


def write_long_run(out: Path, turns: int = TURNS) -> Path:
    """Makes the run.

    Args:
        out: A new directory.
        turns: How many turns the episode has.

    Returns:
        The trace.

    Raises:
        ValueError: The directory cannot be made a run.
    """
    # Imported here because the table of commands names this package's measurements.
    from benchmarks.commands import COMMANDS

    words = ["--env", ENV, "--agent", AGENT, "--seeds", "1", "--max-game-steps", "1", "--quiet"]
    if run_command(COMMANDS, ["run", *words, "--out", str(out)]):
        raise ValueError(f"{out} cannot be made a run")
    run = RunDirectory(out)
    ((episode, result),) = run.results()
    assert result is not None
    path = run.trace(episode)
    path.unlink()
    env, agent = gymnasium.make(ENV, disable_env_checker=True), load_agent(AGENT)
    seed, before, step = 1, 0, 0
    observation, info = env.reset(seed=seed)
    agent.reset(observation, info, seed)
    recorder = Recorder(path)
    recorder.start(episode, observation, info, memory_of(env), span_of(env), scenery_of(env))
    for _ in range(turns):
        action = as_decision(agent.act(observation, info)).action
        observation, reward, over, cut, info = env.step(action)
        step = before + info["game_step"]
        recorder.turn(str(action), observation, float(reward), {**info, "game_step": step})
        if over or cut:
            before, seed = step, seed + 1
            observation, info = env.reset(seed=seed, options={"keep_memory": True})
            agent.reset(observation, info, seed)
    recorder.finish()
    recorder.close()
    env.close()  # type: ignore[no-untyped-call]
    measured = vars(measure_episode(Trace(path)))
    run.save(episode, replace(result, turns=turns, game_steps=step, **measured))
    return path


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.long_trace")
    parser.add_argument("out", type=Path, help="a new directory")
    parser.add_argument("--turns", type=int, default=TURNS)
    given = parser.parse_args()
    path = write_long_run(given.out, given.turns)
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

from __future__ import annotations

from agents.agent import FunctionAgent
from benchmarks.pair.episode_row import EpisodeRow

ENV = "AutoMem-MiniHack-Corridor-R3-v0"


class Seeds:
    """Goes nowhere; remembers with which seeds it was started, and writes now and then."""

    def __init__(self) -> None:
        self.seeds: list[int] = []

    def reset(self, observation, info, seed):
        self.seeds.append(seed)

    def act(self, observation, info):
        if info["turn"] % 3 == 0:
            return "<|APPEND|>notes.md|a line<|END|>"
        return "wait"


def test_a_row_stops_after_so_many_game_steps_and_goes_on_from_there():
    row = EpisodeRow(ENV, FunctionAgent(lambda observation, info: "south"), 0)
    first, second = row.advance(3), row.advance(2)
    row.close()
    assert (first.game_steps, first.episodes, first.turns) == (3, 1, 3)
    assert (second.game_steps, second.episodes) == (2, 0)
    assert first.actions == ("south",) * 3
    assert first.seconds > 0


def test_turns_that_only_touch_memory_are_no_game_steps():
    row = EpisodeRow(ENV, Seeds(), 0)
    played = row.advance(4)
    row.close()
    assert played.game_steps == 4
    assert played.turns == 6
    assert played.commands == {"APPEND": 2}


def test_after_an_end_comes_the_next_seed():
    agent = Seeds()
    row = EpisodeRow(ENV, agent, 7, stride=2, env_args={"max_game_steps": 3})
    played = row.advance(7)
    row.close()
    assert played.game_steps == 7
    assert played.episodes == 3
    assert len(set(agent.seeds)) == 3
    again = Seeds()
    row = EpisodeRow(ENV, again, 9, stride=2, env_args={"max_game_steps": 3})
    row.advance(4)
    row.close()
    assert again.seeds == agent.seeds[1:]

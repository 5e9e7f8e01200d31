import collections

import gymnasium
import numpy as np
import pytest
from gymnasium.error import InvalidAction

from automem_gym import AutoMemEnv, EpisodeEnd, Frame
from automem_gym.wrappers import DiscreteGame


def test_actions_and_macros_are_numbers(env: AutoMemEnv) -> None:
    game = DiscreteGame(
        env,
        actions=("west", "east"),
        macros=("<|LIST|>", lambda seen: f"<|WRITE|>a|{seen['status']}<|END|>"),
    )
    assert game.action_space == gymnasium.spaces.Discrete(4)
    game.reset(seed=1)
    assert game.step(np.int64(1))[4]["executed_action"] == "east"
    assert game.step(2)[0]["memory"].startswith("LIST")
    game.step(3)
    assert env.memory.read("a") == "Digits dialled: 0 of 4\n"


@pytest.mark.parametrize("number", [-1, 2, 99])
def test_a_number_without_a_move(env: AutoMemEnv, number: int) -> None:
    game = DiscreteGame(env, actions=("west", "east"))
    game.reset(seed=1)
    with pytest.raises(InvalidAction, match=f"moves are 0 to 1, not {number}"):
        game.step(number)


def test_bad_moves(env: AutoMemEnv) -> None:
    with pytest.raises(ValueError, match="'fly' is no action here"):
        DiscreteGame(env, actions=("fly",))
    with pytest.raises(ValueError, match="at least one"):
        DiscreteGame(env, actions=())
    with pytest.raises(TypeError, match="needs an environment of this package"):
        DiscreteGame(gymnasium.make("CartPole-v1"))


class Fork:
    """The first room shows the way, the second does not: it has to be noted, and read again."""

    actions = ("left", "right")
    default_action = "left"
    instructions = "Go where the sign of the first room points."
    progression = 0.0

    def reset(self, seed: int) -> Frame:
        self.way = self.actions[seed % 2]
        self.room, self.progression = 0, 0.0
        return Frame(f"a sign points {self.way}")

    def step(self, action: str) -> Frame:
        self.room += 1
        if self.room == 1:
            return Frame("a fork without a sign")
        self.progression = float(action == self.way)
        return Frame("", reward=self.progression, end=EpisodeEnd.SOLVED)

    def render(self, mode: str) -> str:
        return ""

    def close(self) -> None:
        pass


def test_an_ordinary_learner_learns_to_use_the_memory() -> None:
    """Tabular Q-learning that sees the observation and the last memory result, nothing else."""
    note = "<|WRITE|>notes.md|{observation}<|END|><|ACTION|>left<|END|>"
    env = DiscreteGame(
        AutoMemEnv(Fork, max_turns_per_game_step=2),
        macros=[lambda seen: note.format_map(seen), "<|READ|>notes.md<|END|>"],
    )
    rng = np.random.default_rng(0)
    values: dict[tuple[str, str], np.ndarray] = collections.defaultdict(lambda: np.full(4, 0.5))

    def episode(seed: int, explore: float) -> float:
        seen, _ = env.reset(seed=seed)
        total, over = 0.0, False
        while not over:
            state = (seen["observation"], seen["memory"])
            greedy = int(np.argmax(values[state]))
            move = int(rng.integers(4)) if rng.random() < explore else greedy
            seen, reward, terminated, truncated, _ = env.step(move)
            over = terminated or truncated
            after = 0.0 if over else 0.95 * values[seen["observation"], seen["memory"]].max()
            values[state][move] += 0.3 * (reward + after - values[state][move])
            total += reward
        return total

    for seed in range(3_000):
        episode(seed, explore=0.3)
    # Without its notes no policy does better than one in two.
    assert np.mean([episode(seed, explore=0.0) for seed in range(100)]) == 1.0
    env.close()

import gymnasium
import pytest

import automem_gym  # noqa: F401  (registers the ids)
from automem_gym.games.minihack.tasks import TASKS

LIMITS = {
    "AutoMem-NetHack-v0": 100_000,
    "AutoMem-Crafter-v0": 2_000,
    "AutoMem-MiniHack-v0": 100,
    **{f"AutoMem-MiniHack-{task}-v0": 100 for task in TASKS},
    "AutoMem-MiniHack-Corridor-R5-v0": 500,
    "AutoMem-MiniHack-MazeWalk-45x19-v0": 500,
    "AutoMem-MiniHack-Memento-F4-v0": 200,
    "AutoMem-MiniHack-Memento-F4-Untold-v0": 200,
}


@pytest.mark.parametrize(("name", "limit"), LIMITS.items())
def test_an_episode_ends_after_the_game_steps_of_its_paper(name, limit):
    spec = gymnasium.spec(name)
    assert spec.kwargs["max_game_steps"] == limit
    # Gymnasium's own limit would count turns that only touch memory.
    assert spec.max_episode_steps is None

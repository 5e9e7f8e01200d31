from importlib.resources import files

import pytest

from automem_gym.games.minihack.tasks import TASKS, find_task, task_name
from automem_gym.games.nethack.actions import KEYS

# Numbers of actions as in the paper's environments.
COUNTS = {
    "Boxoban-Hard": 4,
    "Boxoban-Medium": 4,
    "MazeWalk-9x9": 8,
    "MazeWalk-15x15": 8,
    "CorridorBattle-Dark": 8,
    "Corridor-R3": 11,
    "Quest-Easy": 32,
    "Quest-Medium": 32,
}


#: Of the memory suite.
OTHERS = {
    "Corridor-R5": 11,
    "MazeWalk-45x19": 8,
    "Memento-F4": 8,
    "Memento-F4-Untold": 8,
    "Memento-Short-F2": 8,
}


def test_the_table_holds_the_tasks_of_the_paper_and_of_the_memory_suite():
    counts = {name: len(task.actions or ()) for name, task in TASKS.items()}
    assert counts == {**COUNTS, **OTHERS}
    for task in TASKS.values():
        assert task.actions is not None
        assert len(set(task.actions)) == len(task.actions)
        assert set(task.actions) <= set(KEYS)
        assert task.goal.strip()
        assert "\n" not in task.goal


def test_tasks_of_a_kind_share_one_goal():
    assert TASKS["Boxoban-Hard"].goal == TASKS["Boxoban-Medium"].goal
    assert TASKS["MazeWalk-9x9"].goal == TASKS["MazeWalk-15x15"].goal
    table = (files("automem_gym.games.minihack") / "tasks.toml").read_text(encoding="utf-8")
    assert {table.count(task.goal[:40]) for task in TASKS.values() if task.name in COUNTS} == {1}


def test_only_the_untold_task_keeps_the_rule_to_itself():
    told, untold = TASKS["Memento-F4"].goal, TASKS["Memento-F4-Untold"].goal
    assert "blue jelly means the first branch" in told
    assert "jelly" not in untold
    assert "in the same way in every episode" in untold


@pytest.mark.parametrize(
    ("task", "name"),
    [
        ("Corridor-R3", "Corridor-R3"),
        ("MiniHack-Corridor-R3-v0", "Corridor-R3"),
        ("MiniHack-Sokoban1a-v1", "Sokoban1a"),
        ("MiniHack-KeyRoom-S5-v0", "KeyRoom-S5"),
    ],
)
def test_ids_are_names_too(task, name):
    assert task_name(task) == name


def test_tasks_beyond_the_table_get_a_general_goal():
    task = find_task("MiniHack-River-v0", ["River"])
    assert task is not None
    assert task.actions is None
    assert "River" in task.goal
    assert find_task("River", []) is None

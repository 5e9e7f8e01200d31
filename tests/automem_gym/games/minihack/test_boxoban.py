import random

import pytest

from automem_gym.game import EpisodeEnd
from automem_gym.games.minihack.boxoban_levels import level_source
from automem_gym.games.minihack.boxoban_solver import Level, solve
from automem_gym.games.minihack.game import MiniHackGame
from automem_gym.games.minihack.tasks import TASKS

CORNER = """\
; 0
#####
#@$.#
#####

; 1
######
#@ $.#
######
"""


@pytest.mark.parametrize("task", ["Boxoban-Medium", "Boxoban-Hard"])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_solution_of_a_level_solves_the_game(task, seed):
    levels = TASKS[task].levels
    assert levels is not None
    solution = solve(Level.from_text(level_source(levels, "generated")(seed)))
    assert solution is not None
    game = MiniHackGame(task, levels="generated")
    game.reset(seed)
    frames = [game.step(action) for action in solution]
    assert [frame.end for frame in frames[:-1]] == [None] * (len(solution) - 1)
    assert frames[-1].end is EpisodeEnd.SOLVED
    assert frames[-1].reward == 1.0
    assert game.progression == 1.0
    boxes = 3 if task == "Boxoban-Medium" else 4
    assert frames[-1].observation.count("`") == boxes
    game.close()


def test_published_levels_are_played(tmp_path):
    (tmp_path / "medium" / "train").mkdir(parents=True)
    (tmp_path / "medium" / "train" / "000.txt").write_text(CORNER)
    game = MiniHackGame("Boxoban-Medium", levels=tmp_path)
    seen = set()
    for seed in range(8):
        map_text = game.reset(seed).observation.partition("map:")[2]
        random.seed(seed)
        assert game.reset(seed).observation.partition("map:")[2] == map_text
        wide = "@.`{" in map_text or ".`{" in map_text
        seen.add(wide)
        frames = [game.step("east") for _ in range(2 if wide else 1)]
        assert frames[-1].end is EpisodeEnd.SOLVED
    assert seen == {True, False}
    game.close()


def test_a_push_onto_a_goal_is_rewarded_and_a_step_costs(tmp_path):
    (tmp_path / "000.txt").write_text("; 0\n#######\n#@$.  #\n# $  .#\n#######\n")
    game = MiniHackGame("Boxoban-Hard", levels=tmp_path)
    game.reset(0)
    assert game.step("east").reward == pytest.approx(0.1 - 0.001)
    assert game.step("west").reward == pytest.approx(-0.001)
    assert game.progression == 0.0
    game.close()


def test_missing_levels_are_told_with_the_ways_out(tmp_path, monkeypatch):
    monkeypatch.delenv("AUTOMEM_BOXOBAN_LEVELS", raising=False)
    with pytest.raises(FileNotFoundError, match=r"boxoban-levels.*levels='generated'"):
        MiniHackGame("Boxoban-Hard")
    with pytest.raises(FileNotFoundError, match="no level files"):
        MiniHackGame("Boxoban-Hard", levels=tmp_path)
    monkeypatch.setenv("AUTOMEM_BOXOBAN_LEVELS", "generated")
    MiniHackGame("Boxoban-Hard").close()

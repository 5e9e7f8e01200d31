import pytest

from automem_gym.games.minihack.boxoban_solver import STEPS, Level, solve


def push_through(text: str, actions: list[str]) -> bool:
    """Plays by the rules of the game, apart from the solver; tells whether the level is solved."""
    level = Level.from_text(text)
    player, boxes = level.player, set(level.boxes)
    for action in actions:
        down, right = STEPS[action]
        player = (player[0] + down, player[1] + right)
        assert player in level.floor
        if player in boxes:
            beyond = (player[0] + down, player[1] + right)
            assert beyond in level.floor - boxes
            boxes = boxes - {player} | {beyond}
    return boxes == level.goals


def test_one_push():
    assert solve(Level.from_text("#####\n#@$.#\n#####")) == ["east"]


def test_a_walk_around_the_box():
    text = "######\n#    #\n# .$@#\n#    #\n######"
    assert solve(Level.from_text(text)) == ["west"]
    text = "######\n#    #\n#@.$ #\n#    #\n######"
    actions = solve(Level.from_text(text))
    assert actions is not None
    assert len(actions) == 6
    assert push_through(text, actions)


def test_two_boxes_that_are_in_each_others_way():
    text = "#######\n#     #\n#  .. #\n# $$  #\n#@    #\n#     #\n#######"
    actions = solve(Level.from_text(text))
    assert actions is not None
    assert push_through(text, actions)


def test_a_solved_level_needs_nothing():
    assert solve(Level.from_text("#####\n#@* #\n#####")) == []


@pytest.mark.parametrize(
    "text",
    [
        "#####\n#$ @#\n#  .#\n#####",  # in a corner
        "######\n# $$ #\n#@ ..#\n######",  # side by side along a wall
        "#####\n#@#$.#\n#####",  # out of reach
    ],
)
def test_lost_levels_have_no_solution(text):
    assert solve(Level.from_text(text)) is None


def test_gives_up_after_the_effort_it_is_given():
    text = "#######\n#     #\n#  .. #\n# $$  #\n#@    #\n#     #\n#######"
    assert solve(Level.from_text(text), max_states=2) is None

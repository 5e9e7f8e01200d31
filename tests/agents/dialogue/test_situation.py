"""What the prompts are told of a game step."""

import numpy as np
import pytest

from agents.dialogue.introduction import Introduction
from agents.dialogue.situation import Situation, distance, surroundings
from automem_gym import Sight

INTRODUCTION = Introduction(game="G", actions=("n", "s"), default_action="n")


def see(situation, text="a", status="b", step=1, **info):
    observation = {"observation": text, "status": status, "files": "f", "memory": "m"}
    return situation.see(observation, {"game_step": step, **info})


def test_at_the_beginning_nothing_has_been_done():
    facts = see(Situation(INTRODUCTION, 2), step=0)
    assert facts["last_action"] == facts["chosen_action"] == ""
    assert (facts["failed"], facts["unchanged"], facts["stuck"]) == (False, False, 0)
    assert facts["actions"] == ["n", "s"]
    assert (facts["game"], facts["default_action"], facts["files"]) == ("G", "n", "f")


def test_what_was_executed_and_what_had_been_asked_for():
    situation = Situation(INTRODUCTION, 2)
    see(situation, step=0)
    facts = see(situation, executed_action="n", invalid_action="fly")
    assert (facts["last_action"], facts["chosen_action"], facts["failed"]) == ("n", "fly", True)
    facts = see(situation, executed_action="s", invalid_action=None)
    assert (facts["last_action"], facts["chosen_action"], facts["failed"]) == ("s", "", False)
    facts = see(situation, executed_action="n", invalid_action="")
    assert (facts["chosen_action"], facts["failed"]) == ("", True)


def test_unchanged_and_stuck_are_counted_in_game_steps():
    situation = Situation(INTRODUCTION, 2)
    told = []
    for text, status in [("a", "b")] * 4 + [("a", "c"), ("a", "c"), ("b", "c")]:
        facts = see(situation, text, status)
        told.append((facts["unchanged"], facts["stuck"]))
    assert told == [
        (False, 0),
        (True, 0),
        (True, 2),
        (True, 3),
        (False, 0),
        (True, 0),
        (False, 0),
    ]


@pytest.mark.parametrize(
    ("steps", "word"),
    [
        (1, "adjacent"),
        (2, "very near"),
        (3, "near"),
        (5, "near"),
        (6, "far"),
        (19, "far"),
        (20, "very far"),
        (79, "very far"),
    ],
)
def test_distances_are_said_in_the_words_of_the_games(steps, word):
    assert distance(steps) == word


def test_surroundings_come_in_the_order_of_the_compass():
    sights = {"west": Sight("wall", 1), "north": ["water", 4], "northeast": ("door", 7)}
    assert surroundings(sights) == [
        {"direction": "north", "name": "water", "steps": 4, "distance": "near"},
        {"direction": "northeast", "name": "door", "steps": 7, "distance": "far"},
        {"direction": "west", "name": "wall", "steps": 1, "distance": "adjacent"},
    ]


def test_nothing_around_is_not_the_same_as_a_game_without_directions():
    assert surroundings({}) == []
    assert surroundings(None) is None
    assert see(Situation(INTRODUCTION, 2))["surroundings"] is None


def test_numbers_of_an_array_are_plain_numbers_to_prompts_and_hooks():
    (sight,) = surroundings({"north": (np.str_("door"), np.int64(3))})
    assert sight == {"direction": "north", "name": "door", "steps": 3, "distance": "near"}
    assert (type(sight["name"]), type(sight["steps"])) == (str, int)


@pytest.mark.parametrize("sight", [None, "door", ("door",), ("door", 2.5), ("door", -1), (1, 2)])
def test_surroundings_that_are_none_are_told_by_direction(sight):
    with pytest.raises(TypeError, match=r"info\['surroundings'\]\['north'\] is a name and a whole"):
        surroundings({"north": sight})
    with pytest.raises(TypeError, match="is a mapping by direction"):
        surroundings([sight])

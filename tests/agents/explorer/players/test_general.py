import random

import gymnasium
import pytest

import examples.vault  # noqa: F401  (registers the id)
from agents.explorer.notes import recall
from agents.explorer.players.general import REMEMBERED, Explorer
from automem_gym import MemoryConfig


class OneRoom:
    """A game in which nothing changes; the agent's memory is all there is."""

    actions = ("a", "b", "c")

    def __init__(self):
        self.player = Explorer({"actions": self.actions}, random.Random(0))
        self.notes = {}

    def turn(self, seen):
        lines = [f"{key}: {text}" for key, text in self.notes.items()]
        memory = "\n".join([f"READ notes.md: {len(lines)} lines", *lines])
        turn = self.player.act({"observation": seen, "status": "", "memory": memory}, {})
        for part in turn.split("<|UPSERT|>notes.md|")[1:]:
            key, text = part.split("<|END|>")[0].split("|")
            self.notes[key] = text
        return turn.removesuffix("<|END|>").rpartition("|>")[2]


def test_in_one_situation_every_action_is_tried_before_any_again():
    room = OneRoom()
    for _ in range(3):
        assert sorted(room.turn("here") for _ in range(3)) == ["a", "b", "c"]


def test_situations_are_told_apart():
    room = OneRoom()
    first = [room.turn("here"), room.turn("here")]
    assert sorted(room.turn("there") for _ in range(3)) == ["a", "b", "c"]
    assert room.turn("here") not in first


def test_the_notes_stay_short():
    room = OneRoom()
    for n in range(REMEMBERED + 50):
        room.turn(f"place {n}")
    assert len(room.notes) == REMEMBERED


def play(**options):
    """An episode of a real game: the observation and info of each turn."""
    env = gymnasium.make("AutoMem-Vault-v0", **options)
    observation, info = env.reset(seed=1)
    player = Explorer(info, random.Random(1))
    over, turns = False, []
    while not over and len(turns) < 100:
        observation, _, terminated, truncated, info = env.step(player.act(observation, info))
        turns.append((observation, info))
        over = terminated or truncated
    env.close()
    return turns


def test_in_a_real_game_all_its_actions_are_valid_and_its_notes_are_kept():
    turns = play()
    assert len(turns) > 1
    for observation, info in turns:
        assert info["invalid_action"] is None
        assert all(command["ok"] for command in info["commands"])
        assert recall(observation["memory"])


@pytest.mark.parametrize("vocabulary", [("READ",), ("APPEND", "WRITE")])
def test_it_plays_on_where_its_notes_are_refused(vocabulary):
    memory = MemoryConfig(files={"notes.md": ""}, vocabulary=vocabulary)
    for observation, info in play(memory=memory):
        assert info["invalid_action"] is None
        assert recall(observation["memory"]) == {}

import random

import gymnasium
import pytest

import examples.vault  # noqa: F401  (registers the id)
from agents.explorer.notes import recall
from agents.explorer.players.general import ROOM, Explorer
from memory_fs import MemoryConfig, MemoryStore, parse


class OneRoom:
    """A game in which nothing changes; the agent's memory is all there is."""

    def __init__(self, vocabulary=("READ", "UPSERT", "WRITE"), actions=("a", "b", "c")):
        info = {"actions": actions, "vocabulary": vocabulary}
        self.player = Explorer(info, random.Random(0))
        self.store = MemoryStore(MemoryConfig(files={"notes.md": ""}, vocabulary=vocabulary))
        self.memory = ""

    def turn(self, seen):
        turn = self.player.act({"observation": seen, "status": "", "memory": self.memory}, {})
        commands, _, action = turn.removesuffix("<|END|>").rpartition("<|ACTION|>")
        results = [self.store.execute(command) for command in parse(commands)]
        assert all(result.ok for result in results)
        self.memory = "\n".join(map(str, results))
        return action


def test_in_one_situation_every_action_is_tried_before_any_again():
    room = OneRoom()
    for _ in range(3):
        assert sorted(room.turn("here") for _ in range(3)) == ["a", "b", "c"]


def test_situations_are_told_apart():
    room = OneRoom()
    first = [room.turn("here"), room.turn("here")]
    assert sorted(room.turn("there") for _ in range(3)) == ["a", "b", "c"]
    assert room.turn("here") not in first


@pytest.mark.parametrize("vocabulary", [("READ", "UPSERT", "WRITE"), ("READ", "WRITE")])
def test_the_notes_stay_short_and_the_latest_are_kept(vocabulary):
    room = OneRoom(vocabulary)
    for n in range(ROOM // 10):
        room.turn(f"place {n}")
        assert room.store.entry("notes.md").chars <= ROOM
    assert len(recall(room.memory)) > ROOM / 50
    last = f"place {ROOM // 10 - 1}"
    assert len({room.turn(last) for _ in range(2)}) == 2


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
def test_it_plays_on_where_it_cannot_keep_notes(vocabulary):
    memory = MemoryConfig(files={"notes.md": ""}, vocabulary=vocabulary)
    for _, info in play(memory=memory):
        assert info["invalid_action"] is None
        assert info["commands"] == []

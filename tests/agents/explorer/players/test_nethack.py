import random
import re

import gymnasium
import pytest

import automem_gym  # noqa: F401  (registers the ids)
from agents import load_agent
from agents.explorer.players.nethack import Explorer
from automem_gym.games.nethack.actions import KEYS

MAP = "".join(f"{line:80}\n" for line in ["", " |.@.|", *[""] * 19, "Agent", "Dlvl:1 HP:9(9) T:5"])
INFO = {"actions": tuple(KEYS), "default_action": "esc", "vocabulary": ("READ", "UPSERT")}
FILES = "notes.md (1 line, 8 chars)\nlevel-1.md (0 lines, 0 chars, turn 4)"
RECALLED = "READ notes.md: 1 line\nturn: 5\nREAD level-1.md: 0 lines"


def asked(message, memory=RECALLED, status="inventory:\nb: an apple\n", at_player=False):
    """The action that the player takes at a question of the game."""
    cursor = "Yourself a digger\n(x=3, y=2)" if at_player else "\n(x=9, y=0)"
    text = f"message:\n{message}\n\nlanguage observation:\n\n\ncursor:\n{cursor}\n\nmap:\n{MAP}\n"
    observation = {"observation": text, "status": status, "memory": memory, "files": FILES}
    turn = Explorer(INFO, random.Random(0)).act(observation, {"surroundings": {}})
    found = re.search(r"<\|ACTION\|>(.*)<\|END\|>$", turn)
    return found and found[1]


def test_reads_its_notes_before_it_acts_on_a_new_level():
    assert asked("", memory="") is None


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ("Are you sure you want to pray? [yn] (n)", "y"),
        ("Really attack the peaceful gnome lord?", "esc"),
        ("There is a newt corpse here; eat it? [ynq] (n)", "n"),
        ("What do you want to name the scroll?", "esc"),
        ("Pick up what?\n\nWeapons\na - a dagger\nTools\nb - a pick-axe\n(end)", "b"),
        ("Pick up what?\n\nWeapons\na - a dagger\nTools\nb + a pick-axe\n(end)", "more"),
        ("You feel strange.--More--", "more"),
    ],
)
def test_answers_questions(message, answer):
    assert asked(message) == answer


def test_answers_from_its_notes():
    notes = "READ notes.md: 2 lines\nitem: b\naim: down\nREAD level-1.md: 0 lines"
    assert asked("What do you want to use or apply? [b or ?*]", notes) == "b"
    assert asked("In what direction do you want to dig? [><]", notes) == "down"
    assert asked("In what direction?", RECALLED) == "esc"


def test_prays_only_once_when_dying():
    dying = "READ notes.md: 1 line\nprayed in turn: 4\nREAD level-1.md: 0 lines"
    weak = MAP.replace("HP:9(9) T:5", "HP:2(9) T:500")
    text = (
        "message:\n\n\nlanguage observation:\n\n\n"
        f"cursor:\nYourself a digger\n(x=3, y=2)\n\nmap:\n{weak}\n"
    )
    seen = {"observation": text, "status": "", "files": ""}
    player = Explorer(INFO, random.Random(0))
    assert "<|ACTION|>pray<|END|>" in player.act({**seen, "memory": RECALLED}, {})
    assert "<|ACTION|>pray<|END|>" not in player.act({**seen, "memory": dying}, {})


@pytest.mark.parametrize("text", ["", "garbage", "message:\n\n\nmap:\n", "\n\nmap:\n" + MAP])
def test_unreadable_screens_get_the_default(text):
    seen = {"observation": text, "status": "", "memory": "", "files": ""}
    assert Explorer(INFO, random.Random(0)).act(seen, {}) == "<|ACTION|>esc<|END|>"


def test_goes_down_and_plays_only_valid_actions():
    env = gymnasium.make("AutoMem-NetHack-v0", max_game_steps=400, disable_env_checker=True)
    depths = []
    for seed in (1013, 1014, 1015):
        agent, over = load_agent("explorer"), False
        observation, info = env.reset(seed=seed)
        agent.reset(observation, info, 0)
        while not over:
            turn = agent.act(observation, info).action
            observation, _, terminated, truncated, info = env.step(turn)
            assert info["invalid_action"] is None
            over = terminated or truncated
        depths.append(info["dungeon_level"])
    env.close()
    assert max(depths) >= 4

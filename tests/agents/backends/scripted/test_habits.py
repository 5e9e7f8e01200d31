from collections import Counter

from agents.backends.scripted import Knobs
from agents.backends.scripted.habits import SLIPS, Habits
from automem_gym.command import CommandParser
from memory_fs import FIELDS

READER = CommandParser(None, FIELDS)
LOOK = ["<|SEARCH|>map.md|tree<|END|>", "<|TAIL|>actions.md|3<|END|>"]
LOG = ["<|APPEND|>map.md|tree at 1 2<|END|>", "<|DONE|>"]
ACT = ["<|ACTION|>Move North<|END|>"]


def test_without_a_habit_the_commands_are_the_reply():
    assert Habits(Knobs(), 0).dress(LOG, "Do") == "\n".join(LOG)


def test_each_slip_spoils_some_reply():
    for slip in SLIPS:
        texts = ["\n".join(commands) for commands in (LOOK, LOG, ACT)]
        assert any(slip.make(text, "Do") != text for text in texts), slip.name


def test_slips_are_varied_and_each_changes_the_reply():
    for commands in (LOOK, LOG, ACT):
        slipped = [Habits(Knobs(slip=1), seed).dress(commands, "Do") for seed in range(400)]
        counts = Counter(slipped)
        assert "\n".join(commands) not in counts
        assert len(counts) >= 10
        assert max(counts.values()) < 60


def test_some_slips_are_forgiven_and_some_are_not():
    """The parser is tolerant; of the others the agents have to make something."""
    act = READER.read(ACT[0])
    made = [slip.make(ACT[0], "Do") for slip in SLIPS]
    same = sum(READER.read(text)[:2] == act[:2] for text in made if text != ACT[0])
    assert 3 <= same < len([text for text in made if text != ACT[0]]) - 3


def test_slips_take_an_action_of_the_game():
    texts = {slip.make("<|DONE|>", r"dial \1 {x}") for slip in SLIPS}
    assert "<|ACTION|>dial \\1 {x}<|END|>\n<|DONE|>" in texts


def test_habits_are_drawn_apart():
    """More of one habit leaves the others as they are."""
    for seed in range(200):
        few, many = Habits(Knobs(blind=0.5), seed), Habits(Knobs(blind=0.5, early=1), seed)
        assert few.shows("blind") == many.shows("blind")
        assert many.shows("early")
        assert few.rng.random() == many.rng.random()


def test_a_rate_is_met():
    shown = sum(Habits(Knobs(forget=0.2), seed).shows("forget") for seed in range(2_000))
    assert 340 < shown < 460


def test_never_and_always_are_exact():
    for seed in range(300):
        habits = Habits(Knobs(consult=1, slip=0), seed)
        assert habits.shows("consult")
        assert not habits.shows("slip")

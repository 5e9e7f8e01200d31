"""What every player does with a memory that is not as it would like it."""

import zlib

import gymnasium
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import examples.vault  # noqa: F401  (registers the id)
from agents import load_agent
from agents.explorer.crafter.cells import SIDE
from agents.explorer.crafter.chart import Chart
from agents.explorer.crafter.record import Record
from agents.explorer.players.crafter import MAP
from agents.explorer.terminal.forms import FORMS, understood
from automem_gym import MemoryConfig
from memory_fs.operation import OPERATIONS

GAMES = [
    *("Vault", "Crafter", "MiniHack-MazeWalk-9x9", "MiniHack-Boxoban-Medium", "NetHack"),
    *("MiniHack-Memento-Short-F2", "MiniHack-Quest-Easy"),
]
V0 = ("SEARCH", "READ", "TAIL", "COUNT", "APPEND", "WRITE", "CREATE")


def make(game, **options):
    if "Boxoban" in game:
        options["levels"] = "generated"
    return gymnasium.make(f"AutoMem-{game}-v0", disable_env_checker=True, **options)


def play(game, vocabulary, steps, seed=1001):
    """Plays an episode; gives the last info and all commands."""
    memory = MemoryConfig(files={"notes.md": ""}, vocabulary=vocabulary)
    env, agent, commands = make(game, memory=memory), load_agent("explorer"), []
    observation, info = env.reset(seed=seed)
    agent.reset(observation, info, seed)
    over = False
    while not over and info["game_step"] < steps:
        observation, _, terminated, truncated, info = env.step(agent.act(observation, info).action)
        assert info["invalid_action"] is None
        commands += info["commands"]
        over = terminated or truncated
    env.close()
    return info, commands


# The vocabulary


@pytest.mark.parametrize("game", GAMES)
@pytest.mark.parametrize(
    "vocabulary", [V0, ("READ", "WRITE"), ("READ", "UPSERT"), ("READ", "APPEND"), ("SEARCH",)]
)
def test_no_command_is_refused_whatever_the_vocabulary(game, vocabulary):
    info, commands = play(game, vocabulary, 40)
    assert [command["command"] for command in commands if not command["ok"]] == []
    can_keep = "READ" in vocabulary and {"UPSERT", "WRITE"} & {*vocabulary}
    assert bool(commands) == bool(can_keep)
    # Turns without a game action are few: notes are read with the actions.
    assert info["turn"] <= info["game_step"] + 3


@pytest.mark.parametrize("vocabulary", [V0, ("READ", "WRITE"), ("READ", "UPSERT")])
def test_notes_written_in_another_way_are_the_same_notes(vocabulary):
    def unlocked(words):
        return [play("Crafter", words, 300, seed)[0]["progression"] for seed in (1001, 1002, 1003)]

    assert unlocked(vocabulary) == unlocked(tuple(OPERATIONS))


# Notes that somebody else has written

WORDS = st.sampled_from(
    [
        *("-", "none", "1", "-7", "99", "9" * 16, "\u00b2", "5", "6", "6,"),
        *("5,5", "79,21", "80,22", "-3,4", "5,5=2", "5,5=x", "5,5>6,5", "0,1", "0 1", "-1 0"),
        *("west", "east from", "zap", "at", "Do", "S.T", "T_W?", "tree", "e\u0301", "\ud800"),
        *("<|END|>", "|", ",", ":", "#"),
    ]
)
TEXT = WORDS | st.lists(WORDS, max_size=4).map(" ".join) | st.text(max_size=30)
PAIR = st.builds("{} {}".format, st.integers(-60, 6000), st.sampled_from([-76, -1, 1, 7, 76]))
FILES = ("notes.md", "level-1.md", MAP)
HEADING = st.sampled_from(["{} lines"] * 6 + ["{} lines [first 80 of 9,123 characters; S", "?"])


def edited(notes):
    """Notes of a player of which somebody has rewritten some."""
    changes = st.dictionaries(st.sampled_from(sorted(notes)), TEXT | PAIR, max_size=3)
    return changes.map(lambda new: [f"{key}: {text}" for key, text in {**notes, **new}.items()])


ROW = st.text("TSCIDWLtfpc,._?s#!\u00e9", min_size=8, max_size=8)
PLACE = st.integers(-10, 10).map(lambda n: 4 * n)
MAP_LINE = (
    st.builds("from {} {}: {} {} {} {}".format, PLACE, PLACE, ROW, ROW, ROW, ROW)
    | st.builds(
        "edge {}: {}".format, st.sampled_from(["north", "east", "up"]), st.integers(-99, 99)
    )
    | TEXT
)

LINES = {
    "notes.md": edited(Record().notes()) | edited(dict.fromkeys([*FORMS, "sign", "lichen"], "-")),
    "level-1.md": edited(
        dict.fromkeys(FORMS, "-") | {"solution": "none", "branch": "-", "blasts": "-", "foes": "-"}
    ),
    MAP: st.lists(MAP_LINE, max_size=6),
}


@st.composite
def memories(draw, situation):
    """Answers to commands that read files which somebody else has edited."""
    answers = []
    for file, choices in LINES.items():
        lines = draw(choices | st.lists(TEXT, max_size=5))
        if file == FILES[0] and draw(st.booleans()):
            lines += [f"{situation}: {draw(TEXT)}"]
        heading = draw(HEADING).format(draw(st.sampled_from([len(lines), len(lines), 3, 999])))
        answers.append("\n".join([f"READ {file}: {heading}", *lines]))
    whole = "\n".join(answers)
    return whole[: draw(st.sampled_from([None, None, draw(st.integers(0, len(whole)))]))]


@pytest.fixture(scope="module", params=GAMES)
def scene(request):
    """A moment of a game: the first info, and an observation and info some steps later."""
    env = make(request.param)
    observation, first = env.reset(seed=1004)
    agent, info = load_agent("explorer"), first
    agent.reset(observation, first, 0)
    over = False
    while not over and info["game_step"] < 6:
        seen = observation, info
        observation, _, over, _, info = env.step(agent.act(observation, info).action)
    env.close()
    return first, *seen


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_notes_lead_to_a_valid_turn(scene, data):
    first, observation, info = scene
    text = f"{observation['observation']}\n{observation['status']}"
    memory = data.draw(memories(f"{zlib.crc32(text.encode()):08x}"))
    agent = load_agent("explorer")
    agent.reset(observation, first, 0)
    turn = agent.act({**observation, "memory": memory}, info).action
    action = turn.removesuffix("<|END|>").rpartition("<|ACTION|>")[2]
    assert action in first["actions"] or turn.startswith("<|READ|>")


@settings(max_examples=300)
@given(lines=LINES[MAP])
def test_any_map_is_a_chart_that_can_be_written_again(lines):
    chart = Chart(lines)
    assert len(chart.grid) == SIDE * SIDE
    assert Chart(chart.lines()).grid == chart.grid


@settings(max_examples=300)
@example(new={"last": " at"})
@given(new=st.dictionaries(st.sampled_from([*Record().notes()]), TEXT | PAIR, max_size=3))
def test_a_record_is_read_as_it_stands_or_not_at_all(new):
    notes = Record().notes() | new
    record = Record.read(notes)
    assert record is None or Record.read(record.notes()) == record


@settings(max_examples=300)
@given(text=TEXT, count=st.integers(0, 99))
def test_a_note_that_a_rule_cannot_use_is_not_taken(text, count):
    kept = understood({**dict.fromkeys(FORMS, text), "turn": text})
    assert kept.pop("turn") == text
    for note, form in FORMS.items():
        assert (note in kept) == (form.fullmatch(text) is not None)
    assert understood({"dug": str(count), "dig": "too hard"}) == {
        "dug": str(count),
        "dig": "too hard",
    }

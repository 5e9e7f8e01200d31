import re

import pytest

from agents.backends.scripted import ScriptedModel
from agents.backends.scripted.player import choose
from agents.backends.scripted.prompt import read_prompt
from agents.explorer.crafter.chart import Chart, index
from agents.memory_agent import MemoryAgent
from agents.model import Message


def act(messages):
    text = ScriptedModel().generate(messages, 0).text
    return text.removeprefix("<|ACTION|>").removesuffix("<|END|>")


def told(messages, more):
    """The conversation, with a line more in the last answers."""
    last = messages[-1].text.replace("\n</results>", f"\n{more}\n</results>")
    assert last != messages[-1].text
    return (*messages[:-1], Message("user", last))


def deciding(heard, game, word):
    """The conversations that ended in an action after something was read."""
    found = []
    for messages, _, text in heard[game]:
        if text.startswith(f"<|ACTION|>{word}") and len(messages) > 2:
            found.append(messages)
    assert found
    return found


def test_each_game_has_its_player(heard):
    for game, conversations in heard.items():
        chosen = {choose(messages[0].text).__module__ for messages, _, _ in conversations}
        assert [name.rpartition(".")[2] for name in chosen] == [game.partition("-")[0].lower()]


def test_another_game_is_played_by_the_general_player():
    text = "You like NetHack.\n<actions>\nnorth\nsouth\neast\n</actions>"
    assert choose(text).__module__.endswith(".general")
    assert choose("").__module__.endswith(".general")


def test_leaves_alone_who_is_known_to_be_peaceful(heard):
    fights = [
        messages
        for messages in deciding(heard, "MiniHack-Quest-Easy", "")
        if "lichen, 1 step" in messages[1].text
    ]
    direction = {
        name
        for name, sight in read_prompt(fights[0]).surroundings.items()
        if sight == ("lichen", 1)
    }
    assert act(fights[0]) in direction
    note = "SEARCH encounters.md 'lichen': 1 match\n[1] lichen: peaceful"
    assert act(told(fights[0], note)) not in direction


def terminal(rows, x, y, message="", cursor="Yourself a tourist"):
    """An observation of a NetHack terminal that shows these rows from the third on."""
    shown = [" " * 80, *(row.ljust(80) for row in rows)]
    shown += [" " * 80] * (21 - len(shown))
    bottom = "Agent the Tourist   St:16\nDlvl:1 $:0 HP:15(15) Pw:2(2) AC:4 Xp:1/0"
    return (
        f"message:\n{message}\n\nlanguage observation:\ndark area\n\ncursor:\n{cursor}\n"
        f"(x={x}, y={y})\n\nmap:\n" + "\n".join(shown) + f"\n{bottom}\n"
    )


def conversation(system, scene, answers):
    """A PLAN that has looked everything up."""
    asked = "<|READ|>map.md<|END|><|TAIL|>actions.md|24<|END|><|SEARCH|>dungeon.md|level 1:<|END|>"
    return [
        Message("system", system),
        Message("user", scene),
        Message("assistant", asked),
        Message("user", f"<results>\n{answers}\n</results>\nReplies left: 1."),
    ]


def test_turns_away_from_what_was_explored(heard):
    """Both ends of the corridor are dark; what the notes say of them decides."""
    system = next(m[0].text for m, _, _ in heard["MiniHack-MazeWalk-9x9"] if "PLAN" in m[0].text)
    scene = (
        f"<step>9</step>\n<last_action>west</last_action>\n<observation>\n"
        f"{terminal([' ' * 37 + '##@##'], 39, 2)}\n</observation>\n"
        "<surroundings>\n</surroundings>\n<files>\ndungeon.md (1 line, 9 chars)\n</files>\n"
        "\nYou are PLAN."
    )

    def goes(note):
        found = f"SEARCH dungeon.md 'level 1:': 1 match\n[1] level 1: {note}"
        return act(conversation(system, scene, found))

    cells = {"west": ("37,2", "38,2"), "east": ("40,2", "41,2")}
    for explored, other in (("west", "east"), ("east", "west")):
        assert goes(f"stood 39,2 {' '.join(cells[explored])}") == other
        assert goes(f"stood 39,2; blocked 39,2>{cells[explored][explored == 'west']}") == other
        assert goes(f"stood 39,2; tried {cells[explored][0]}=99 {cells[explored][1]}=99") == other


BEACH = """\
<step>30</step>
<last_action>Noop</last_action>
<observation>
You see:
- sand 1 step to your north

You face sand at your front.
</observation>
<status>
- health: 9/9
- food: 9/9
- drink: 9/9
- energy: 9/9
</status>

You are PLAN.
"""
#: With these achievements, all that is left to do without wood is to get some.
DONE = [f"done: {name}" for name in ("sapling", "plant", "drink", "cow", "wake up", "zombie")]


def chart(things, xs, y):
    """The lines of a map with some things on a strip of sand."""
    drawn = Chart()
    for x in xs:
        drawn.mark(index((x, y)), things.get((x, y), "."))
    return drawn.lines()


def on_the_beach(heard, places, rows):
    """What it does on a beach with nothing in sight, given lines of the action log and the map."""
    system = next(m[0].text for m, _, _ in heard["Crafter"] if "PLAN" in m[0].text)
    answers = [f"READ map.md: {len(rows)} lines", *rows]
    answers += [f"TAIL actions.md: {len(places)} lines", *places]
    answers += [f"READ crafting.md: {len(DONE)} lines", *DONE]
    return act(conversation(system, BEACH, "\n".join(answers)))


def test_goes_where_the_notes_have_what_it_needs(heard):
    """The tree is out of sight, and nothing but the notes tells where it stands."""
    place = ["step 30: Noop -> at 3 4, facing north at sand"]
    for action, x in (("Move West", -3), ("Move East", 9)):
        rows = [chart({(x, 4): "T"}, range(-4, 10), 4)]
        assert on_the_beach(heard, place, *rows) == action


def test_knows_where_it_stands_only_from_its_notes(heard):
    """The same tree; the notes say on which side of it the player is, a few steps ago."""
    rows = [chart({(0, 0): "T"}, range(-8, 9), 0)]
    for action, x in (("Move West", 7), ("Move East", -7)):
        log = [f"step 28: Noop -> at {x} 0, facing north at sand", "step 29: Do -> facing sand"]
        assert on_the_beach(heard, log, *rows) == action


def test_types_counts_digit_by_digit(play, listener):
    model = listener()
    play("AutoMem-NetHack-v0", MemoryAgent(models={"agent": model}), 1000, 120)
    acted = [text for _, _, text in model.heard if text.startswith("<|ACTION|>")]
    acted = [text.removeprefix("<|ACTION|>").removesuffix("<|END|>") for text in acted]
    starts = [at for at, action in enumerate(acted[:-2]) if action == "1"]
    assert starts
    assert all(acted[at + 1 : at + 3] == ["0", "search"] for at in starts)


def asked(heard, message, last, *log):
    """What it answers to a question of NetHack, given the action log."""
    system = next(m[0].text for m, _, _ in heard["NetHack"] if "PLAN" in m[0].text)
    observation = terminal(["#####@##"], 5, 2, message, cursor="")
    scene = (
        f"<step>9</step>\n<last_action>{last}</last_action>\n<observation>\n{observation}\n"
        "</observation>\n<surroundings>\n</surroundings>\n<files>\ndungeon.md (1 line, 9 chars)\n"
        "</files>\n\nYou are PLAN."
    )
    found = "\n".join([f"TAIL actions.md: {len(log)} lines", *log])
    return act(conversation(system, scene, found))


def test_answers_questions_as_the_action_log_says(heard):
    """When the game asks, the blows that the throw was decided upon are out of sight."""
    for item, aim in (("b", "west"), ("c", "northeast")):
        place = f"step 8: east -> at 5,2, level 1, turn 9, with {item} {aim}"
        assert asked(heard, "What do you want to throw? [bc or ?*]", "throw", place) == item
        thrown = "step 9: throw -> asked: What do you want to throw?"
        assert asked(heard, "In what direction?", item, place, thrown) == aim


def test_spells_the_word_of_refuge(heard):
    question = "What do you want to write in the dust here?"
    typed, word = "", "Elbereth"
    while typed != word:
        assert asked(heard, f"{question} {typed}".strip(), "n") == word[len(typed)]
        typed += word[len(typed)]
    assert asked(heard, f"{question} {typed}", "h") == "more"


@pytest.fixture(scope="module")
def fork(play, listener):
    """Where it turned off at the fork of a Memento task: the conversation, and the action."""
    model = listener()
    play("AutoMem-MiniHack-Memento-Short-F2-v0", MemoryAgent(models={"agent": model}), 1000, 20)
    return next(
        messages
        for messages, _, text in model.heard
        if text.startswith(("<|ACTION|>north<", "<|ACTION|>south<"))
    )


def test_the_sign_in_the_notes_decides_at_the_fork(fork):
    def goes(sign):
        last = re.sub("sign at the start: .*", f"sign at the start: {sign}", fork[-1].text)
        assert sign in last
        # What was decided upon this sign is no evidence for another one.
        last = re.sub("(level 1: .*)branch to .", r"\1", last)
        return act([*fork[:-1], Message("user", last)])

    assert goes("blue jelly") == "north"
    assert goes("lichen") == "south"


GRASS = """\
<step>30</step>
<last_action>Noop</last_action>
<observation>
You see:
- grass 1 step to your north

You face grass at your front.
</observation>
<status>
- delivered: 2/15
{}
</status>

You are PLAN.
"""


def test_a_courier_goes_where_the_parcel_goes(play, listener):
    model = listener()
    play("AutoMem-Crafter-Courier-v0", MemoryAgent(models={"agent": model}), 1000, 2)
    system = next(m[0].text for m, _, _ in model.heard if "PLAN" in m[0].text)
    assert choose(system).__module__.endswith(".courier")
    rows = chart({(-6, 4): "t", (9, 4): "f"}, range(-6, 10), 4)
    log = "step 30: Noop -> at 1 4, facing north at grass"
    answers = "\n".join([f"READ map.md: {len(rows)} lines", *rows, "TAIL actions.md: 1 line", log])
    for inventory, action in (("", "Move West"), ("- parcel: 1", "Move East")):
        assert act(conversation(system, GRASS.format(inventory), answers)) == action

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.backends.scripted import Knobs, ScriptedModel
from agents.backends.scripted.prompt import HAND_OVER, LOOKS, read_prompt
from agents.model import Message
from automem_gym.command import CommandParser
from memory_fs import FIELDS, Malformed

READER = CommandParser(None, FIELDS)


def answer(messages, seed=0, **knobs):
    return ScriptedModel(Knobs(**knobs)).generate(messages, seed).text


def starting(heard, routine, game="Crafter", step=5):
    """The conversations with which a routine begins, once the memory holds something."""
    found = []
    for messages, _, _ in heard[game]:
        prompt = read_prompt(messages)
        if len(messages) == 2 and prompt.routine == routine and prompt.step > step:
            found.append(messages)
    assert found
    return found


def consulted(heard, routine, game="Crafter"):
    """Conversations in which it has looked."""
    found = []
    for messages, _, _ in heard[game]:
        prompt = read_prompt(messages)
        if prompt.asked and prompt.results and prompt.routine == routine:
            found.append(messages)
    assert found
    return found


def share(conversations, says, draws=300, **knobs):
    """How often an answer has a property."""
    rng = random.Random(1)
    texts = [answer(rng.choice(conversations), seed, **knobs) for seed in range(draws)]
    return sum(map(says, texts)) / draws


def looks(text):
    return any(command.op in LOOKS for command in READER.read(text).memory)


def test_every_command_is_offered_and_names_a_file_of_the_prompt(heard):
    for conversations in heard.values():
        for messages, _, text in conversations:
            prompt, commands = read_prompt(messages), READER.read(text)
            assert not commands.empty
            assert commands.refused == 0
            for command in commands.memory:
                assert not isinstance(command, Malformed)
                assert command.op in prompt.rules.operations
                assert command.file in prompt.files
            if commands.action is not None:
                assert commands.action in prompt.rules.actions
                assert not commands.memory


def test_log_ends_and_never_acts_and_plan_never_writes(heard):
    for conversations in heard.values():
        for messages, _, text in conversations:
            prompt, commands = read_prompt(messages), READER.read(text)
            if prompt.routine == "log":
                assert commands.action is None
                assert commands.done is not looks(text)
            else:
                assert commands.done is False
                assert (commands.action is None) is looks(text)


def test_the_same_call_gives_the_same_answer(heard):
    for conversations in heard.values():
        for messages, seed, text in conversations[::3]:
            assert answer(messages, seed) == text


def test_a_habit_that_is_not_there_changes_nothing(heard):
    """Knobs have draws of their own: prose around it does not change what is done."""
    for messages, seed, text in heard["NetHack"]:
        talkative = answer(messages, seed, verbose=1)
        assert talkative != text
        assert text in talkative


def test_looks_before_it_writes_and_acts(heard):
    for routine in ("log", "plan"):
        assert share(starting(heard, routine), looks, 100) == 1


@pytest.mark.parametrize(
    ("knobs", "routine", "rate"),
    [
        ({"consult": 0.3}, "log", 0.3),
        ({"consult": 0.3}, "plan", 0.3),
        ({"blind": 0.7}, "log", 0.3),
        ({"blind": 0.7}, "plan", 1),
        ({"forget": 0.7}, "plan", 0.3),
        ({"forget": 0.7}, "log", 1),
        ({"consult": 0.6, "forget": 0.5}, "plan", 0.3),
    ],
)
def test_how_often_it_looks(heard, knobs, routine, rate):
    assert share(starting(heard, routine), looks, **knobs) == pytest.approx(rate, abs=0.09)


def test_how_often_it_acts_in_log(heard):
    def acts(text):
        return READER.read(text).action is not None

    assert share(consulted(heard, "log"), acts, early=0.4) == pytest.approx(0.4, abs=0.09)


def test_how_often_it_hesitates(heard):
    done = consulted(heard, "plan")
    assert share(done, looks, linger=0.4) == pytest.approx(0.4, abs=0.09)
    assert share(done, looks, 50, linger=1) == 1


def test_how_often_it_talks(heard):
    def talks(text):
        return not text.startswith("<|")

    for routine in ("log", "plan"):
        rate = share(starting(heard, routine), talks, verbose=0.4)
        assert rate == pytest.approx(0.4, abs=0.09)


def test_how_often_it_repeats_a_line(heard):
    conversations = consulted(heard, "log")

    def repeated(messages, text):
        shown = "\n".join(read_prompt(messages).results).split("\n")
        lines = "\n".join(c.text for c in READER.read(text).memory if c.op == "APPEND").split("\n")
        return any(line.strip() and line in shown for line in lines)

    plain = [repeated(messages, answer(messages, 1)) for messages in conversations]
    again = [repeated(messages, answer(messages, 1, repeat=1)) for messages in conversations]
    assert sum(again) / len(again) > 0.95
    assert sum(plain) / len(plain) < 0.3


def test_who_looks_writes_less(heard):
    """Blind, it writes again what is there."""

    def achievements(text):
        lines = "\n".join(c.text for c in READER.read(text).memory).split("\n")
        return sum(line.startswith("done: ") for line in lines)

    late = starting(heard, "log", step=15)
    informed = [m for m in consulted(heard, "log") if read_prompt(m).step > 15]
    blind = sum(achievements(answer(messages, 0, blind=1)) for messages in late) / len(late)
    assert blind > 2 * sum(map(achievements, map(answer, informed))) / len(informed)


def test_hesitates_only_until_it_is_told(heard):
    messages = consulted(heard, "plan")[-1]
    for told in ("This is your last reply in this step: take an action now.", HAND_OVER):
        conversation = (*messages[:-1], Message("user", f"{messages[-1].text}\n\n{told}"))
        assert not looks(answer(conversation, linger=1))
        assert READER.read(answer(conversation, linger=1)).action


def test_who_takes_over_acts_on_what_was_read(heard):
    for messages in consulted(heard, "plan"):
        conversation = (*messages[:-1], Message("user", f"{messages[-1].text}\n\n{HAND_OVER}"))
        assert READER.read(answer(conversation)).action


def test_who_takes_over_reads_once_where_nothing_was_read(heard):
    messages = starting(heard, "plan")[0]
    asked = (*messages[:-1], Message("user", f"{messages[-1].text}\n\n{HAND_OVER}\nAct."))
    text = answer(asked)
    assert looks(text)
    read = (*asked, Message("assistant", text), Message("user", "<results>\n</results>"))
    assert READER.read(answer(read)).action


@pytest.mark.parametrize("game", ["Crafter", "NetHack", "MiniHack-MazeWalk-9x9"])
def test_does_not_insist_on_an_action_that_was_turned_down(heard, game):
    messages = consulted(heard, "plan", game)[-1]
    refused = []
    for _ in range(4):
        text = answer(messages)
        assert READER.read(text).action not in refused
        refused.append(READER.read(text).action)
        no = "<rejected>\nThat does not work.\n</rejected>\nChoose another action."
        messages = (*messages, Message("assistant", text), Message("user", no))


def test_does_not_write_twice_in_one_log(heard):
    messages = consulted(heard, "log")[-1]
    text = answer(messages)
    answered = "<results>\nAPPEND actions.md: added; 3 lines now\n</results>"
    after = (*messages, Message("assistant", text), Message("user", answered))
    assert answer(after) == "<|DONE|>"


# --- prompts that nobody has seen ---

TAGS = (
    *("step", "last_action", "observation", "status", "surroundings", "files", "results"),
    *("actions", "commands", "memory_files", "instructions", "rejected", "notices"),
)
SNIPPETS = (
    *(f"<{tag}>" for tag in TAGS),
    *(f"</{tag}>" for tag in TAGS),
    *("# LOG: x", "# PLAN: x", HAND_OVER, "Replies left: 1.", "Valid actions: a, b or c."),
    *("north", "Noop\nDo\nPlace Table\nMake Wood Pickaxe\nMove West\nMove East\nMove North"),
    *(
        "map.md: places",
        "map.md (3 lines, 40 chars)",
        "<|READ|>file<|END|>",
        "<|APPEND|>f|x<|END|>",
    ),
    *(
        "READ map.md: 2 lines\nrow 2 from 3: ..T",
        "SEARCH map.md 'a': 1 match\n[1] level 1: stood 1,2",
    ),
    *("step 3: Move West -> at 2 3, facing west at tree", "- tree 99999 steps to your north"),
    *(
        "message:\n\n\nlanguage observation:\n",
        "HP:99999999999999999999(1)",
        "9" * 5_000,
        "\x00\ud800",
    ),
)
text = st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=20), max_size=30).map("\n".join)
roles = st.sampled_from(["system", "user", "assistant"])
messages = st.lists(st.builds(Message, roles, text), max_size=6)
knobs = st.builds(Knobs, **{name: st.sampled_from([0, 0.5, 1]) for name in Knobs.__slots__})


@given(messages, knobs, st.integers(0, 2**32 - 1))
def test_any_messages_give_an_answer(messages, knobs, seed):
    model = ScriptedModel(knobs)
    first = model.generate(messages, seed)
    assert isinstance(first.text, str)
    assert model.generate(messages, seed).text == first.text


@given(st.data())
def test_a_prompt_that_is_torn_gives_an_answer(heard, data):
    """Real conversations with parts cut out of them, and strange ones put in."""
    game = data.draw(st.sampled_from(sorted(heard)))
    conversation = list(heard[game][data.draw(st.integers(0, len(heard[game]) - 1))][0])
    for at, message in enumerate(conversation):
        start = data.draw(st.integers(0, len(message.text)))
        stop = data.draw(st.integers(start, min(start + 300, len(message.text))))
        put = data.draw(st.sampled_from(["", *SNIPPETS]) | st.text(max_size=5))
        conversation[at] = Message(message.role, message.text[:start] + put + message.text[stop:])
    assert isinstance(answer(conversation, data.draw(st.integers(0, 9))), str)


number = st.integers(-99, 99) | st.sampled_from([0, 10**4, -(10**4), 10**30])
LINES = (
    *("row {} from {}: .T?#", "explore: towards {} {}, heading north", "shelter: {} {}"),
    *("step {}: Move West -> at {} {}, facing west at tree, blocked west", "done: wood"),
    *("step {}: Sleep -> at {} {}, facing north at grass, asleep", "step 3: health {}, food {}"),
    *("level {}: stood {},{}; blocked {},{}>{},{}; tried {},{}={}", "level 1: rests {}; dug {}"),
    *("level 1: no way down {},{}; ways down {},{}", "step {}: north -> at {},{}, level {}"),
    *("step 9: 8 -> at {},{}, level 1, turn {}", "prayed in turn {}", "newt: peaceful", "{}"),
)
line = st.sampled_from(LINES).flatmap(
    lambda form: st.lists(number, min_size=10, max_size=10).map(lambda values: form.format(*values))
)


@given(st.data())
def test_whatever_the_memory_holds_there_is_an_answer(heard, data):
    """Anybody may have written there, in the forms of the notes, too."""
    game = data.draw(st.sampled_from(sorted(heard)))
    # By number: the conversations themselves would fill pages in a report.
    conversation, _, _ = heard[game][data.draw(st.integers(0, len(heard[game]) - 1))]
    prompt = read_prompt(conversation)
    files = data.draw(st.lists(st.sampled_from(prompt.files), max_size=4))
    shown = "\n".join(
        f"READ {file}: 2 lines\n" + "\n".join(data.draw(st.lists(line, max_size=8)))
        for file in files
    )
    asked = Message("assistant", "".join(f"<|READ|>{file}<|END|>" for file in files) or "?")
    told = Message("user", f"<results>\n{shown}\n</results>\nReplies left: 1.")
    commands = READER.read(answer((*conversation, asked, told)))
    assert commands.done if prompt.routine == "log" else commands.action in prompt.rules.actions


@pytest.mark.parametrize(
    "piece", ["<results>", "\n", " ", "<a>\n", "a: ", "- ", "actions", "<|READ|>"]
)
def test_long_texts_of_one_piece_take_no_longer_than_they_are(piece):
    long = piece * (200_000 // len(piece))
    for role in ("system", "user", "assistant"):
        talk = [Message("system", "# LOG"), Message("user", "x"), Message(role, long)]
        assert ScriptedModel().generate([*talk, Message("user", "y")], 0).latency < 5

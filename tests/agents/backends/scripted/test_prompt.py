import pytest

from agents.backends.scripted.prompt import HAND_OVER, read_prompt
from agents.backends.scripted.rules import read_rules
from agents.backends.scripted.sections import outside, sections, tagged
from agents.model import Message


def test_reads_real_prompts(heard):
    for game, conversations in heard.items():
        for messages, _, _ in conversations:
            prompt = read_prompt(messages)
            assert f"\n\nYou are {prompt.routine.upper()}. " in messages[1].text
            assert len(prompt.rules.actions) >= 8
            assert prompt.rules.operations >= {"SEARCH", "READ", "TAIL"}
            assert "APPEND" in prompt.rules.operations
            assert set(prompt.rules.files) == set(prompt.index)
            assert prompt.step in range(31)
            assert bool(prompt.last_action) is (prompt.step > 0)
            assert prompt.observation
            assert ("Crafter" in game) is ("Your status" in prompt.status)
            assert prompt.surroundings
            assert not prompt.handed_over


def test_keeps_what_was_asked_and_answered(heard):
    first, second = (messages for messages, _, _ in heard["Crafter"][-2:])
    assert read_prompt(first).results == []
    prompt = read_prompt(second)
    assert [str(command) for command in prompt.asked] == second[2].text.split("\n")
    assert len(prompt.results) == 1
    assert prompt.results[0].startswith("READ map.md: ")
    assert prompt.turns_left == 9


def test_a_hand_over_is_known_wherever_it_stands():
    scene = "<observation>\nThe memory has been consulted.\n</observation>\nAct."
    assert not read_prompt([Message("user", scene)]).handed_over
    assert read_prompt([Message("user", f"{scene}\n\n{HAND_OVER}\nNow act.")]).handed_over
    talk = [Message("user", scene), Message("assistant", "<|ACTION|>north<|END|>")]
    prompt = read_prompt([*talk, Message("user", HAND_OVER)])
    assert prompt.handed_over
    # That action was another model's, and nobody has turned it down.
    assert prompt.committed == []


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Turns left: 3.", 3),
        ("Replies left: 12.", 12),
        ("3 turns are left", 3),
        ("You have 1 more reply left.", 1),
        ("This is your last turn: act.", 1),
        ("FINAL ANSWER, please", 1),
        ("What is left?", None),
        ("<observation>\nThis is your last turn\n</observation>\nGo on.", None),
    ],
)
def test_how_many_replies_are_left(words, left):
    assert read_prompt([Message("user", words)]).turns_left == left


def test_a_conversation_over_several_steps_is_about_the_last():
    talk = [Message("system", "You play.")]
    for step, action in enumerate(["north", "south"]):
        talk.append(Message("user", f"<step>{step}</step>\n<observation>\n{step}\n</observation>"))
        talk.append(Message("assistant", f"<|ACTION|>{action}<|END|>"))
    talk.append(Message("user", "<step>2</step>\n<observation>\nwall\n</observation>"))
    prompt = read_prompt(talk)
    assert (prompt.step, prompt.observation) == (2, "wall")
    assert prompt.last_action == "south"
    assert prompt.committed == []


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("<actions>\nnorth\n\nfar north\nnorth\n</actions>", ("north", "far north")),
        ("Valid actions: north, 'far north' or south.", ("north", "far north", "south")),
        ("## Actions:\n- north: go up\n- south: go down\n\nOther.", ("north", "south")),
        ("The possible actions are:\n1. left\n2) right", ("left", "right")),
        ("Say what you do.", ()),
    ],
)
def test_actions_are_found_in_layouts_of_all_kinds(text, actions):
    assert read_rules(text).actions == actions


@pytest.mark.parametrize(
    ("head", "scene", "routine"),
    [
        ("# LOG: write", "x", "log"),
        ("# PLAN: act", "now LOG", "plan"),
        ("First LOG, then PLAN.", "<a>\nYou are LOG.\n</a>\n\nYou are PLAN. Act.", "plan"),
        ("A scaffold of mine", "This is the LOG phase.", "log"),
        ("Write. End with <|DONE|>.", "x", "log"),
        ("End with <|DONE|> or <|ACTION|>name<|END|>.", "x", "plan"),
        ("", "", "plan"),
    ],
)
def test_which_routine_is_asked_for(head, scene, routine):
    assert read_prompt([Message("system", head), Message("user", scene)]).routine == routine


def test_the_first_message_stands_in_for_the_system_message():
    text = "<actions>\nleft\nright\n</actions>\nWhat now?"
    assert read_prompt([Message("user", text)]).rules.actions == ("left", "right")


def test_sections():
    text = "a\n<b>1</b>\n<c>\n2\n<b>3</b>\n</c>\n <d>4</d>\n<e>\n5\n<b>6</b>\nend"
    assert sections(text) == {"b": "1", "c": "2\n<b>3</b>"}
    assert list(tagged(text)) == [("b", "1"), ("c", "2\n<b>3</b>"), ("b", "6")]
    assert outside("<b>\n1\n</b>\nlast") == "</b>\nlast"

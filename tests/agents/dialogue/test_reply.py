"""Replies are read as the environment reads them; where commands end is told, too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.dialogue.reply import ReplyReader, action_block, turn_text
from automem_gym.action import ActionNames
from automem_gym.command import CommandParser
from memory_fs import FIELDS, MemoryAction

NAMES = ActionNames(("north", "go east", "A", "a"))
READER, PARSER = ReplyReader(NAMES, FIELDS), CommandParser(NAMES)
MARKS = ["<|READ|>", "<|WRITE|>", "<|LIST|>", "<|ACTION|>", "<|DONE|>", "<|END|>", "</READ>"]
MARKS += ["<|END}", "<think>", "</think>", "<action>", "<|FOO|>", "```\n", "map.md", "|", "\n"]
texts = st.lists(st.sampled_from([*MARKS, "north", " ", "\\", "text"]), max_size=14).map("".join)


@given(texts)
def test_whoever_acts_is_read_as_the_environment_reads_it(text):
    mine, theirs = READER.read(text, acts=True), PARSER.read(text)
    assert mine.commands == theirs.memory
    assert mine.done == theirs.done
    if mine.action is None or theirs.action is None or NAMES.match(theirs.action) is None:
        assert mine.action == theirs.action
    else:
        assert NAMES.match(mine.action) == NAMES.match(theirs.action)
    assert mine.refused <= theirs.refused


@given(texts)
def test_who_does_not_act_gets_the_same_up_to_an_action_or_done(text):
    part, whole = READER.read(text, acts=False), READER.read(text, acts=True)
    assert part.commands == whole.commands[: len(part.commands)]
    assert text.startswith(part.stripped)
    rest = READER.read(f"x {part.stripped}", acts=False)  # words in front: no bare action
    assert rest.action is None
    assert rest.commands == part.commands


@given(texts)
def test_what_is_taken_survives_being_written_as_a_turn(text):
    reply = READER.read(text, acts=True)
    commands = [command for command in reply.commands if isinstance(command, MemoryAction)]
    turn = turn_text([READER.block(command) for command in commands], "north")
    again = PARSER.read(turn)
    assert list(again.memory) == commands
    assert again.action == "north"


@given(texts)
def test_any_text_survives_being_written_as_an_action(text):
    assert PARSER.read(action_block(text)).action == text.strip()


@given(texts, st.booleans())
def test_a_cut_answer_loses_at_most_its_last_block(text, acts):
    cut = READER.read(text, acts=acts, cut=True)
    whole = READER.read(text, acts=acts)
    kept = [command for command in cut.commands if isinstance(command, MemoryAction)]
    assert kept == [c for c in whole.commands if isinstance(c, MemoryAction)][: len(kept)]
    if text.endswith("<|END|>"):
        assert cut == whole


@pytest.mark.parametrize(
    ("text", "commands", "action", "half"),
    [
        ("<|READ|>a<|END|><|WRITE|>b|half", ["READ"], None, "WRITE"),
        ("<|READ|>a<|END|><|ACTION|>nor", ["READ"], None, "ACTION"),
        ("<|READ|>a<|END|><|ACTION|>north<|END|>", ["READ"], "north", ""),
        ("<|ACTION|>north<|END|><|WRITE|>b|half", [], "north", ""),
        ("<|READ|>a<|END|><|LIST|>", ["READ", "LIST"], None, ""),
        ("<|READ|>a</READ>", ["READ"], None, ""),
    ],
)
def test_half_a_block_is_not_taken(text, commands, action, half):
    reply = READER.read(text, acts=True, cut=True)
    assert [command.op for command in reply.commands] == commands
    assert (reply.action, reply.half) == (action, half)


def test_half_an_action_of_who_does_not_act_is_stripped_like_a_whole_one():
    reply = READER.read("I go <|ACTION|>nor", acts=False, cut=True)
    assert (reply.action, reply.stripped) == ("nor", "I go ")


def test_done_does_not_end_the_reply_of_who_acts():
    reply = READER.read("<|DONE|><|READ|>a<|END|><|ACTION|>north<|END|>", acts=True)
    assert (reply.action, reply.done, len(reply.commands)) == ("north", True, 1)


def test_done_behind_an_action_is_no_refused_command():
    reply = READER.read("<|ACTION|>north<|END|><|DONE|><|READ|>a<|END|>", acts=True)
    assert reply.refused == 1


def test_without_named_actions_only_who_acts_can_mean_one_without_a_mark():
    reader = ReplyReader(None, FIELDS)
    assert reader.read(" hello ", acts=True).action == "hello"
    assert reader.read(" hello ", acts=False).action is None

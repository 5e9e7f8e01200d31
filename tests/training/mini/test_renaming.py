"""Names of files that have to be read."""

import random
import re

from hypothesis import given
from hypothesis import strategies as st

from agents.model import Message
from training.mini.renaming import renamed

SYSTEM = "Head.\n<memory_files>\nmap.md: places\ndungeon/map.md: goals\n</memory_files>\nTail."


def talk(answer="<|SEARCH|>map.md|x<|END|>\n<|SEARCH|>dungeon/map.md|y<|END|>"):
    return (Message("system", SYSTEM), Message("user", "scene"), Message("assistant", answer))


def test_commands_and_system_message_have_the_same_new_names():
    for system, _, answer in renamed([talk()] * 200, random.Random(1)):
        first, second = re.findall(r"^(\S+): (?:places|goals)$", system.text, re.MULTILINE)
        assert answer.text == f"<|SEARCH|>{first}|x<|END|>\n<|SEARCH|>{second}|y<|END|>"
        assert first != "map.md"
        assert "/" not in second
        assert first != second


def test_names_change_now_and_then_and_are_the_same_again():
    once, again = (
        [it[0].text for it in renamed([talk()] * 100, random.Random(2))] for _ in range(2)
    )
    assert once == again
    assert 20 <= len(set(once)) <= 25


def test_more_files_than_names_and_lines_that_name_none():
    files = "\n".join(["", ": nothing", *(f"file{at}: a" for at in range(500))])
    system = f"<memory_files>\n{files}\n</memory_files>"
    messages = (Message("system", system), Message("user", "u"), Message("assistant", "a: b"))
    (found,) = renamed([messages], random.Random(0))
    assert found[1:] == messages[1:]
    assert "file499: a" in found[0].text


@given(st.text(), st.text())
def test_any_text_is_taken(system, answer):
    messages = (Message("system", system), Message("user", "u"), Message("assistant", answer))
    (found,) = renamed([messages], random.Random(0))
    assert [message.role for message in found] == ["system", "user", "assistant"]
    if "<memory_files>" not in system:
        assert found == messages

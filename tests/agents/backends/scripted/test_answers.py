from contextlib import closing

import pytest

from agents.backends.scripted.answers import read_answers
from agents.backends.scripted.prompt import read_prompt
from agents.model import Message
from memory_fs import MemoryConfig, MemoryStore, Quotas, parse

FILES = {
    "map.md": "tree at 1 2\nwater at 3 4\nREAD notes: 2 lines\n",
    "deep/log.md": "".join(f"step {n}: east\n" for n in range(300)),
    "empty.md": "",
}


def known(commands, **quotas):
    """What is known once a real memory has answered some commands."""
    with closing(MemoryStore(MemoryConfig(files=FILES, quotas=Quotas(**quotas)))) as store:
        results = "\n".join(str(store.execute(action)) for action in parse(commands))
        scene = f"<observation>\nx\n</observation>\n<files>\n{store.index()}\n</files>"
        talk = [Message("user", scene), Message("assistant", commands)]
        talk.append(Message("user", f"<results>\n{results}\n</results>"))
        return read_answers(read_prompt(talk))


def test_reading_shows_a_whole_file():
    found = known("<|READ|>map.md<|END|><|READ|>empty.md<|END|>")
    assert found["map.md"].lines == FILES["map.md"].splitlines()
    assert found["map.md"].whole
    assert not found["map.md"].cut
    assert found["empty.md"].whole
    assert found["empty.md"].lines == []


def test_a_long_file_is_shown_up_to_its_last_whole_line():
    found = known("<|READ|>deep/log.md<|END|>", result_chars=400)["deep/log.md"]
    assert found.cut
    assert not found.whole
    assert found.lines == FILES["deep/log.md"].splitlines()[: len(found.lines)]
    assert len(found.lines) > 10


def test_the_last_lines_are_neither_the_whole_nor_cut():
    found = known("<|TAIL|>deep/log.md|2<|END|>")["deep/log.md"]
    assert found.lines == ["step 298: east", "step 299: east"]
    assert not found.whole
    assert not found.cut


@pytest.mark.parametrize("query", ["|at", "|water|tree", "|tree ~1"])
def test_a_search_shows_lines_without_their_numbers(query):
    found = known(f"<|SEARCH|>map.md{query}<|END|>")["map.md"]
    assert found.lines == FILES["map.md"].splitlines()[:2]


def test_a_search_in_all_files_is_told_apart_by_file():
    found = known("<|SEARCH|>*|step 29|tree<|END|>")
    assert found["map.md"].lines == ["tree at 1 2"]
    assert found["deep/log.md"].lines[-1] == "step 299: east"


@pytest.mark.parametrize(
    "commands",
    [
        "<|SEARCH|>map.md|unicorn<|END|>",
        "<|READ|>nowhere.md<|END|>",
        "<|TAIL|>map.md|many<|END|>",
        "<|COUNT|>map.md|tree<|END|>",
        "<|LIST|>",
    ],
)
def test_what_shows_no_line_gives_none(commands):
    assert not any(file.lines for file in known(commands).values())


def test_what_was_written_is_known():
    found = known("<|TAIL|>map.md|1<|END|><|APPEND|>map.md|cow at 5 6\nend<|END|>")["map.md"]
    assert found.lines[-2:] == ["cow at 5 6", "end"]

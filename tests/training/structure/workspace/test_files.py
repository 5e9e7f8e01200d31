from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_fs import Refused
from training.structure.workspace.files import LINES, Files

FILES = Files(
    {
        "scaffold": lambda: {"prompts/log.j2": "Write down.\nThen DONE.\n", "empty.md": ""},
        "lineage": dict,
    }
)


def test_files_are_listed_by_folder():
    assert FILES.list("scaffold/prompts/") == "scaffold/prompts/log.j2  2 lines, 23 characters"
    assert FILES.list().count("\n") == 1
    assert FILES.list("lineage") == ""


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "scaffold/../../etc/passwd",
        "../x",
        "scaffold",
        "",
        "scaffold/prompts/log.j",
        "\0",
    ],
)
def test_what_is_no_file_is_refused(path):
    with pytest.raises(Refused, match="there is no file"):
        FILES.read(path)


def test_a_slip_is_told():
    with pytest.raises(Refused, match=r"Did you mean 'scaffold/prompts/log\.j2'"):
        FILES.read("scaffold/prompt/log.j2")
    with pytest.raises(Refused, match="The folders are scaffold, lineage"):
        FILES.list("nowhere")


def test_a_search_takes_the_text_as_it_is():
    assert FILES.search("done.") == "1 line\nscaffold/prompts/log.j2:2: Then DONE."
    assert FILES.search(".*") == "no line holds '.*'"
    assert FILES.search("e", "scaffold/prompts/log.j2").startswith("2 lines")


def test_a_search_shows_so_many_lines():
    many = Files({"a": lambda: {"b": "x" * 1_000 + "\n" + "x\n" * 1_000}})
    shown = many.search("x").split("\n")
    assert shown[0] == f"1,001 lines [the first {LINES} are shown; search for more]"
    assert len(shown) == LINES + 1
    assert max(map(len, shown)) < 400


@given(st.text(), st.text())
def test_any_text_is_an_answer_or_refused(text, where):
    for call in (FILES.list, FILES.read, lambda path: FILES.search(text, path)):
        with suppress(Refused):
            assert isinstance(call(where), str)

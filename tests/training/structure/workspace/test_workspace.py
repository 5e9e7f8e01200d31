from __future__ import annotations

import pytest

from memory_fs import Refused

DONE = {"title": "Short notes", "analysis": "In seed 1 step 17.", "method": "Read the logs."}


def test_a_revision_is_written_checked_and_finished(workspace, review):
    assert workspace.diff() == "nothing differs"
    assert workspace.check() == "nothing is wrong with it"
    workspace.write_file("revision/prompts/parts/log_advice.j2", "BAD advice\n")
    assert workspace.read_file("revision/prompts/parts/log_advice.j2") == "BAD advice\n"
    assert workspace.read_file("scaffold/prompts/parts/log_advice.j2") != "BAD advice\n"
    assert workspace.check() == "prompts/parts/log_advice.j2: says BAD"
    with pytest.raises(Refused, match=r"not finished:\nprompts/parts/log_advice\.j2: says BAD"):
        workspace.finish(**DONE)
    assert workspace.revision is None
    workspace.write_file("prompts/parts/log_advice.j2", "Good advice\n")
    assert "+Good advice" in workspace.diff()
    assert workspace.finish(**DONE) == "finished"
    revision = workspace.revision
    assert revision.title == "Short notes"
    assert revision.files == {**review.scaffold, "prompts/parts/log_advice.j2": "Good advice\n"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": " "}, "title has 1 characters"),
        ({"title": "x" * 201}, "title has 201 characters"),
        ({"title": "a\nb"}, "title is one line"),
        ({"title": "a\x1b[2Jb\u202e"}, r"title holds U\+001B, U\+202E: it is plain text"),
        ({"title": "a\tb"}, r"title holds U\+0009"),
        ({"analysis": ""}, "analysis has 0 characters"),
        ({"analysis": "It fails."}, "names no episode and step"),
        ({"analysis": "seed 9 step 1"}, "no such episode"),
        ({"method": "\n"}, "method has 1 characters"),
        ({"method": "\ud800"}, "method holds characters that UTF-8 cannot"),
    ],
)
def test_a_review_that_is_not_finished(workspace, change, says):
    workspace.write_file("memory/strategy.md", "Look first.\n")
    with pytest.raises(Refused, match=says):
        workspace.finish(**{**DONE, **change})
    assert workspace.revision is None


def test_all_that_is_wrong_is_told_at_once(workspace):
    with pytest.raises(Refused) as refused:
        workspace.finish("", "", "")
    assert len(str(refused.value).split("\n")) == 5


def test_a_second_review_begins_with_the_files_of_the_first(second):
    assert second.runs == ("parent", "failed", "001")
    assert second.read_file("revision/memory/strategy.md") == "Go east.\n"
    assert "+Go east." in second.diff()
    second.delete_file("revision/memory/strategy.md")
    assert "revision/memory/strategy.md" not in second.list_files("revision")
    assert "scaffold/memory/strategy.md" in second.list_files("scaffold")
    assert "East first" in second.read_file("lineage/001/verdict.md")

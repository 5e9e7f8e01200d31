from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.scaffold.directory import FILE_BYTES, FILES, MEMORY_FILE_BYTES, TOTAL_CHARS
from agents.scaffold.load import load_scaffold
from memory_fs import Refused
from training.structure.workspace.draft import Draft, difference

PARENT = {"scaffold.toml": 'name = "a"\n', "prompts/log.j2": "one\ntwo\n", "memory/map.md": ""}


def test_a_revision_is_written_file_by_file():
    draft = Draft(PARENT)
    assert not draft.changed
    assert draft.diff() == ""
    draft.write("prompts/parts/new.j2", "new\n")
    draft.write("prompts/log.j2", "one\nthree\n")
    draft.delete("memory/map.md")
    assert draft.changed
    assert draft.files == {
        "scaffold.toml": 'name = "a"\n',
        "prompts/log.j2": "one\nthree\n",
        "prompts/parts/new.j2": "new\n",
    }
    assert PARENT["memory/map.md"] == "", "the parent stays as it was"
    assert "-two\n+three\n" in draft.diff()
    assert "--- scaffold/memory/map.md\n+++ (none)\n" in draft.diff()
    draft.delete("prompts/parts/new.j2")
    draft.write("prompts/log.j2", "one\ntwo\n")
    draft.write("memory/map.md", "")
    assert not draft.changed


def test_the_end_of_a_last_line_differs():
    assert difference({"a": "x"}, {"a": "x\n"})
    assert difference({"a": "x"}, {"a": "x"}) == ""


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("../scaffold.toml", "no file of a scaffold"),
        ("/etc/passwd", "no file of a scaffold"),
        ("README.md", "no file of a scaffold"),
        ("used_seeds.toml", "no file of a scaffold"),
        ("prompts", "no file of a scaffold"),
        ("prompts/", "no path that can be written"),
        ("prompts/../hooks.py", "no path that can be written"),
        ("prompts/.hidden.j2", "no path that can be written"),
        ("memory/a b.md", "no path that can be written"),
        ("memory/a\0.md", "no path that can be written"),
        ("memory/" + "a/" * 9 + "b.md", "no path that can be written"),
        ("memory/CON", "no path that can be written"),
        ("prompts/__pycache__/a.j2", "no scaffold reads"),
        ("prompts/log.txt", "no template"),
        ("", "no file of a scaffold"),
    ],
)
def test_what_no_scaffold_holds_is_refused(path, says):
    draft = Draft(PARENT)
    with pytest.raises(Refused, match=says):
        draft.write(path, "text")
    with pytest.raises(Refused, match="has no file"):
        draft.delete(path)
    assert not draft.changed


def test_a_file_is_no_folder():
    draft = Draft(PARENT)
    draft.write("memory/deep/notes.md", "")
    for path, says in (
        ("memory/deep", "is the folder of 'memory/deep/notes.md'"),
        ("memory/map.md/north.md", "stands in 'memory/map.md', which is a file itself"),
    ):
        with pytest.raises(Refused, match=says):
            draft.write(path, "")
    draft.delete("memory/map.md")
    draft.write("memory/map.md/north.md", "")


def test_limits():
    draft = Draft(PARENT)
    draft.write("hooks.py", "#" * FILE_BYTES)
    with pytest.raises(Refused, match=f"{FILE_BYTES:,} at most"):
        draft.write("hooks.py", "#" * (FILE_BYTES + 1))
    with pytest.raises(Refused, match="UTF-8"):
        draft.write("hooks.py", "\ud800")
    draft.write("memory/big.md", "x" * MEMORY_FILE_BYTES)
    with pytest.raises(Refused, match=f"{TOTAL_CHARS:,} at most"):
        draft.write("memory/bigger.md", "x" * MEMORY_FILE_BYTES)
    draft.write("memory/big.md", "x")
    for number in range(FILES - len(draft.files)):
        draft.write(f"memory/{number}", "")
    with pytest.raises(Refused, match=f"{FILES} files at most"):
        draft.write("memory/one_more", "")


@given(st.text(), st.text())
def test_what_is_written_can_stand_on_a_disk(path, text):
    draft = Draft(PARENT)
    for name in (path, f"memory/{path}", f"prompts/{path}.j2"):
        try:
            draft.write(name, text)
        except Refused:
            continue
        parts = name.split("/")
        assert ".." not in parts
        assert all(part and part.isascii() and part.isprintable() for part in parts)


def test_a_written_scaffold_is_read_as_it_was_written(tmp_path, scaffold):
    draft = Draft(scaffold)
    draft.write("memory/deep/er/notes.md", "é\n")
    draft.write("scaffold.toml", scaffold["scaffold.toml"] + '"deep/er/notes.md" = "notes"\n')
    for name, text in draft.files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    assert load_scaffold(tmp_path).memory.files["deep/er/notes.md"] == "é\n"

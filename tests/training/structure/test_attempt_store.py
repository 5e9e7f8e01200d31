from __future__ import annotations

import pytest

from agents.scaffold import ScaffoldError
from training.structure.attempt import Revision
from training.structure.attempt_store import AttemptStore, read_files, write_files

FILES = {"scaffold.toml": 'name = "a"\n', "memory/a": "one\n"}


@pytest.mark.parametrize(
    "files",
    [
        FILES,
        {},
        FILES | {"memory/a/b": "two\n"},
        FILES | {"memory/" + "a" * 300: ""},
        FILES | {"memory/" + "a/" * 200 + "b": ""},
        FILES | {"../strange": ""},
        FILES | {"prompts/__pycache__/a.j2": ""},
        FILES | {"prompts/log.j2": "x" * 70_000},
        FILES | {"prompts/log.j2": "\ud800"},
    ],
)
def test_a_revision_is_kept_as_it_was_given(tmp_path, files):
    """What it was is known on every resume, whether or not a directory can hold it."""
    revision = Revision(files, "a title", "an analysis", "a method")
    AttemptStore(tmp_path).save_revision(1, revision)
    assert AttemptStore(tmp_path).revision(1) == revision
    assert {path.name for path in tmp_path.iterdir()} == {"attempts"}


def test_what_a_directory_can_hold_is_there_to_be_looked_at(tmp_path):
    store = AttemptStore(tmp_path)
    store.save_revision(1, Revision(FILES, "a title", "an analysis", "a method"))
    assert read_files(store.folder(1) / "revision") == FILES


def test_names_that_this_disk_does_not_take_are_told(tmp_path):
    """Paths have an end on every system, and the folders above take their part of it."""
    root = tmp_path
    while len(str(root)) < 3_800:
        root = root / ("d" * 100)
    root.mkdir(parents=True)
    files = FILES | {"memory/" + "a" * 240 + "/" + "b" * 240: ""}
    with pytest.raises(ScaffoldError, match="cannot be written as a file here: File name too long"):
        write_files(root / "scaffold", files)
    assert list(root.iterdir()) == []


def test_a_disk_that_cannot_be_written_is_no_problem_of_the_names(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        write_files(tmp_path / "file" / "scaffold", FILES)

"""What is shipped tells what it was made from, and with which seeds."""

from __future__ import annotations

import shutil
import sys
import tomllib
from pathlib import Path

import pytest

from agents.scaffold import load_scaffold
from agents.scaffold.catalogue import shipped
from agents.scaffold_command.new import flattened
from benchmarks.used_seeds import read_used
from training.structure.attempt import Attempt, Revision
from training.structure.attempt_store import AttemptStore, read_files, write_files
from training.structure.directory import SearchDirectory
from training.structure.seed_plan import SeedPlan
from training.structure.settings import SearchSettings
from training.structure.shipping import main, ship

sys.path.insert(0, str(Path(__file__).parent))
from canned_reviewers import CHANGES

USED = """[[used]]
env = ["AutoMem-MiniHack-MazeWalk-9x9-v0"]
seeds = "500-520"
purpose = "an earlier search"

[[used]]
env = ["AutoMem-MiniHack-MazeWalk-9x9-v0"]
seeds = "0-2"
purpose = "the screening of 'automem structure'"
"""


@pytest.fixture(scope="module")
def start(tmp_path_factory) -> Path:
    """A scaffold that was made with some seeds, one of the sets the same as the search's."""
    folder = tmp_path_factory.mktemp("start") / "mine"
    files = flattened(load_scaffold("minihack/v0"), "mine/v7")
    files["memory/rules.md"] = "1. Look first.\n"
    write_files(folder, files)
    (folder / "used_seeds.toml").write_text(USED)
    return folder


@pytest.fixture(scope="module")
def searched(start, tmp_path_factory) -> Path:
    """The directory of a search from it that has kept two revisions."""
    root = tmp_path_factory.mktemp("searched") / "search"
    plan = SeedPlan((0, 1, 2), tuple(range(10, 41)), (50,))
    with SearchDirectory(root, SearchSettings) as directory:
        settings = SearchSettings(("AutoMem-MiniHack-MazeWalk-9x9-v0",), str(start), plan)
        directory.prepare(settings, load_scaffold(start).digest)
    files, parent = read_files(start), load_scaffold(start).digest
    for number, change in enumerate(("better", "same"), 1):
        files = CHANGES[change](files)
        write_files(root / "draft", files)
        digest = load_scaffold(root / "draft").digest
        revision = Revision(files, f"{change} hooks", "seed 0 step 1", "by looking")
        store = AttemptStore(root)
        store.save_revision(number, revision)
        store.save(
            Attempt(number, parent, digest, revision, "kept", "the mean rose", {}, None, {}, True)
        )
        parent = digest
    return root


def manifest(folder: Path) -> dict[str, str]:
    return tomllib.loads((folder / "scaffold.toml").read_text("utf-8"))


def test_versions_name_their_parents_and_all_seeds(searched, start, tmp_path, capsys):
    out = tmp_path / "mini"
    assert main([str(searched), "minihack/v0", str(out), "--first", "8"]) == 0
    written = [out / "v8", out / "v9"]
    assert capsys.readouterr().out.split() == [str(path) for path in written]
    digests = [it.digest for it in AttemptStore(searched).attempts()]
    assert [load_scaffold(path).digest for path in written] == digests
    assert [manifest(path)["parent"] for path in written] == [
        f"mine/v7@{load_scaffold(start).digest}",
        f"mini/v8@{digests[0]}",
    ]
    for path in written:
        assert manifest(path)["extends"] == "minihack/v0"
        used = read_used(path)
        assert used[:2] == read_used(start)
        assert len(used) == len(set(used))
        seeds = {seed for it in used for seed in it.seeds}
        assert seeds >= {*range(500, 521), 0, 1, 2, *range(10, 41)}


def test_a_start_that_has_changed_is_told(searched, start, tmp_path):
    aside = tmp_path / "aside"
    shutil.copytree(start, aside)
    try:
        (start / "memory" / "rules.md").write_text("1. Look twice.\n")
        with pytest.raises(ValueError, match="put that scaffold back"):
            ship(searched, "minihack/v0", tmp_path / "mini")
    finally:
        shutil.copy(aside / "memory" / "rules.md", start / "memory" / "rules.md")
    assert not (tmp_path / "mini").exists()


@pytest.mark.parametrize("name", ["crafter/v1", "minihack/v1"])
def test_what_ships_names_its_parent_and_the_seeds_of_it(name):
    folder = shipped()[name]
    parent, _, digest = manifest(folder)["parent"].partition("@")
    assert load_scaffold(parent).digest == digest
    assert set(read_used(shipped()[parent])) <= set(read_used(folder))
    assert {it.purpose.split()[1] for it in read_used(folder)} == {"screening", "confirmation"}

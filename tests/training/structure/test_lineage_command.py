"""What reviewers wrote long ago, or under older rules, commands no terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from automem_gym.commands import main
from benchmarks.terminal.plain_text import plain_lines
from training.commands import COMMANDS
from training.structure.attempt import Attempt, Revision
from training.structure.attempt_store import AttemptStore
from training.structure.directory import SearchDirectory
from training.structure.lineage import Lineage
from training.structure.seed_plan import SeedPlan
from training.structure.settings import SearchSettings
from training.structure.words import headline, markdown

HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202egood\x9b"
START = {"scaffold.toml": 'name = "a"\n', "prompts/plan.j2": "\tplan\n"}


@pytest.fixture
def root(tmp_path) -> Path:
    """A search with a hostile revision, and a hostile reason for there being none."""
    root = tmp_path / "search"
    plan = SeedPlan((0,), (1,), (2,))
    with SearchDirectory(root, SearchSettings) as directory:
        directory.prepare(SearchSettings(("AutoMem-Crafter-v0",), "crafter/v0", plan), "d0")
    files = START | {"prompts/plan.j2": f"\tplan {HOSTILE}\n"}
    revision = Revision(files, f"title {HOSTILE}", f"analysis {HOSTILE}", f"method {HOSTILE}")
    store, lineage = AttemptStore(root), Lineage(root / "lineage", START, "crafter/v0")
    for attempt in (
        Attempt(1, "d0", "", revision, "invalid", f"reason {HOSTILE}", {}, None, {}),
        Attempt(2, "d0", "", None, "failed", f"reason {HOSTILE}\nand more", {}, None, {}),
    ):
        if attempt.revision:
            store.save_revision(attempt.number, attempt.revision)
        store.save(attempt)
        lineage.add(attempt, markdown(attempt))
    return root


@pytest.mark.parametrize("more", [(), ("--attempt", "1"), ("--attempt", "2")])
def test_what_is_printed_is_plain(root, capsys, more):
    assert main(COMMANDS, ["lineage", str(root), *more]) == 0
    out = capsys.readouterr().out
    assert plain_lines(out) == out
    assert "owned" in out
    if more == ("--attempt", "1"):
        assert "+\tplan" in out
        assert "method" in out


def test_the_page_is_plain(root, tmp_path, capsys):
    page = tmp_path / "page.html"
    assert main(COMMANDS, ["lineage", str(root), "--html", str(page)]) == 0
    text = page.read_text("utf-8")
    assert plain_lines(text) == text
    for word in ("title", "analysis", "method", "reason"):
        assert f"{word} ·]0;owned" in text
    assert "<style>" in text
    assert "&lt;style" not in text


def test_lines_of_progress_and_the_log_of_git_are_plain(root):
    for attempt in AttemptStore(root).attempts():
        assert headline(attempt).isprintable()
        assert plain_lines(attempt.reason) == attempt.reason

"""Scaffolds that are drawn at random: valid, the same again, none of those that ship."""

import random
from pathlib import Path

import pytest

from agents.backends.local.place import EMBEDDED
from agents.scaffold import load_scaffold
from agents.scaffold.catalogue import shipped
from training.mini.variants import DRAWN, draw

GAMES = ("MiniHack", "NetHack", "Crafter", "Courier")
INFO = {
    "game": "A game",
    "instructions": "Go on.",
    "actions": ("north", "south"),
    "default_action": "north",
    "vocabulary": ["SEARCH", "APPEND"],
}


@pytest.mark.parametrize("game", GAMES)
def test_each_can_be_loaded_and_says_what_is_needed(game, tmp_path):
    seen = set()
    for number in range(12):
        folder = draw(game, tmp_path / str(number), random.Random(number))
        scaffold = load_scaffold(folder, game, trust_hooks=True)
        system = scaffold.system("log", INFO)
        assert ", in brief." in system
        for tag in ("actions", "commands", "memory_files"):
            assert f"\n<{tag}>\n" in system
        seen.add(system)
    assert len(seen) > 6


def test_the_same_seed_draws_the_same(tmp_path):
    for folder in ("a", "b"):
        draw("MiniHack", tmp_path / folder, random.Random(1))
    one, two = (
        {
            path.relative_to(tmp_path / folder): path.read_text().replace(f"variant/{folder}", "")
            for path in sorted((tmp_path / folder).rglob("*"))
            if path.is_file()
        }
        for folder in ("a", "b")
    )
    assert one == two


def _lines(folder):
    """All lines of a scaffold's files, and the texts of its hooks, without what is filled in."""
    texts = [path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()]
    return {line.strip() for text in texts for line in text.splitlines()} - {""}


def test_no_list_holds_a_file_or_a_sentence_of_the_scaffolds_that_are_reported():
    """Whatever is drawn is drawn from these lists, so this holds for each draw."""
    briefs = [folder for name, folder in shipped().items() if Path(name).name == "brief"]
    assert len(briefs) >= 4
    reported = [EMBEDDED["mini"] / "structure" / "best", *briefs]
    drawn = [DRAWN["words"], DRAWN["hooks"], DRAWN["files"]]
    texts = {text for lists in drawn for entries in lists.values() for text in entries} - {""}
    assert len(texts) > 100
    for folder in reported:
        lines = _lines(folder)
        assert lines
        assert not texts & lines
        whole = "\n".join(lines)
        sentences = [text for text in texts if len(text.split()) > 3]
        assert not [text for text in sentences if text in whole]
        assert not {path.name for path in (folder / "memory").rglob("*")} & texts


def test_those_that_ask_once_more_differ_in_that_alone(tmp_path):
    for number in range(4):
        never = draw("MiniHack", tmp_path / f"never-{number}", random.Random(number))
        always = draw("MiniHack", tmp_path / f"always-{number}", random.Random(number), asked=1.0)
        scaffold = load_scaffold(always, "MiniHack", trust_hooks=True)
        assert scaffold.hooks.check_done({"wrote": ["map.md"]}) is None
        assert "SEARCH" in str(scaffold.hooks.check_done({"wrote": []}))
        assert load_scaffold(never, "MiniHack", trust_hooks=True).hooks.check_done({}) is None
        for name in ("parts/system.j2", "log.j2", "last_turn.j2"):
            one, two = (folder / "prompts" / name for folder in (never, always))
            assert one.read_text() == two.read_text()

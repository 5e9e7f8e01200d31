"""Each guide is followed: its blocks in their order, in an empty folder, as they stand there.

A block that begins with the name of a file is that file. ``print(...)  # text`` prints this text. A
block that begins with ``# needs ...`` cannot be run here: its commands are parsed.
"""

from __future__ import annotations

import argparse
import importlib
import io
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from agents.backends.local.random_weights import build
from agents.commands import COMMANDS as SCAFFOLDS
from automem_gym.commands import COMMANDS as PLAY
from automem_gym.commands import main
from benchmarks.commands import COMMANDS as BENCHMARKS
from training.commands import COMMANDS as TRAINING

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GUIDES = sorted((DOCS / "guides").glob("*.md"))
PAGES = [page for page in (*GUIDES, *DOCS.glob("*.md")) if page.name != "index.md"]
COMMANDS = {**PLAY, **SCAFFOLDS, **BENCHMARKS, **TRAINING}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"# (\S+\.\w+)\n")
PRINTED = re.compile(r"^print\(.*\)  # (.+)$", re.MULTILINE)


def commands(block: str) -> Iterator[list[str]]:
    """The commands of a block of shell lines."""
    for line in block.replace("\\\n", " ").splitlines():
        if words := shlex.split(line, comments=True):
            yield words


def execute(block: str, names: dict[str, Any], page: str) -> None:
    """Runs Python, and compares what it prints with what it says it does."""
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(block, page, "exec"), names)
    assert out.getvalue().splitlines() == PRINTED.findall(block)


def parse(words: list[str]) -> None:
    """Checks a command that cannot be run here."""
    if words[0] == "automem":
        module = importlib.import_module(COMMANDS[words[1]][0])
        parser = argparse.ArgumentParser()
        module.add_arguments(parser)
        parser.parse_args(words[2:])
    else:
        script = next(word for word in words if "=" not in word)
        assert (ROOT / script).stat().st_mode & 0o100


def follow(page: Path, folder: Path) -> None:
    """Does what the guide says."""
    names: dict[str, Any] = {}
    for language, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        if named := FILE.match(block):
            (folder / named[1]).parent.mkdir(exist_ok=True)
            (folder / named[1]).write_text(block, encoding="utf-8")
        elif language == "python":
            execute(block, names, page.name)
        elif language == "sh":
            for words in commands(block):
                if block.startswith("# needs "):
                    parse(words)
                else:
                    assert words[0] == "automem"
                    assert main(COMMANDS, words[1:]) == 0, words
        else:
            assert language == "text"


@pytest.mark.parametrize("page", GUIDES, ids=[page.stem for page in GUIDES])
def test_a_guide(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "stdin", io.StringIO("/quit\n"))
    monkeypatch.setenv("CI", "true")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    if "--model my-model" in page.read_text(encoding="utf-8"):
        build(tmp_path / "my-model", "tiny", seed=1, adapter=False)
    follow(page, tmp_path)


@pytest.mark.parametrize("page", GUIDES, ids=[page.stem for page in GUIDES])
def test_a_guide_is_short(page: Path) -> None:
    words = BLOCK.sub("", page.read_text(encoding="utf-8")).split()
    assert 100 < len(words) <= 600


def test_every_page_is_in_the_site() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8").splitlines()
    for page in PAGES:
        assert page.relative_to(DOCS).with_suffix("").as_posix() in index


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)|^```\{include\} (\S+)", text, re.MULTILINE):
        assert (page.parent / (target[0] or target[1])).exists(), target

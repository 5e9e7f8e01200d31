"""Writes what a search has kept as scaffolds that extend the one it started from.

    python -m training.structure.shipping RUN crafter/v0 agents/scaffolds/crafter --first 1

Each revision that was kept becomes a version: ``v1``, ``v2`` and so on, with the files alone that
differ from the shipped scaffold that it extends. Its parent is what it was made from: the scaffold
that the search started from, then the version before it. It names the seeds that it was made with,
those of its parent included, and in its README what the reviewer and the gate have said.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agents.scaffold import load_scaffold
from agents.scaffold.catalogue import find
from agents.scaffold.directory import HOOKS, MANIFEST, README, USED_SEEDS
from agents.scaffold_command.new import flattened
from benchmarks import toml
from benchmarks.rehearsal import games_of
from benchmarks.used_seeds import Used, read_used
from training.structure.attempt_store import AttemptStore, write_files
from training.structure.directory import SearchDirectory
from training.structure.settings import SearchSettings
from training.structure.words import markdown


def ship(search: Path, base: str, out: Path, first: int = 1) -> list[Path]:
    """Writes the scaffolds.

    Args:
        search: The directory of a search.
        base: The shipped scaffold that they extend.
        out: The folder of their versions.
        first: Number of the first version.

    Returns:
        The directories that were written, oldest first.

    Raises:
        ValueError: The directory holds no search, the scaffold that it started from has changed
            since, or a scaffold is not the same when it is read.
        OSError: Something cannot be read or written.
    """
    settings = SearchDirectory(search, SearchSettings).settings()
    attempts = AttemptStore(search).attempts()
    kept = [it for it in attempts if it.verdict == "kept"]
    inherited = flattened(load_scaffold(base), base)
    first_settings = settings.configuration(settings.scaffold, settings.seeds.screening[:1])
    game = next(iter(games_of(first_settings).values()))
    start = load_scaffold(settings.scaffold, game)
    if kept and start.digest != kept[0].parent:
        raise ValueError(
            f"{settings.scaffold} has the digest {start.digest}, and the search at {search} "
            f"started from {kept[0].parent}: put that scaffold back, so that versions can name it"
        )
    parent = f"{start.name}@{start.digest}"
    before = read_used(find(settings.scaffold, game))
    written: list[Path] = []
    for version, attempt in enumerate(kept, first):
        assert attempt.revision is not None
        confirmed = sum(it.confirmation for it in attempts[: attempt.number])
        folder = out / f"v{version}"
        name = f"{out.name}/v{version}"
        identity = {
            "name": name,
            "game": tomllib.loads(attempt.revision.files[MANIFEST])["game"],
            "parent": parent,
            "summary": attempt.revision.title,
            "extends": base,
        }
        write_files(folder, compacted(attempt.revision.files, inherited, identity))
        (folder / README).write_text(markdown(attempt), encoding="utf-8")
        # Seeds that were used for both are named once.
        used = dict.fromkeys([*before, *_used(settings, confirmed)])
        tables = {"used": [it.to_toml() for it in used]}
        (folder / USED_SEEDS).write_text(toml.dumps(tables), encoding="utf-8")
        if (found := load_scaffold(folder).digest) != attempt.digest:
            raise ValueError(f"{folder} has the digest {found}, and was {attempt.digest}")
        parent = f"{name}@{attempt.digest}"
        written.append(folder)
    return written


def compacted(
    files: Mapping[str, str], inherited: Mapping[str, str], identity: Mapping[str, str]
) -> dict[str, str]:
    """The files of a scaffold that extends another one: those that differ from it.

    Args:
        files: The whole scaffold, path to text.
        inherited: The whole scaffold that it extends.
        identity: What it is called, what it extends and so on.
    """
    own, theirs = (tomllib.loads(it[MANIFEST]) for it in (files, inherited))
    settings: dict[str, Any] = {**identity}
    for key, value in own.items():
        if key not in identity and value != theirs.get(key):
            old = theirs.get(key, {})
            # Of tables that are merged key by key, what differs; the others are taken whole.
            merged = key in ("limits", "quotas")
            settings[key] = {k: v for k, v in value.items() if v != old.get(k)} if merged else value
    made = {name: text for name, text in files.items() if inherited.get(name) != text}
    if HOOKS in inherited and HOOKS not in files:
        made[HOOKS] = ""
    return {**made, MANIFEST: toml.dumps(settings)}


def _used(settings: SearchSettings, confirmations: int) -> list[Used]:
    """The seeds that have decided on a version."""
    plan, env = settings.seeds, frozenset(settings.env)
    # Which confirmation took which seeds depends on the gate: all before the last count as used.
    return [
        Used(env, frozenset(seeds), f"the {purpose} of 'automem structure'")
        for purpose, seeds in (
            ("screening", plan.screening),
            ("confirmation", plan.confirmation if confirmations else ()),
        )
        if seeds
    ]


def main(argv: list[str] | None = None) -> int:
    """Ships what a search has kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("search", type=Path)
    parser.add_argument("base")
    parser.add_argument("out", type=Path)
    parser.add_argument("--first", type=int, default=1)
    arguments = parser.parse_args(argv)
    for path in ship(arguments.search, arguments.base, arguments.out, arguments.first):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())

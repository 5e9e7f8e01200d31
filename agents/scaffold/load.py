"""Loads a scaffold: finds it, adds what it extends, and checks the whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agents.scaffold.catalogue import find
from agents.scaffold.digest import digest
from agents.scaffold.error import ScaffoldError
from agents.scaffold.hooks import Hooks
from agents.scaffold.limits import Limits
from agents.scaffold.merge import Merged, read_merged
from agents.scaffold.prompts import Prompts
from agents.scaffold.routine import READ_ONLY, ROUTINES, Routine
from agents.scaffold.scaffold import Scaffold
from automem_gym.memory_turn import MAX_TURNS_PER_GAME_STEP
from memory_fs import OPERATIONS, MemoryConfig, Operation, Quotas
from memory_fs.suggestion import did_you_mean

ANY_GAME = "*"


def load_scaffold(source: str | Path, game: str = "", trust_hooks: bool = False) -> Scaffold:
    """Loads a scaffold.

    Args:
        source: A version such as ``v0`` (of the game's own scaffold, else of the generic one), the
            name of a shipped scaffold such as ``generic/v0``, or a directory.
        game: The game that it is wanted for, as ``info["game"]`` says it; empty for any.
        trust_hooks: Whether the hooks of a scaffold that is not shipped may run in this process,
            with all rights of its user.

    Raises:
        ScaffoldError: It is not valid, or not made for this game; the message tells all that is
            wrong, with file and line.
    """
    merged = read_merged(find(source, game))
    if merged.problems:
        raise ScaffoldError(*merged.problems)
    prompts = Prompts(
        merged.below("prompts/"),
        {name.removeprefix("prompts/"): place for name, place in merged.places.items()},
    )
    hooks = Hooks()
    operations = {**OPERATIONS, **{own.name: own for own in hooks.operations}}
    problems = [
        *_missing(merged),
        *_game_problems(merged, game),
        *_operation_problems(merged, operations),
        *_file_problems(merged),
        *prompts.problems(),
    ]
    if problems:
        raise ScaffoldError(*problems)
    return _build(merged, prompts, hooks)


def _build(merged: Merged, prompts: Prompts, hooks: Hooks) -> Scaffold:
    settings = merged.settings
    return Scaffold(
        name=settings["name"],
        game=settings["game"],
        parent=settings.get("parent", ""),
        summary=settings.get("summary", ""),
        digest=digest(settings, merged.texts),
        limits=Limits(**settings["limits"]),
        routines={name: Routine(name, **settings["routines"][name]) for name in ROUTINES},
        memory_files=settings["files"],
        memory=MemoryConfig(
            files=merged.below("memory/"),
            quotas=Quotas(**settings.get("quotas", {})),
            vocabulary=settings["vocabulary"],
            operations=hooks.operations,
        ),
        prompts=prompts,
        hooks=hooks,
    )


def _missing(merged: Merged) -> Iterator[str]:
    """Settings without which a scaffold is none; nothing is set behind its author's back."""
    needed: list[tuple[str, ...]] = [("name",), ("game",), ("vocabulary",), ("files",)]
    needed += [("limits", limit) for limit in Limits.ranges()]
    needed += [("routines", name, key) for name in ROUTINES for key in ("operations", "turns")]
    for keys in needed:
        table: Any = merged.settings
        for key in keys:
            table = table.get(key) if table is not None else None
        if table is None:
            yield f"{merged.place(*keys)}: {'.'.join(keys)} is missing"


def _game_problems(merged: Merged, game: str) -> Iterator[str]:
    own = merged.settings.get("game", ANY_GAME)
    if game and own != ANY_GAME and own.casefold() != game.casefold():
        yield f"{merged.place('game')}: it is made for {own}, and this is {game}"


def _operation_problems(merged: Merged, known: dict[str, Operation]) -> Iterator[str]:
    vocabulary = merged.settings.get("vocabulary", ())
    for word in vocabulary:
        if word not in known:
            yield (
                f"{merged.place('vocabulary')}: {word!r} is no memory operation."
                f"{did_you_mean(word, known)} There are {', '.join(known)}"
            )
    turns = 0
    for name, routine in merged.settings.get("routines", {}).items():
        turns += routine.get("turns", 0)
        place = merged.place("routines", name, "operations")
        for word in routine.get("operations", ()):
            if word not in vocabulary:
                yield (
                    f"{place}: {word!r} is not in the vocabulary.{did_you_mean(word, vocabulary)} "
                    f"There are {', '.join(vocabulary)}"
                )
            elif name in READ_ONLY and word in known and known[word].mutates:
                readers = [reader for reader in vocabulary if not known[reader].mutates]
                yield (
                    f"{place}: {word} changes the memory, and {name} only reads; it may have "
                    f"{', '.join(readers)}"
                )
    if turns > MAX_TURNS_PER_GAME_STEP:
        yield (
            f"{merged.place('routines')}: the routines have {turns} turns together; an environment "
            f"waits for an action for {MAX_TURNS_PER_GAME_STEP}"
        )


def _file_problems(merged: Merged) -> Iterator[str]:
    told, held = merged.settings.get("files", {}), merged.below("memory/")
    for name in held:
        if name not in told:
            yield (
                f"{merged.places[f'memory/{name}']}: [files] in scaffold.toml does not say what it "
                f"is for.{did_you_mean(name, told)}"
            )
    for name in told:
        if name not in held:
            yield (
                f"{merged.place('files', name)}: there is no file memory/{name}; it may be empty."
                f"{did_you_mean(name, held)}"
            )
    quotas = Quotas(**merged.settings.get("quotas", {}))
    for name, text in held.items():
        if len(text) > quotas.file_chars:
            yield (
                f"{merged.places[f'memory/{name}']}: has {len(text):,} characters; the quota of a "
                f"file is {quotas.file_chars:,}"
            )
    total = sum(map(len, held.values()))
    if total > quotas.total_chars or len(held) > quotas.files:
        yield (
            f"{merged.place('quotas')}: the first files are {len(held)} with {total:,} characters; "
            f"the quotas are {quotas.files} and {quotas.total_chars:,}"
        )

"""What the settings of a scaffold must satisfy together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agents.scaffold.hooks import Hooks
from agents.scaffold.limits import Limits
from agents.scaffold.merge import Merged
from agents.scaffold.routine import READ_ONLY, ROUTINES
from automem_gym.memory_turn import MAX_TURNS_PER_GAME_STEP
from memory_fs import OPERATIONS, FileEntry, Quotas, Refused
from memory_fs.index import Index
from memory_fs.suggestion import did_you_mean
from memory_fs.texts import as_lines

ANY_GAME = "*"


def setting_problems(merged: Merged, game: str, hooks: Hooks | None) -> Iterator[str]:
    """What is wrong with the settings, apart from what each holds.

    Args:
        merged: The scaffold and all that it extends.
        game: The game that it is wanted for; empty for any.
        hooks: Its hooks; None where they cannot be had, and nobody knows what operations they add.

    Yields:
        Each as ``file:line: what; what is allowed``.
    """
    yield from _missing(merged)
    own = merged.settings.get("game", ANY_GAME)
    if game and own != ANY_GAME and own.casefold() != game.casefold():
        yield f"{merged.place('game')}: it is made for {own}, and this is {game}"
    yield from _operation_problems(merged, hooks)
    yield from _file_problems(merged)


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


def _operation_problems(merged: Merged, hooks: Hooks | None) -> Iterator[str]:
    known = {**OPERATIONS, **{own.name: own for own in (hooks.operations if hooks else ())}}
    vocabulary = merged.settings.get("vocabulary", ())
    for word in vocabulary:
        if word not in known and hooks is not None:
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
                    f"There are {', '.join(vocabulary) or 'none'}"
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
    index, quotas = Index(), Quotas(**merged.settings.get("quotas", {}))
    for name, text in held.items():
        whole = as_lines(text)
        try:
            quotas.admit(index, name, len(whole))
            index.check_new(name)
        except Refused as refusal:
            yield f"{merged.places[f'memory/{name}']}: cannot be a first file: {refusal}"
        else:
            index.set(FileEntry(name, whole.count("\n"), len(whole)))

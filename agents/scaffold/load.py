"""Loads a scaffold: finds it, adds what it extends, and checks the whole."""

from __future__ import annotations

from pathlib import Path

from agents.sandbox import ConfinementError
from agents.scaffold.catalogue import SHIPPED, find
from agents.scaffold.digest import digest
from agents.scaffold.directory import HOOKS
from agents.scaffold.error import ScaffoldError, ScaffoldHookError
from agents.scaffold.hooks import Hooks
from agents.scaffold.hooks.checked import checked, checked_problems
from agents.scaffold.hooks.module import HookModule, hook_problems
from agents.scaffold.hooks.sandboxed import SandboxedHooks
from agents.scaffold.limits import Limits
from agents.scaffold.merge import Merged, read_merged
from agents.scaffold.prompts.prompts import Prompts
from agents.scaffold.prompts.templates import check_templates, unused_problem
from agents.scaffold.routine import ROUTINES, Routine
from agents.scaffold.rules import setting_problems
from agents.scaffold.scaffold import Scaffold
from memory_fs import MemoryConfig, Quotas


def load_scaffold(source: str | Path, game: str = "", trust_hooks: bool = False) -> Scaffold:
    """Loads a scaffold.

    Args:
        source: A version such as ``v0`` (of the game's own scaffold, else of the generic one), the
            name of a shipped scaffold such as ``generic/v0``, or a directory.
        game: The game that it is wanted for, as ``info["game"]`` says it; empty for any.
        trust_hooks: Whether the hooks of a scaffold that is not shipped run in this process, with
            all rights of its user, and not in a sandbox.

    Raises:
        ScaffoldError: It is not valid, or not made for this game; the message tells all that is
            wrong, with file and line.
    """
    merged = read_merged(find(source, game))
    if merged.problems:
        raise ScaffoldError(*merged.problems)
    problems: list[str] = []
    hooks = _hooks(merged, trust_hooks, problems)
    prompts = _prompts(merged)
    templates = check_templates(prompts)
    problems += [*setting_problems(merged, game, hooks), *templates.problems]
    for name in templates.unused:
        if f"prompts/{name}" in merged.own:
            problems.append(unused_problem(name, prompts))
        # An inherited part that is no longer included is not part of this scaffold.
        del merged.texts[f"prompts/{name}"]
    if problems or hooks is None:
        raise ScaffoldError(*problems)
    return _build(merged, _prompts(merged), hooks)


def _prompts(merged: Merged) -> Prompts:
    return Prompts(
        merged.below("prompts/"),
        {name.removeprefix("prompts/"): place for name, place in merged.places.items()},
    )


def _hooks(merged: Merged, trusted: bool, problems: list[str]) -> Hooks | None:
    """The hooks; None, and why, where they cannot be had."""
    source, place = merged.texts.get(HOOKS), merged.places.get(HOOKS, "")
    if source is None or not source.strip():  # an empty file takes away an inherited one
        return Hooks()
    problems += hook_problems(source, place)
    problems += [] if problems else checked_problems(source, place)
    if problems:
        return None
    shipped = Path(place).resolve().is_relative_to(SHIPPED.resolve())
    try:
        runner = (HookModule if trusted or shipped else SandboxedHooks)(source, place)
        return Hooks(runner, checked(source))
    except ConfinementError as error:
        problems.append(
            f"{place}:1: is code that comes with this scaffold, and cannot be confined: {error};"
            " if you trust it, run it with all your rights: trust_hooks=True (--trust-hooks on the"
            " command line)"
        )
    except ScaffoldHookError as error:
        problems.append(str(error))
    return None


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
            # In the order of the settings, which the index shows.
            files={name: merged.texts[f"memory/{name}"] for name in settings["files"]},
            quotas=Quotas(**settings.get("quotas", {})),
            vocabulary=settings["vocabulary"],
            operations=hooks.operations,
        ),
        prompts=prompts,
        hooks=hooks,
        hooks_source=merged.texts.get(HOOKS),
    )

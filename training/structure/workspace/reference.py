"""The documentation that a reviewer works with, made from the code that it describes."""

from __future__ import annotations

import inspect
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from agents.memory_agent import agent, log, plan
from agents.scaffold import hooks, manifest
from agents.scaffold.directory import FILE_BYTES, FILES, MEMORY_FILE_BYTES, TOTAL_CHARS
from agents.scaffold.hooks.runner import FUNCTIONS, TEXT_CHARS
from agents.scaffold.limits import Limits
from agents.scaffold.prompts import language, prompts, variables
from agents.scaffold.routine import READ_ONLY, ROUTINES
from automem_gym.memory_turn import MAX_TURNS_PER_GAME_STEP
from benchmarks.measures import unproductive
from memory_fs import OPERATIONS, Quotas, form
from memory_fs.measures import Measures

_FOLDER = Path(__file__).parent / "reference"


@cache
def reference() -> dict[str, str]:
    """The documents, name to text."""
    pages = prompts.Prompts.of_folder(_FOLDER)
    facts = _facts()
    names = sorted(name.removesuffix(prompts.SUFFIX) for name in pages.sources)
    return {f"{name}.md": f"{pages.render(name, facts)}\n" for name in names}


def _facts() -> dict[str, Any]:
    return {
        "agent": _words(agent),
        "log": _words(log.Log),
        "plan": _words(plan.Plan),
        "hooks": _words(hooks),
        "hook_functions": FUNCTIONS,
        "hook_chars": TEXT_CHARS,
        "system_prompts": variables.SYSTEM_PROMPTS,
        "of_routine": variables.OF_ROUTINE,
        "system_variables": variables.SYSTEM,
        "variables": variables.DYNAMIC,
        "rejections": variables.REJECTIONS,
        "filters": language.FILTERS,
        "tests": language.TESTS,
        "loop_names": language.LOOP,
        "methods": language.METHODS,
        "keys": manifest.KEYS,
        "limits": Limits.ranges(),
        "limits_words": _words(Limits),
        "quotas": {quota.name: quota.default for quota in fields(Quotas)},
        "quotas_words": _words(Quotas),
        "routines": ROUTINES,
        "read_only": READ_ONLY,
        "most_turns": MAX_TURNS_PER_GAME_STEP,
        "files": FILES,
        "file_bytes": FILE_BYTES,
        "memory_file_bytes": MEMORY_FILE_BYTES,
        "total_chars": TOTAL_CHARS,
        "operations": [
            {
                "name": operation.name,
                "form": form(operation.name, operation.fields),
                "summary": operation.summary,
                "mutates": operation.mutates,
            }
            for operation in OPERATIONS.values()
        ],
        "measures": _words(Measures),
        "unproductive": _words(unproductive),
    }


def _words(documented: object) -> str:
    """What the code says of itself."""
    words = inspect.getdoc(documented) or ""
    return words.partition("\n\nArgs:")[0]

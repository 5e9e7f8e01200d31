"""Scaffolds: what surrounds a model that plays with a memory, as a directory of data.

A scaffold holds prompts (``prompts/*.j2``), the first files of the memory (``memory/``), settings
(``scaffold.toml``) and, where it has any, hooks (``hooks.py``). The shipped ones stand in
``agents/scaffolds/GAME/VERSION``.
"""

from agents.scaffold.error import ScaffoldError, ScaffoldHookError
from agents.scaffold.hooks import Hooks
from agents.scaffold.limits import Limits
from agents.scaffold.load import load_scaffold
from agents.scaffold.routine import Routine
from agents.scaffold.scaffold import Scaffold

__all__ = [
    "Hooks",
    "Limits",
    "Routine",
    "Scaffold",
    "ScaffoldError",
    "ScaffoldHookError",
    "load_scaffold",
]

"""Tells whether a revision changes the structure of a scaffold, or only its words.

The structure is what decides which texts are shown when, and what may be done: the settings, the
schema of the memory, the conditions, loops and variables of the prompts, the code of the hooks.
What stands between them is words.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import TemplateSyntaxError, nodes

from agents.scaffold.directory import HOOKS, MANIFEST
from agents.scaffold.manifest import IDENTITY
from agents.scaffold.prompts.prompts import SUFFIX, Prompts


def structural_changes(parent: Mapping[str, str], revision: Mapping[str, str]) -> list[str]:
    """What a revision changes in the structure, in words; nothing where it only rewords.

    Args:
        parent: The scaffold that it revises, path to text.
        revision: The revision; both are valid and extend nothing.
    """
    changes = list(_settings(parent, revision))
    names = sorted(name for name in {*parent, *revision} if name.endswith(SUFFIX))
    changes += [
        f"{name}: its conditions, loops or variables"
        for name in names
        if _template(parent.get(name, "")) != _template(revision.get(name, ""))
    ]
    if _code(parent.get(HOOKS, "")) != _code(revision.get(HOOKS, "")):
        changes.append(f"{HOOKS}: its code")
    return changes


def _settings(parent: Mapping[str, str], revision: Mapping[str, str]) -> Iterator[str]:
    old, new = (tomllib.loads(files.get(MANIFEST, "")) for files in (parent, revision))
    for key in sorted({*old, *new} - {*IDENTITY, "files"}):
        if old.get(key) != new.get(key):
            yield f"{MANIFEST}: {key}"
    # What a file is for is words; which files there are, and in what order, is the schema.
    if list(old.get("files", {})) != list(new.get("files", {})):
        yield f"{MANIFEST}: the memory's files"


def _template(text: str) -> Any:
    """A template without its words; two that differ in nothing else are equal."""
    try:
        return _bare(Prompts({}, {}).environment.parse(text))
    except (TemplateSyntaxError, RecursionError, MemoryError):
        return text


def _bare(node: nodes.Node) -> Any:
    if isinstance(node, nodes.TemplateData | nodes.Const):
        # A text that is compared or joined is words too; a number or a truth value is not.
        kind = type(getattr(node, "value", "")).__name__ if isinstance(node, nodes.Const) else ""
        return kind if kind in ("", "str") else (kind, node.value)  # type: ignore[union-attr]
    fields = [(name, _bare_value(value)) for name, value in node.iter_fields()]
    return type(node).__name__, [entry for entry in fields if entry[1] not in ("", [], [""])]


def _bare_value(value: Any) -> Any:
    if isinstance(value, nodes.Node):
        return _bare(value)
    if isinstance(value, list | tuple):
        return [bare for item in value if (bare := _bare_value(item)) not in ("", [])]
    return value


class _Words(ast.NodeTransformer):
    """Takes the words out of code."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        self.generic_visit(node)
        values: list[ast.expr] = [v for v in node.values if isinstance(v, ast.FormattedValue)]
        return ast.JoinedStr(values)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        # A docstring, or a text that stands for itself.
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)


def _code(text: str) -> str:
    try:
        return ast.dump(_Words().visit(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text

"""The language of prompt templates: the part of Jinja2 that cannot do harm.

Templates are data that a model may have written. What ``language.toml`` does not list is refused,
with its line and what is allowed: definitions (macros, blocks, imports) and whatever could reach
Python's objects, run without end or fill the memory.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from jinja2 import nodes

from memory_fs.suggestion import did_you_mean

_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
FILTERS: list[str] = _TABLE["filters"]
TESTS: list[str] = _TABLE["tests"]
#: Attributes of ``loop``.
LOOP: list[str] = _TABLE["loop"]
#: What can be called, by the type of what it belongs to.
METHODS: dict[str, list[str]] = _TABLE["methods"]
_NODES = {*_TABLE["statements"], *_TABLE["expressions"]}
_METHODS = sorted({name for names in METHODS.values() for name in names})
#: Loops within loops, and any other nesting.
LOOP_DEPTH = 4
DEPTH = 60


def faults(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """What a template says that is not in the language.

    Args:
        tree: Its syntax tree.

    Yields:
        Line, and what is wrong there and what is allowed.
    """
    # A stack of its own: a tree may be deeper than Python's.
    stack: list[tuple[nodes.Node, int, int, int]] = [(tree, 1, 0, 0)]
    while stack:
        node, line, depth, loops = stack.pop()
        line = node.lineno or line
        loops += isinstance(node, nodes.For)
        fault = _fault(node)
        if depth > DEPTH or loops > LOOP_DEPTH:
            fault = f"nested too deep: {LOOP_DEPTH} loops and {DEPTH} levels at most"
        if fault:
            yield line, fault
            continue
        children = list(node.iter_child_nodes())
        stack.extend((child, line, depth + 1, loops) for child in reversed(children))


def _fault(node: nodes.Node) -> str | None:
    kind = type(node).__name__
    if kind not in _NODES:
        what = "expression" if isinstance(node, nodes.Expr) else "statement"
        allowed = ", ".join(sorted(_TABLE[f"{what}s"]))
        return f"a template may not have the {what} {kind}; it may have {allowed}"
    if isinstance(node, nodes.For) and node.recursive:
        return "a loop cannot call itself; leave recursive out"
    if isinstance(node, nodes.Include) and included(node) is None:
        return 'what is included is named as it is, as in {% include "parts/map.j2" %}'
    if isinstance(node, nodes.Filter):
        return _unknown("filter", node.name, FILTERS)
    if isinstance(node, nodes.Test):
        return _unknown("test", node.name, TESTS)
    if isinstance(node, nodes.Name | nodes.Getattr):
        name = node.name if isinstance(node, nodes.Name) else node.attr
        return f"{name!r} begins with an underscore, as no name may" if name[0] == "_" else None
    return _call_fault(node) if isinstance(node, nodes.Call) else None


def included(node: nodes.Include) -> str | None:
    """The name of an included template; None where it is not a plain name."""
    value = node.template.value if isinstance(node.template, nodes.Const) else None
    return value if isinstance(value, str) else None


def _call_fault(node: nodes.Call) -> str | None:
    if not isinstance(node.node, nodes.Getattr):
        what = node.node.name if isinstance(node.node, nodes.Name) else "this"
        return (
            f"{what} cannot be called; methods can: {', '.join(_METHODS)}; and a filter is written "
            "as in {{ text | upper }}"
        )
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        return "arguments are written one by one, without * and **"
    return _unknown("method", node.node.attr, _METHODS)


def _unknown(kind: str, name: str, known: list[str]) -> str | None:
    if name in known:
        return None
    hint = did_you_mean(name, known)
    return f"there is no {kind} {name!r} for prompts.{hint} There are {', '.join(known)}"

"""What the code of a scaffold may not try, as far as can be told by reading it.

Wherever it runs, it is shut in and forgets everything after a call (:mod:`agents.sandbox`). So
nothing here is needed for safety. It tells a reviewer at once, and in its own words, what would
never work or is against the rules: a memory beside the memory, a look at what is none of its
business.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

#: What hooks may import: what they need to read and write texts, and nothing with a state.
IMPORTS = frozenset(
    {
        *("__future__", "bisect", "collections", "dataclasses", "difflib", "enum", "fractions"),
        *("functools", "heapq", "itertools", "json", "math", "operator", "re", "statistics"),
        *("string", "textwrap", "typing", "unicodedata"),
    }
)
#: Names of builtins that reach out of the code, or into what is not its own.
_REACHING = frozenset(
    {
        *("open", "exec", "eval", "compile", "__import__", "globals", "locals", "vars", "input"),
        *("breakpoint", "setattr", "delattr", "__builtins__", "__loader__", "__spec__"),
    }
)
#: Attributes through which Python reaches what is not a value's own.
_INSIDES = frozenset(
    {
        *("__globals__", "__subclasses__", "__bases__", "__base__", "__mro__", "__code__"),
        *("__closure__", "__dict__", "__builtins__", "__loader__", "gi_frame", "f_globals"),
        *("f_back", "tb_frame", "__getattribute__"),
    }
)
#: Methods that change a container.
_CHANGING = frozenset(
    {
        *("append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "remove"),
        *("discard", "clear", "appendleft", "extendleft", "popleft", "sort", "reverse", "rotate"),
    }
)
_CACHES = frozenset({"cache", "lru_cache", "cached_property"})
_STATE = (
    "keeps something from one call to the next: a history beside the memory. What the model must "
    "remember it writes into its files"
)


def rule_problems(source: str, place: str) -> Iterator[str]:
    """What is against the rules in a ``hooks.py``.

    Args:
        source: Its text; valid Python.
        place: How it is called in messages.

    Yields:
        Each as ``file:line: what; what to do``.
    """
    tree = ast.parse(source)
    shared = _shared(tree)
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 1)
        for problem in (*_reaches(node), *_keeps(node, shared)):
            yield f"{place}:{line}: {problem}"


def _reaches(node: ast.AST) -> Iterator[str]:
    modules: list[str] = []
    if isinstance(node, ast.Import):
        modules = [alias.name.partition(".")[0] for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        modules = [(node.module or "").partition(".")[0]]
    for module in modules:
        if module not in IMPORTS:
            allowed = ", ".join(sorted(IMPORTS))
            yield f"imports {module or 'a neighbour'}; hooks may import {allowed}"
    if isinstance(node, ast.Name) and node.id in _REACHING:
        yield f"uses {node.id}, which reaches out of the hooks; their arguments are all they need"
    if isinstance(node, ast.Attribute) and node.attr in _INSIDES:
        yield f"uses {node.attr}, which reaches into Python itself; use plain values"
    if isinstance(node, ast.Constant) and node.value == "seed":
        yield "looks for a seed; a scaffold that knows the episode measures nothing"
    if isinstance(node, ast.Name) and node.id in ("seed", "_seed"):
        yield "looks for a seed; a scaffold that knows the episode measures nothing"


def _keeps(node: ast.AST, shared: frozenset[str]) -> Iterator[str]:
    if isinstance(node, ast.Global | ast.Nonlocal):
        yield f"'{' '.join(node.names)}' {_STATE}"
    if isinstance(node, ast.FunctionDef):
        defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        if any(isinstance(d, ast.List | ast.Dict | ast.Set | ast.Call) for d in defaults):
            yield f"the default of an argument of {node.name} {_STATE}"
        for decorator in node.decorator_list:
            if _name(decorator) in _CACHES:
                yield f"the cache of {node.name} {_STATE}"
        for inner in ast.walk(node):
            if (name := _changed(inner)) in shared:
                yield f"{name} (line {getattr(inner, 'lineno', 0)}) {_STATE}"


def _shared(tree: ast.Module) -> frozenset[str]:
    """The names that the module binds, and those of its functions."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        for inner in ast.walk(node) if isinstance(node, ast.Assign | ast.AnnAssign) else ():
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                names.add(inner.id)
    return frozenset(names)


def _changed(node: ast.AST) -> str | None:
    """The name of what a piece of code changes in place."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _root(node.func.value) if node.func.attr in _CHANGING else None
    if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return _root(node.value)
    return None


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _name(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")

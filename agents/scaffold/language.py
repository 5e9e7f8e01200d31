"""The language of prompt templates: the part of Jinja2 that cannot do harm.

Templates are data that a model may have written. What is not on these lists is refused, with the
line and a way to say it instead: definitions (macros, blocks, imports) and whatever could reach
Python's objects, run without end or fill the memory.
"""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from memory_fs.suggestion import did_you_mean

FILTERS = (
    "abs capitalize count d default first float indent int items join last length list lower map "
    "max min reject rejectattr replace reverse select selectattr sort string title trim truncate "
    "unique upper wordcount"
).split()
TESTS = (
    "boolean defined divisibleby eq equalto even false float ge greaterthan gt in integer iterable "
    "le lessthan lower lt mapping ne none number odd sequence string true undefined upper "
    "== != > >= < <="
).split()
#: What can be called, by the type of what it belongs to.
METHODS = {
    "str": (
        "capitalize count endswith find isdigit lower lstrip partition removeprefix removesuffix "
        "rfind rpartition rsplit rstrip split splitlines startswith strip title upper"
    ).split(),
    "dict": "get items keys values".split(),
    "list": "count index".split(),
    "tuple": "count index".split(),
    "LoopContext": "changed cycle".split(),
}
LOOP = "index index0 revindex revindex0 first last length depth depth0 previtem nextitem".split()
#: Loops within loops, and any other nesting.
LOOP_DEPTH = 4
DEPTH = 60

_STATEMENTS = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.For,
    nodes.If,
    nodes.Include,
    nodes.Assign,
    nodes.With,
)
_EXPRESSIONS = (
    nodes.Name,
    nodes.Const,
    nodes.List,
    nodes.Tuple,
    nodes.Dict,
    nodes.Pair,
    nodes.Keyword,
    nodes.Filter,
    nodes.Test,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Call,
    nodes.Compare,
    nodes.Operand,
    nodes.Concat,
    nodes.CondExpr,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Mod,
    nodes.Neg,
    nodes.Pos,
)
_TAGS = "{% for %}, {% if %}, {% set %}, {% with %}, {% include %}"


def faults(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """What a template says that is not in the language.

    Args:
        tree: Its syntax tree.

    Yields:
        Line, and what is wrong there and what is allowed.
    """
    # A stack of its own: a tree may be deeper than Python's.
    stack: list[tuple[nodes.Node, int, int]] = [(tree, 0, 0)]
    while stack:
        node, depth, loops = stack.pop()
        if depth > DEPTH:
            yield node.lineno, f"this is nested too deep; {DEPTH} levels at most"
            continue
        if isinstance(node, nodes.For):
            loops += 1
            if loops > LOOP_DEPTH:
                yield node.lineno, f"loops are nested too deep; {LOOP_DEPTH} levels at most"
                continue
        if fault := _fault(node):
            yield node.lineno, fault
        children = list(node.iter_child_nodes())
        stack.extend((child, depth + 1, loops) for child in reversed(children))


def _fault(node: nodes.Node) -> str | None:
    if not isinstance(node, _STATEMENTS + _EXPRESSIONS):
        return _foreign(node)
    if isinstance(node, nodes.For) and node.recursive:
        return "a loop cannot call itself; leave recursive out"
    if isinstance(node, nodes.Include) and not (
        isinstance(node.template, nodes.Const) and isinstance(node.template.value, str)
    ):
        return 'what is included is named as it is, as in {% include "parts/map.j2" %}'
    if isinstance(node, nodes.Filter):
        return _unknown("filter", node.name, FILTERS)
    if isinstance(node, nodes.Test):
        return _unknown("test", node.name, TESTS)
    if isinstance(node, nodes.Name | nodes.Getattr):
        name = node.name if isinstance(node, nodes.Name) else node.attr
        if name.startswith("_"):
            return f"{name!r} begins with an underscore, which no name does here"
    if isinstance(node, nodes.Call):
        return _call(node)
    return None


def _foreign(node: nodes.Node) -> str:
    kind = type(node).__name__
    if isinstance(node, nodes.Expr):
        return f"{kind} expressions are not allowed here"
    return f"{kind} statements are not allowed here; there are {_TAGS}"


def _call(node: nodes.Call) -> str | None:
    methods = sorted({name for names in METHODS.values() for name in names})
    if not isinstance(node.node, nodes.Getattr):
        name = node.node.name if isinstance(node.node, nodes.Name) else "this"
        return (
            f"{name} cannot be called; only methods can: {', '.join(methods)}; and filters are "
            "written as in {{ text | upper }}"
        )
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        return "arguments are written one by one, without * and **"
    return _unknown("method", node.node.attr, methods)


def _unknown(kind: str, name: str, known: list[str]) -> str | None:
    if name in known:
        return None
    return (
        f"there is no {kind} {name!r} here.{did_you_mean(name, known)} There are {', '.join(known)}"
    )

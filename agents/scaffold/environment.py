"""The Jinja2 environment of prompt templates: sandboxed, immutable, and metered.

Beside the language being small (:mod:`agents.scaffold.language`), every value that a template makes
is measured, and every pass of a loop is counted, so that a rendering ends after a bounded amount of
work, the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, Undefined, nodes, pass_context
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from agents.scaffold.language import FILTERS, LOOP, METHODS, TESTS
from agents.scaffold.meter import METER, TooMuchError, is_scalar, scalars


class PromptEnvironment(ImmutableSandboxedEnvironment):
    """Compiles and renders prompt templates.

    Args:
        loader: Where the templates are.
    """

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
            finalize=_printed,
        )
        own = {"join": _join, "replace": _replace, "indent": _indent, "string": _string}
        self.filters = {
            **{name: _kept(own.get(name) or self.filters[name]) for name in FILTERS},
            "_charge": _charge,
            "_counted": _counted,
            "_concat": _concat,
            "_flat": _flat,
            "_kept": _kept(_same),
        }
        self.tests = {name: self.tests[name] for name in TESTS}
        self.globals = {}

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        return super()._generate(metered(source), name, filename, defer_init)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Allows only what the language lists."""
        if isinstance(obj, LoopContext) and attr in LOOP:
            return True
        return attr in METHODS.get(type(obj).__name__, ())

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """Calls a method, and measures what it returns."""
        return METER.get().value(super().call(__context, __obj, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculates, within the limits."""
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise TooMuchError(f"{operator} cannot be used here; join texts with ~")
        if operator == "*":
            for many, times in ((left, right), (right, left)):
                if isinstance(many, str | list | tuple) and isinstance(times, int):
                    METER.get().keep(_length(many) * max(times, 0))
        return METER.get().value(super().call_binop(context, operator, left, right))


def metered(tree: nodes.Template) -> nodes.Template:
    """Puts the counting into a template: at its head, in its loops, where lists and texts grow."""
    whole = _weight(tree)
    tree = _Metering().visit(tree)
    head = nodes.Filter(nodes.Const(whole), "_charge", [], [], None, None)
    tree.body.insert(0, nodes.ExprStmt(head).set_lineno(1))
    return tree


def _weight(node: nodes.Node) -> int:
    return sum(1 for _ in node.find_all(nodes.Node)) + 1


class _Metering(NodeTransformer):
    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        weight = nodes.Const(_weight(node))
        self.generic_visit(node)
        node.iter = _filter(node.iter, "_counted", weight)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), "_concat")

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filter(node, "_flat")

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return node if node.ctx == "store" else _filter(node, "_flat")

    visit_Dict = visit_List  # noqa: N815

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filter(node, "_kept") if isinstance(node.arg, nodes.Slice) else node


def _filter(node: nodes.Expr, name: str, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(args), [], None, None, lineno=node.lineno)


# ``pass_context`` also keeps the compiler from calling these for constants, with no meter there.
@pass_context
def _charge(context: Context, weight: int) -> str:
    METER.get().charge(weight)
    return ""


@pass_context
def _counted(context: Context, items: Iterable[Any], weight: int) -> Iterator[Any]:
    meter = METER.get()
    for item in items:
        meter.charge(weight)
        yield item


@pass_context
def _concat(context: Context, parts: list[Any]) -> Any:
    return METER.get().value("".join(map(str, scalars(parts))))


@pass_context
def _flat(context: Context, parts: Any) -> Any:
    for _ in scalars(parts.values() if isinstance(parts, Mapping) else parts):
        pass
    return METER.get().value(parts)


def _same(value: Any) -> Any:
    return value


def _kept(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter whose result is measured."""
    passes = getattr(function, "jinja_pass_arg", None)
    wants = None if passes is None else passes.name

    @pass_context
    def measured(context: Context, *args: Any, **kwargs: Any) -> Any:
        first = {"context": context, "environment": context.environment}.get(wants or "")
        done = function(first, *args, **kwargs) if wants else function(*args, **kwargs)
        return METER.get().value(done)

    return measured


def _join(parts: Iterable[Any], separator: str = "", attribute: str | None = None) -> str:
    texts = [
        str(part) for part in scalars(part[attribute] if attribute else part for part in parts)
    ]
    METER.get().keep(sum(map(len, texts)) + len(str(separator)) * len(texts))
    return str(separator).join(texts)


def _replace(text: str, old: str, new: str, count: int = -1) -> str:
    text, old, new = (str(part) for part in scalars((text, old, new)))
    METER.get().keep(len(text) + text.count(old) * len(new))
    return text.replace(old, new, count)


def _indent(text: str, width: int = 4, first: bool = False, blank: bool = False) -> str:
    (text,) = (str(part) for part in scalars((text,)))
    lines = text.split("\n")
    METER.get().keep(len(text) + len(lines) * max(width, 0))
    pad = " " * width
    return "\n".join(
        f"{pad}{line}" if (line or blank) and (number or first) else line
        for number, line in enumerate(lines)
    )


def _string(value: Any) -> str:
    return "".join(str(part) for part in scalars((value,)))


def _printed(value: Any) -> Any:
    """What an expression prints; a list must say how it wants to be printed."""
    if is_scalar(value) or isinstance(value, Undefined):
        return value
    raise TooMuchError(
        f"a {type(value).__name__} cannot be printed; loop over it, or use | join(', ')"
    )


def _length(many: str | list[Any] | tuple[Any, ...]) -> int:
    return len(many) if isinstance(many, str) else sum(len(str(p)) + 1 for p in scalars(many))

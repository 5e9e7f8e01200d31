"""The filters of prompt templates, each of which measures what it reads and makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from agents.scaffold.prompts.meter import METER, scalars, size


def measured(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter or test of which is measured what it reads and returns."""
    # What Jinja2 passes to the function itself, as an attribute of the context.
    wants = getattr(function, "jinja_pass_arg", None)
    attribute = {"eval_context": "eval_ctx"}.get(wants.name, wants.name) if wants else ""

    @pass_context
    def counted(context: Context, *args: Any, **kwargs: Any) -> Any:
        meter = METER.get()
        meter.read(args)
        meter.read(kwargs)
        if attribute:
            args = (context if attribute == "context" else getattr(context, attribute), *args)
        return meter.value(function(*args, **kwargs))

    return counted


# Three filters of Jinja2 make more of less; these measure before they do.
def _join(parts: Iterable[Any], separator: str = "", attribute: str | None = None) -> str:
    named = (part if attribute is None else part[attribute] for part in parts)
    texts = [str(part) for part in scalars(named)]
    METER.get().keep(sum(map(len, texts)) + len(separator) * len(texts))
    return str(separator).join(texts)


def _replace(text: Any, old: str, new: str, count: int = -1) -> str:
    whole, old, new = (str(part) for part in scalars((text, old, new)))
    METER.get().keep(len(whole) + whole.count(old) * len(new))
    return whole.replace(old, new, count)


def _indent(text: Any, width: int = 4, first: bool = False, blank: bool = False) -> str:
    lines = "".join(map(str, scalars((text,)))).split("\n")
    METER.get().keep(size(lines) + len(lines) * max(width, 0))
    return "\n".join(
        " " * width + line if (line or blank) and (number or first) else line
        for number, line in enumerate(lines)
    )


def _string(value: Any) -> str:
    return "".join(map(str, scalars((value,))))


OWN_FILTERS = {"join": _join, "replace": _replace, "indent": _indent, "string": _string}


def printed(value: Any) -> Any:
    """What an expression prints: text and numbers; a list must say how it is to be printed."""
    if type(value) is not str:
        for _ in scalars((value,)):
            pass
    return value


# ``pass_context`` also keeps the compiler from calling a filter for constants, when no meter runs.
@pass_context
def _charge(context: Context, weight: int) -> None:
    METER.get().charge(weight)


@pass_context
def _count(context: Context, items: Iterable[Any], weight: int) -> Iterator[Any]:
    meter = METER.get()
    for item in items:
        meter.charge(weight)
        yield item


@pass_context
def _read(context: Context, value: Any) -> Any:
    METER.get().read(value)
    return value


@pass_context
def _keep(context: Context, value: Any) -> Any:
    return METER.get().value(value)


@pass_context
def _flat(context: Context, parts: Any) -> Any:
    for _ in scalars(parts.values() if isinstance(parts, Mapping) else parts):
        pass
    return METER.get().value(parts)


@pass_context
def _concat(context: Context, parts: list[Any]) -> str:
    texts = [str(part) for part in scalars(parts)]
    METER.get().keep(sum(map(len, texts)))
    return "".join(texts)


#: What :class:`_Metering` puts into templates; an author cannot name them.
METERS = {
    "_charge": _charge,
    "_count": _count,
    "_read": _read,
    "_keep": _keep,
    "_flat": _flat,
    "_concat": _concat,
}

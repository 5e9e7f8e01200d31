"""The Jinja2 environment of prompt templates: sandboxed, immutable, and metered.

The language is small (:mod:`agents.scaffold.prompts.language`), each pass of a loop is counted, and
each value that a template makes or reads is measured. So a rendering ends after a bounded amount
of work, whoever wrote the template.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from jinja2 import BaseLoader, StrictUndefined, nodes
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from agents.scaffold.prompts.filters import METERS, OWN_FILTERS, measured, printed
from agents.scaffold.prompts.language import FILTERS, LOOP, METHODS, TESTS
from agents.scaffold.prompts.meter import METER, TooMuchError, size
from agents.scaffold.prompts.metering import metered


class PromptEnvironment(ImmutableSandboxedEnvironment):
    """Compiles and renders prompt templates.

    Args:
        loader: Where the templates are.
    """

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})

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
            finalize=printed,
        )
        filters = cast(dict[str, Callable[..., Any]], {**self.filters, **OWN_FILTERS})
        tests = cast(dict[str, Callable[..., Any]], self.tests)
        self.filters = {name: measured(filters[name]) for name in FILTERS} | METERS
        self.tests = {name: measured(tests[name]) for name in TESTS}
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
        """Calls a method, and measures what it reads and returns."""
        meter = METER.get()
        meter.read((getattr(__obj, "__self__", None), args))
        return meter.value(super().call(__context, __obj, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculates, within the limits."""
        if operator == "%" and isinstance(left, str):
            raise TooMuchError("a text cannot be formatted with %; join texts with ~")
        if operator == "*":
            for many, times in ((left, right), (right, left)):
                if isinstance(many, str | list | tuple) and isinstance(times, int):
                    METER.get().keep(size(many) * max(times, 0))
        return METER.get().value(super().call_binop(context, operator, left, right))

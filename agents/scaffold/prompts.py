"""The prompts of a scaffold: templates, checked when they are loaded and bounded when rendered."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import FunctionLoader, TemplateError, TemplateSyntaxError, nodes

from agents.scaffold.environment import PromptEnvironment
from agents.scaffold.error import ScaffoldError
from agents.scaffold.language import faults
from agents.scaffold.meter import METER, Meter, TooMuchError
from agents.scaffold.variables import PROMPTS, SYSTEM_PROMPTS, variables
from memory_fs.suggestion import did_you_mean

SUFFIX = ".j2"
#: What a template can raise by what it says: wrong types, a division by 0, an index out of range.
_FAILURES = (
    TemplateError,
    TooMuchError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
)


class Prompts:
    """The templates of one scaffold.

    Args:
        sources: Name to source; names are paths below ``prompts/``, as in ``parts/map.j2``.
        places: Name to the file as it is shown in messages.
    """

    def __init__(self, sources: Mapping[str, str], places: Mapping[str, str]) -> None:
        self.sources = dict(sources)
        self._places = dict(places)
        self._environment = PromptEnvironment(FunctionLoader(self._load))

    def _load(self, name: str) -> tuple[str, str, None] | None:
        if name not in self.sources:
            return None
        return self.sources[name], self._places[name], None

    def problems(self) -> Iterator[str]:
        """What is wrong with the templates, each as ``file:line: what; what is allowed``."""
        trees: dict[str, nodes.Template] = {}
        sound = True
        for name in sorted(self.sources):
            try:
                tree = self._environment.parse(self.sources[name])
                wrong = [*faults(tree), *self._missing(tree)]
            except TemplateSyntaxError as error:
                wrong = [(error.lineno, error.message or "this is no valid template")]
            except (RecursionError, ValueError) as error:
                wrong = [(1, f"this cannot be read: {error}")]
            else:
                trees[name] = tree
            for line, text in wrong:
                sound = False
                yield f"{self._places[name]}:{line}: {text}"
        needed = [name + SUFFIX for name in SYSTEM_PROMPTS + PROMPTS]
        for name in needed:
            if name not in self.sources:
                yield f"prompts/{name}: is missing; the prompts are {', '.join(needed)}"
        if sound:
            yield from self._uses(trees, needed)

    def _missing(self, tree: nodes.Template) -> Iterator[tuple[int, str]]:
        for include in tree.find_all(nodes.Include):
            name = getattr(include.template, "value", None)
            if isinstance(name, str) and name not in self.sources:
                hint = did_you_mean(name, self.sources)
                yield include.lineno, f"there is no template {name!r}.{hint}"

    def _uses(self, trees: Mapping[str, nodes.Template], needed: list[str]) -> Iterator[str]:
        used: set[str] = set()
        for name in needed:
            if name in trees:
                known = variables(name.removesuffix(SUFFIX))
                reached = list(_reached(name, trees))
                used |= set(reached)
                for part in reached:
                    for line, text in _undefined(trees[part], known):
                        yield f"{self._places[part]}:{line}: {text}"
        for name in sorted(set(trees) - used):
            hint = did_you_mean(name, needed)
            yield (
                f"{self._places[name]}:1: nothing uses this.{hint} The prompts are "
                f"{', '.join(needed)}; others are parts that these include"
            )

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """Renders a prompt.

        Args:
            name: Its name, without the ending.
            values: Its variables.

        Raises:
            ScaffoldError: It cannot be rendered.
        """
        if name + SUFFIX not in self.sources:
            hint = did_you_mean(name, SYSTEM_PROMPTS + PROMPTS)
            raise ScaffoldError(f"prompts/{name}{SUFFIX}: there is no such prompt.{hint}")
        meter = Meter()
        token = METER.set(meter)
        try:
            template = self._environment.get_template(name + SUFFIX)
            return "".join(meter.rendered(text) for text in template.generate(values)).strip("\n")
        except _FAILURES as error:
            raise ScaffoldError(f"{self._where(error, name)}: {error}") from error
        finally:
            METER.reset(token)

    def _where(self, error: BaseException, name: str) -> str:
        """The place in a template that an error came from."""
        if isinstance(error, TemplateSyntaxError):
            return f"{error.filename}:{error.lineno}"
        places = set(self._places.values())
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if frame.filename in places:
                return f"{frame.filename}:{frame.lineno}"
        return self._places[name + SUFFIX]


def _reached(name: str, trees: Mapping[str, nodes.Template]) -> Iterator[str]:
    """A template and all that it includes, however deep."""
    seen, waiting = set(), [name]
    while waiting:
        part = waiting.pop()
        if part not in seen and part in trees:
            seen.add(part)
            yield part
            waiting.extend(
                include.template.value for include in trees[part].find_all(nodes.Include)
            )


def _undefined(tree: nodes.Template, known: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    names = list(tree.find_all(nodes.Name))
    own = {name.name for name in names if name.ctx != "load"} | {"loop"}
    for name in names:
        if name.ctx == "load" and name.name not in known and name.name not in own:
            hint = did_you_mean(name.name, known)
            yield (
                name.lineno,
                (f"there is no variable {name.name!r}.{hint} There are {', '.join(sorted(known))}"),
            )

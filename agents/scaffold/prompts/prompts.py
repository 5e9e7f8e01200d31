"""The prompts of a scaffold: templates that are bounded when they are rendered."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

from jinja2 import FunctionLoader, TemplateSyntaxError

from agents.scaffold.error import ScaffoldError
from agents.scaffold.prompts.environment import PromptEnvironment
from agents.scaffold.prompts.meter import METER, Meter
from agents.scaffold.prompts.variables import PROMPTS, SYSTEM_PROMPTS
from memory_fs.suggestion import did_you_mean

SUFFIX = ".j2"


class Prompts:
    """The templates of one scaffold; :mod:`agents.scaffold.prompts.templates` checks them.

    Args:
        sources: Name to source; names are paths below ``prompts/``, as in ``parts/map.j2``.
        places: Name to the file as it is called in messages.
    """

    def __init__(self, sources: Mapping[str, str], places: Mapping[str, str]) -> None:
        self.sources = dict(sources)
        self.places = dict(places)
        self.environment = PromptEnvironment(FunctionLoader(self._load))

    def _load(self, name: str) -> tuple[str, str, None] | None:
        return (self.sources[name], self.places[name], None) if name in self.sources else None

    def __reduce__(self) -> tuple[type[Prompts], tuple[dict[str, str], dict[str, str]]]:
        return type(self), (self.sources, self.places)

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
            template = self.environment.get_template(name + SUFFIX)
            return "".join(map(meter.rendered, template.generate(values))).strip("\n")
        # Whatever a template does wrong, it is the template that did it.
        except Exception as error:
            raise ScaffoldError(f"{self._where(error, name)}: {error}") from error
        finally:
            METER.reset(token)

    def _where(self, error: Exception, name: str) -> str:
        """The place in a template that an error came from."""
        if isinstance(error, TemplateSyntaxError):
            return f"{error.filename}:{error.lineno}"
        places = set(self.places.values())
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if frame.filename in places:
                return f"{frame.filename}:{frame.lineno}"
        return f"{self.places[name + SUFFIX]}:1"

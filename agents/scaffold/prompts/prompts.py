"""Prompts as templates that are bounded when they are rendered."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from jinja2 import FunctionLoader, TemplateSyntaxError

from agents.scaffold.error import ScaffoldError
from agents.scaffold.prompts.environment import PromptEnvironment
from agents.scaffold.prompts.meter import METER, Meter
from memory_fs.suggestion import did_you_mean

SUFFIX = ".j2"


class Prompts:
    """The templates of a scaffold, or of an agent that has its prompts beside it.

    Those of a scaffold are checked by :mod:`agents.scaffold.prompts.templates`.

    Args:
        sources: Name to source; names are paths below ``prompts/``, as in ``parts/map.j2``.
        places: Name to the file as it is called in messages.
    """

    def __init__(self, sources: Mapping[str, str], places: Mapping[str, str]) -> None:
        self.sources = dict(sources)
        self.places = dict(places)
        self.environment = PromptEnvironment(FunctionLoader(self._load))

    @classmethod
    def of_folder(cls, folder: Path, shared: Prompts | None = None) -> Self:
        """The templates that stand in a folder, and in folders in it.

        Args:
            folder: The folder.
            shared: Others that they may include; one of the folder's takes the place of one of the
                same name.
        """
        own = {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(folder.rglob(f"*{SUFFIX}"))
        }
        places = {name: f"{folder.name}/{name}" for name in own}
        if shared is None:
            return cls(own, places)
        return cls({**shared.sources, **own}, {**shared.places, **places})

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
            hint = did_you_mean(name, [known.removesuffix(SUFFIX) for known in self.sources])
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

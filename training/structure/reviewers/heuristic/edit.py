"""An edit of the catalogue: what it needs to fire, and what it does to a scaffold."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Self

from jinja2 import Environment, StrictUndefined

from agents.scaffold.directory import HOOKS, MANIFEST
from benchmarks import toml
from training.structure.attempt import Revision
from training.structure.reviewers.heuristic.hook_file import HookFile
from training.structure.reviewers.heuristic.symptom import Symptom

_HERE = files("training.structure.reviewers.heuristic")
_TEXTS = Environment(undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True)


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit.

    Attributes:
        name: What it is called.
        symptom: The symptom that it is for.
        share: How often that has to show.
        title: What it changes, in a line; a template, like the next.
        analysis: What is wrong, before the places where it shows.
        method: How one comes to it, and what else could be tried.
        hooks: The file with its hooks; empty where it has none.
        vocabulary: Operations that LOG may use from then on.
        purpose: What is added to the purpose of the memory file that it is about.
        limits: Limits that are at least so high from then on.
        append: Prompt to what is added at its end.
    """

    name: str
    symptom: str
    share: float
    title: str
    analysis: str
    method: str
    hooks: str = ""
    vocabulary: tuple[str, ...] = ()
    purpose: str = ""
    limits: Mapping[str, int] = field(default_factory=dict)
    append: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_toml(cls, table: Mapping[str, Any]) -> Self:
        """Reads a table of the catalogue."""
        return cls(**{**table, "vocabulary": tuple(table.get("vocabulary", ()))})

    def fires(self, symptom: Symptom) -> bool:
        """Whether a symptom is strong enough."""
        return symptom.name == self.symptom and symptom.share >= self.share

    def key(self, symptom: Symptom) -> str:
        """What tells this edit, applied for a symptom, from all others."""
        return f"{self.name} {symptom.file}".strip()

    def possible(self, symptom: Symptom, scaffold: Mapping[str, str]) -> bool:
        """Whether it can be made, and has not been."""
        hooks = HookFile.read(scaffold.get(HOOKS, ""))
        if self.hooks and (hooks is None or self.key(symptom) in hooks.fragments):
            return False
        return self.files(symptom, scaffold) != dict(scaffold)

    def revise(self, symptom: Symptom, scaffold: Mapping[str, str]) -> Revision:
        """Makes it.

        Args:
            symptom: Why.
            scaffold: The scaffold, path to text.
        """
        values = {"share": f"{100 * symptom.share:.0f}%", "file": symptom.file}
        values |= {"figure": symptom.figure}
        title, analysis, method = (
            _TEXTS.from_string(text).render(values)
            for text in (self.title, self.analysis, self.method)
        )
        shown = "\n".join(f"- {place}" for place in symptom.places)
        return Revision(self.files(symptom, scaffold), title, f"{analysis}\n\n{shown}", method)

    def files(self, symptom: Symptom, scaffold: Mapping[str, str]) -> dict[str, str]:
        """The scaffold with the edit in it, path to text."""
        made = dict(scaffold)
        made[MANIFEST] = self._settings(symptom, scaffold[MANIFEST])
        for name, more in self.append.items():
            text = _TEXTS.from_string(more).render(content=_memory(symptom, scaffold))
            if text.strip() and text not in made[name]:
                made[name] = made[name].rstrip("\n") + "\n" + text
        if self.hooks:
            hooks = HookFile.read(scaffold.get(HOOKS, ""))
            source = (_HERE / "edits" / self.hooks).read_text(encoding="utf-8")
            if hooks is not None:
                made[HOOKS] = hooks.with_fragment(
                    self.key(symptom), source.replace("FILE.md", symptom.file)
                ).text
        return made

    def _settings(self, symptom: Symptom, manifest: str) -> str:
        settings = tomllib.loads(manifest)
        before = tomllib.loads(manifest)
        vocabulary, log = settings["vocabulary"], settings["routines"]["log"]
        for operation in self.vocabulary:
            for words in (vocabulary, log["operations"]):
                words += [operation] * (operation not in words)
        for limit, least in self.limits.items():
            settings["limits"][limit] = max(least, settings["limits"][limit])
        if self.purpose and self.purpose not in settings["files"].get(symptom.file, self.purpose):
            settings["files"][symptom.file] += self.purpose
        return manifest if settings == before else toml.dumps(settings)


def _memory(symptom: Symptom, scaffold: Mapping[str, str]) -> str:
    """The first text of the memory file that a symptom is about."""
    return scaffold.get(f"memory/{symptom.file}", "") if symptom.file else ""


@cache
def catalogue() -> Sequence[Edit]:
    """The edits, in the order in which they are tried where symptoms are as strong."""
    tables = tomllib.loads((_HERE / "catalogue.toml").read_text(encoding="utf-8"))
    return tuple(map(Edit.from_toml, tables["edit"]))

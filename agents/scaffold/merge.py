"""Adds to a scaffold's directory what it inherits from the one that it extends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.scaffold.catalogue import shipped
from agents.scaffold.directory import MANIFEST, Layer, read_directory
from agents.scaffold.manifest import IDENTITY, Manifest
from memory_fs.suggestion import did_you_mean


@dataclass
class Merged:
    """A scaffold's directory and all that it extends, as one.

    Attributes:
        root: The directory itself.
        settings: The settings. ``files`` and lists are taken whole from the nearest directory that
            has them; the other tables are merged key by key.
        texts: Path to text: the prompts, the memory's first files, the hooks.
        places: The same paths to how they are called in messages.
        own: Those of the paths that are not inherited.
        problems: What is wrong so far.
        manifests: Its settings as they stand in each directory, its own first.
    """

    root: Path
    settings: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    problems: list[str] = field(default_factory=list)
    manifests: list[Manifest] = field(default_factory=list)

    def below(self, folder: str) -> dict[str, str]:
        """The texts of a folder, by their path in it."""
        return {
            name.removeprefix(folder): text
            for name, text in self.texts.items()
            if name.startswith(folder)
        }

    def place(self, *keys: str) -> str:
        """File and line of a setting; the scaffold's own manifest where no one has it."""
        for manifest in self.manifests:
            table: Any = manifest.data
            for key in keys:
                table = table.get(key) if isinstance(table, dict) else None
            if table is not None:
                return manifest.place(*keys)
        return self.manifests[0].place(*keys)


def read_merged(root: Path) -> Merged:
    """Reads a directory, and those that it extends."""
    merged = Merged(root)
    layers = list(_layers(root, merged))
    for layer, manifest in reversed(layers):
        _merge(merged.settings, manifest.data)
        for name, text in layer.texts.items():
            if name != MANIFEST:
                merged.texts[name] = text
                merged.places[name] = layer.place(name)
    # What is inherited but no longer in the schema is left out.
    merged.own = frozenset(layers[0][0].texts)
    for name in list(merged.texts):
        file = name.removeprefix("memory/")
        if file != name and name not in merged.own and file not in merged.settings.get("files", {}):
            del merged.texts[name], merged.places[name]
    return merged


def _layers(root: Path, merged: Merged) -> Iterator[tuple[Layer, Manifest]]:
    """The directory, what it extends, what that extends, and so on."""
    seen: set[Path] = set()
    while root not in seen:
        seen.add(root)
        layer = read_directory(root)
        manifest = Manifest(layer.texts.get(MANIFEST, ""), layer.place(MANIFEST))
        if layer.texts and MANIFEST not in layer.texts:
            merged.problems.append(f"{layer.place(MANIFEST)}: is missing")
        merged.problems += [*layer.problems, *manifest.problems]
        merged.manifests.append(manifest)
        yield layer, manifest
        extended = manifest.data.get("extends")
        if extended is None:
            return
        known = shipped()
        if extended not in known:
            merged.problems.append(
                f"{manifest.place('extends')}: there is no shipped scaffold {extended!r}."
                f"{did_you_mean(extended, known)} There are {', '.join(known)}"
            )
            return
        root = known[extended]
    merged.problems.append(f"{merged.manifests[-1].place('extends')}: extends itself")


def _merge(settings: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if key in ("limits", "quotas"):
            settings[key] = {**settings.get(key, {}), **value}
        elif key == "routines":
            old = settings.get(key, {})
            settings[key] = {
                **old,
                **{name: {**old.get(name, {}), **entry} for name, entry in value.items()},
            }
        else:
            settings[key] = value
    # A name is a directory's own, and so is what it was made from.
    for key in IDENTITY:
        if key != "game" and key not in more:
            settings.pop(key, None)

"""Hashes of weights that stand in local directories, so that a digest holds what was loaded."""

from __future__ import annotations

import hashlib
from pathlib import Path

from agents.backends.local.place import place
from agents.model import ModelSpec

#: Files of a base that hold weights: their names and sizes count, as reading tens of gigabytes at
#: every start would take minutes.
_WEIGHTS = (".safetensors", ".bin", ".pt", ".pth", ".gguf")
_LENGTH = 32


def weights_digest(spec: ModelSpec) -> str:
    """A hash of what a model would be loaded from.

    Args:
        spec: The model.

    Returns:
        Of an adapter's directory all files count, with all of their content. Of a base's directory
        the files count, but not its folders, in which adapters and other formats stand; of files of
        weights only names and sizes do. Empty where the model names no local directory.

    Raises:
        OSError: A file cannot be read.
        ModelSetupError: An embedded model is not the one that was shipped.
    """
    base = _directory(spec.name) if spec.backend == "local" else None
    adapter = _directory(spec.adapter) if spec.adapter else None
    if base is None and adapter is None:
        return ""
    found = hashlib.sha256()
    for name, directory in (("base", base), ("adapter", adapter)):
        if directory is not None:
            found.update(f"{name}\0".encode())
            _add(found, directory, whole=name == "adapter")
    return found.hexdigest()[:_LENGTH]


def _directory(name: str) -> Path | None:
    path = Path(place(name)).expanduser()
    return path if path.is_dir() else None


def _add(found: hashlib._Hash, directory: Path, whole: bool) -> None:
    """Adds the files of a directory; hidden ones and those of hidden folders do not count.

    Args:
        found: Where to add them.
        directory: The directory.
        whole: Whether folders in it count, and all of the content of weights.
    """
    for path in sorted(directory.rglob("*") if whole else directory.iterdir()):
        inside = path.relative_to(directory)
        if not path.is_file() or any(part.startswith(".") for part in inside.parts):
            continue
        found.update(f"{inside.as_posix()}\0{path.stat().st_size}\0".encode())
        if whole or path.suffix not in _WEIGHTS:
            with path.open("rb") as file:
                found.update(hashlib.file_digest(file, "sha256").digest())

"""Where a local model's files stand."""

from __future__ import annotations

import hashlib
from pathlib import Path

from agents.model import ModelSetupError

#: The models that ship with the package, name to folder. ``./mini`` is a directory in any case.
EMBEDDED = {"mini": Path(__file__).parents[2] / "mini"}
#: In the folder of an embedded model: the SHA-256 of each of its files, as ``sha256sum`` writes it.
CHECKSUMS = "SHA256SUMS"


def place(name: str) -> str:
    """The same for all names of one model: the folder of an embedded one, or a directory.

    Args:
        name: As in a model's specification; an id of the hub stays as it is.

    Raises:
        ModelSetupError: The files of an embedded model are not those that were shipped.
    """
    if name in EMBEDDED:
        check_files(EMBEDDED[name], name)
        return str(EMBEDDED[name].resolve())
    path = Path(name).expanduser()
    return str(path.resolve()) if name and path.exists() else name


def checksums(folder: Path) -> str:
    """The lines of :data:`CHECKSUMS` for the files that stand in a folder and those below it."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != CHECKSUMS)
    # What Python writes beside code that it has run is nobody's change.
    names = sorted(it.relative_to(folder).as_posix() for it in files if it.suffix != ".pyc")
    return "".join(f"{_checksum(folder / name)}  {name}\n" for name in names)


def check_files(folder: Path, name: str) -> None:
    """Checks an embedded model against its list of checksums.

    Raises:
        ModelSetupError: A file is missing, or is another one, or was added.
    """
    try:
        told = (folder / CHECKSUMS).read_text("utf-8")
        there = checksums(folder)
    except (OSError, UnicodeDecodeError) as error:
        raise ModelSetupError(
            f"the embedded model {name} is not whole: {error}; install the package anew"
        ) from error
    if told != there:
        lines = set(told.splitlines()) ^ set(there.splitlines())
        files = sorted({line.rpartition("  ")[2] for line in lines})
        raise ModelSetupError(
            f"the embedded model {name} was changed: {', '.join(files)} in {folder}; install the "
            "package anew, or name a copy by its directory"
        )


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

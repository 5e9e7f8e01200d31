"""Which scaffold a name means: a shipped one, or a directory."""

from __future__ import annotations

from pathlib import Path

from agents.scaffold.directory import MANIFEST
from agents.scaffold.error import ScaffoldError
from memory_fs.suggestion import did_you_mean

SHIPPED = Path(__file__).parents[1] / "scaffolds"
#: The scaffolds of games that have none of their own.
GENERIC = "generic"


def shipped() -> dict[str, Path]:
    """The shipped scaffolds, ``GAME/VERSION`` to directory."""
    return {
        path.parent.relative_to(SHIPPED).as_posix(): path.parent
        for path in sorted(SHIPPED.glob(f"*/*/{MANIFEST}"))
    }


def find(source: str | Path, game: str) -> Path:
    """The directory of a scaffold.

    Args:
        source: A version such as ``v0`` (of the game's own scaffold, else of the generic one), the
            name of a shipped scaffold such as ``generic/v0``, or a directory. A shipped name comes
            first; ``./v0`` is a directory in any case.
        game: The game that it is wanted for.

    Raises:
        ScaffoldError: There is no such scaffold.
    """
    known = shipped()
    if isinstance(source, str):
        for name in (f"{game.lower()}/{source}", f"{GENERIC}/{source}", source):
            if name in known:
                return known[name]
    if (path := Path(source)).is_dir():
        return path
    names = [*known, *dict.fromkeys(name.split("/")[1] for name in known)]
    hint = did_you_mean(source, names)
    raise ScaffoldError(
        f"there is no scaffold {str(source)!r}.{hint} There are {', '.join(names)}, and anybody's "
        "directory"
    )

"""Environment ids as tables show them."""

from __future__ import annotations

from collections.abc import Sequence

#: What the ids of this package share; a table of such ids has no room for it.
_PREFIX, _SUFFIX = "AutoMem-", "-v0"


def short_ids(env_ids: Sequence[str]) -> list[str]:
    """The ids of a table, without what all of this package's ids share if all are such.

    Example:
        >>> short_ids(["AutoMem-Crafter-v0", "AutoMem-MiniHack-Corridor-R3-v0"])
        ['Crafter', 'MiniHack-Corridor-R3']
    """
    if all(env_id.startswith(_PREFIX) and env_id.endswith(_SUFFIX) for env_id in env_ids):
        return [env_id.removeprefix(_PREFIX).removesuffix(_SUFFIX) for env_id in env_ids]
    return list(env_ids)

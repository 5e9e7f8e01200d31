"""The hash of a scaffold: two runs with the same hash used the same scaffold."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from agents.scaffold.manifest import IDENTITY
from memory_fs import Quotas

#: Counted up when the same files come to mean something else.
FORMAT = 1


def digest(settings: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """Hashes all that changes what a model sees and may do.

    What it is called and where it comes from does not count: not its name, game, parent, summary
    and path, nor whether a file is its own or inherited. Comments and the order of keys in
    ``scaffold.toml`` do not count either, but for the order of the memory files and of operations,
    which the prompts show.

    Args:
        settings: The settings, with those that are inherited.
        texts: Path to text, with those that are inherited.

    Returns:
        The first 32 hexadecimal digits of a SHA-256.
    """
    behaviour = {key: value for key, value in settings.items() if key not in IDENTITY}
    # With those that are not set: a default that changes is another scaffold.
    behaviour["quotas"] = dataclasses.asdict(Quotas(**settings.get("quotas", {})))
    files = list(behaviour.pop("files", {}).items())
    content = {"format": FORMAT, "settings": behaviour, "files": files, "texts": dict(texts)}
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]

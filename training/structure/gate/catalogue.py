"""The gates by name."""

from __future__ import annotations

import dataclasses
from typing import Any

from memory_fs.suggestion import unknown_name
from training.structure.gate.confirmed import Confirmed
from training.structure.gate.gate import Gate
from training.structure.gate.paper import Paper

GATES: dict[str, type[Confirmed] | type[Paper]] = {"confirmed": Confirmed, "paper": Paper}
DEFAULT = "confirmed"


def gate_of(name: str = DEFAULT, **parameters: Any) -> Gate:
    """Makes a gate.

    Args:
        name: A name of :data:`GATES`.
        **parameters: Those of its class that are not to be the default; a list stands for a tuple,
            which command lines and TOML cannot write.

    Raises:
        ValueError: There is no gate or no parameter of this name, or a parameter makes no sense.
    """
    if name not in GATES:
        raise unknown_name("gate", name, GATES)
    made = GATES[name]
    known = [field.name for field in dataclasses.fields(made)]
    for parameter in parameters:
        if parameter not in known:
            raise unknown_name(f"parameter of the gate {name}", parameter, known)
    given: dict[str, Any] = {
        key: tuple(it) if isinstance(it, list) else it for key, it in parameters.items()
    }
    return made(**given)

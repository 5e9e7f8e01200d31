"""What goes between a process that plays and the driver, which holds the models."""

from __future__ import annotations

import hashlib
import pickle
import traceback
from dataclasses import dataclass
from typing import Any

from agents.model import ChatModel, ModelError, ModelSetupError, ToolModel
from benchmarks.episode import Episode

#: What may be asked of a model, and the protocol that offers it.
METHODS: dict[str, type] = {"generate": ChatModel, "call": ToolModel}


@dataclass(frozen=True, slots=True)
class Ask:
    """A call of a model, on its way to the driver.

    Attributes:
        number: Which call of the process that asks.
        episode: For which episode.
        role: The model.
        method: Name of the method; one of :data:`METHODS`.
        arguments: Its arguments.
    """

    number: int
    episode: Episode
    role: str
    method: str
    arguments: tuple[Any, ...]

    @property
    def question(self) -> str:
        """A hash of what is asked, whoever asks it."""
        # Not pickled, because that depends on which texts are one object.
        asked = repr((self.role, self.method, self.arguments))
        return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call, on its way back.

    Attributes:
        number: That of the call.
        value: What the method returned.
        error: What it raised; None where it returned.
    """

    number: int
    value: Any = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that the driver holds, for a process that plays.

    Attributes:
        name: Its name.
        methods: What may be asked of it.
    """

    name: str
    methods: tuple[str, ...]


def sendable(error: Exception) -> Exception:
    """An error as it can be sent to another process.

    A :class:`ModelError` keeps its type, so that whoever gets it can tell what went wrong. Anything
    else is a fault in the code of a backend; its traceback is kept as text.
    """
    if isinstance(error, ModelError):
        try:
            copy = pickle.loads(pickle.dumps(error))
        except Exception:  # its class has arguments of its own, which pickle does not know
            copy = None
        if type(copy) is type(error) and str(copy) == str(error):
            return error
        kind = ModelSetupError if isinstance(error, ModelSetupError) else ModelError
        return kind(str(error))
    return RuntimeError(f"a model failed:\n{''.join(traceback.format_exception(error))}")

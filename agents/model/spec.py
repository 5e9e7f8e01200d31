"""Which model, and how it is asked: plain data, from which a backend opens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from memory_fs.suggestion import did_you_mean

#: Each is a module of :mod:`agents.backends`; on a command line a model is ``BACKEND:NAME``.
BACKENDS = ("local", "messages", "completions", "scripted", "recorded")


@dataclass(frozen=True)
class Sampling:
    """How answers are sampled.

    Attributes:
        temperature: 0 takes the likeliest token always. The paper plays at 1.0.
        top_p: Only the likeliest tokens that together have this probability are drawn from.
        max_tokens: Longest answer.
    """

    temperature: float = 1.0
    top_p: float = 1.0
    max_tokens: int = 1024

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= 10:
            raise ValueError(f"temperature is in [0, 10], not {self.temperature}")
        if not 0 < self.top_p <= 1:
            raise ValueError(f"top_p is in (0, 1], not {self.top_p}")
        if self.max_tokens < 1:
            raise ValueError(f"max_tokens is at least 1, not {self.max_tokens}")


@dataclass(frozen=True)
class ModelSpec:
    """One model, as the hash of an episode holds it.

    Attributes:
        backend: One of :data:`BACKENDS`.
        name: A directory or id of weights, or the name of a model on a server; empty where the
            backend needs none.
        adapter: Directory or id of a LoRA adapter; local models only.
        sampling: How answers are sampled.
        options: Settings of the backend, such as ``base_url`` or ``load_in``.
    """

    backend: str
    name: str = ""
    adapter: str = ""
    sampling: Sampling = field(default_factory=Sampling)
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.backend not in BACKENDS:
            hint = did_you_mean(self.backend, BACKENDS)
            raise ValueError(
                f"there is no backend {self.backend!r}.{hint} There are {', '.join(BACKENDS)}"
            )

    @classmethod
    def parse(
        cls,
        text: str,
        adapter: str = "",
        sampling: Sampling | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Self:
        """Reads ``BACKEND:NAME``, or a name alone.

        ``scripted`` alone is that backend; a name that begins with ``claude`` is asked through the
        Messages API; any other is a directory or id of weights.

        Args:
            text: The name.
            adapter: As in the class, and so are the others.
            sampling: By default that of :class:`Sampling`.
            options: By default none.

        Raises:
            ValueError: It names no model, as ``recorded`` alone does.
        """
        backend, colon, name = text.strip().partition(":")
        if not colon or backend not in BACKENDS:
            name = text.strip()
            backend = "messages" if name.startswith("claude") else "local"
            if name in ("scripted", "recorded"):
                backend, name = name, ""
        if not name and backend != "scripted":
            raise ValueError(f"{text!r} names no model; write {backend}:NAME")
        return cls(backend, name, adapter, sampling or Sampling(), dict(options or {}))

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Reads what :meth:`to_json` gave."""
        return cls(**{**data, "sampling": Sampling(**data["sampling"])})

    def __str__(self) -> str:
        adapter = f"+{self.adapter}" if self.adapter else ""
        return f"{self.backend}:{self.name}{adapter}".removesuffix(":")

"""Settings of a backend that asks a server, from the options of a :class:`ModelSpec`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from agents.model import ModelSetupError, ModelSpec, Sampling
from memory_fs.suggestion import did_you_mean

#: ``auto``: to a server of the user's own always, else only what is not at its neutral value.
SamplingMode = Literal["auto", "always", "never"]


@dataclass(frozen=True)
class ServerOptions:
    """How a server is asked. Models with the same ones share a connection.

    Attributes:
        base_url: Address of the server, such as ``http://localhost:8000``; empty for the
            provider's own.
        api_key_env: The environment variable that holds the key; empty for the provider's usual
            one. A server of the user's own is sent a key only where this names it.
        timeout: Seconds that one try may take, to the end of its answer.
        retries: How often a call is tried again that failed.
        patience: Seconds that a call goes on trying after the server first said that it is busy.
        backoff: Seconds before the first retry; each further one waits twice as long.
        concurrency: Calls at a time, at most.
    """

    base_url: str = ""
    api_key_env: str = ""
    timeout: float = 600.0
    retries: int = 4
    patience: float = 900.0
    backoff: float = 0.5
    concurrency: int = 32

    def __post_init__(self) -> None:
        for name in ("timeout", "patience", "concurrency"):
            if getattr(self, name) <= 0:
                raise ModelSetupError(f"the option {name} is above 0, not {getattr(self, name)}")
        for name in ("retries", "backoff"):
            if getattr(self, name) < 0:
                raise ModelSetupError(f"the option {name} is at least 0, not {getattr(self, name)}")
        if self.base_url and not _is_address(self.base_url):
            raise ModelSetupError(
                f"base_url is an address such as http://localhost:8000, not {self.base_url!r}"
            )


@dataclass(frozen=True)
class RequestOptions:
    """How a model is asked.

    Attributes:
        stream: Whether answers come piece by piece, which keeps a connection alive through long
            ones; None: where an answer may be long.
        cache: What the server is asked to keep of a prompt, at a price of its own: ``system``, the
            static part; ``conversation``, all of it, which pays where a conversation goes on for
            three turns or more; ``off``. Servers that keep prefixes by themselves ignore it, and
            the provider keeps none that is shorter than the model's least, 512 to 4,096 tokens.
        sampling: Whether temperature and top_p are sent: ``auto``, ``always``, ``never``. Newer
            models of the providers refuse them, and a server of the user's own would otherwise take
            them from the model's ``generation_config.json``.
        extra: Further fields of the request's body, as the server names them.
    """

    stream: bool | None = None
    cache: Literal["system", "conversation", "off"] = "system"
    sampling: SamplingMode = "auto"
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            json.dumps(dict(self.extra), allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ModelSetupError(f"the option extra is no JSON: {error}") from None


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (reads it, which fails where it is no number)
    except ValueError:
        return False
    printable = url.isprintable() and " " not in url
    return parts.scheme in ("http", "https") and bool(parts.hostname) and printable


_WORDS = {str: "text", float: "a number", int: "a whole number", bool | None: "true or false"}

#: From how many tokens on an answer counts as long.
LONG_ANSWER = 4096


def read_options(spec: ModelSpec) -> tuple[ServerOptions, RequestOptions]:
    """Reads the options of a model.

    Raises:
        ModelSetupError: There is no such option, or it has the wrong type.
    """
    if spec.adapter:
        raise ModelSetupError(
            f"{spec}: a server loads its adapters itself. With vLLM: --lora-modules "
            f"specialist={spec.adapter}, and then the model is {spec.backend}:specialist"
        )
    kinds: dict[type, dict[str, Any]] = {ServerOptions: {}, RequestOptions: {}}
    hints = {name: (owner, hint) for owner in kinds for name, hint in get_type_hints(owner).items()}
    for name, value in spec.options.items():
        if name not in hints:
            raise ModelSetupError(
                f"{spec} has no option {name!r}.{did_you_mean(name, hints)} There are "
                f"{', '.join(hints)}"
            )
        owner, hint = hints[name]
        if not _fits(value, hint):
            raise ModelSetupError(f"the option {name} is {_words(hint)}, not {value!r:.60}")
        kinds[owner][name] = hint(value) if hint in (int, float) else value
    return ServerOptions(**kinds[ServerOptions]), RequestOptions(**kinds[RequestOptions])


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value is of a type."""
    if hint in (int, float):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and math.isfinite(value) and (hint is float or value == int(value))
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    return isinstance(value, get_origin(hint) if hint not in _WORDS else hint)


def _words(hint: Any) -> str:
    """A type in words."""
    if get_origin(hint) is Literal:
        return f"one of {', '.join(get_args(hint))}"
    return _WORDS.get(hint, "a mapping, as JSON")


def sampling_fields(sampling: Sampling, mode: SamplingMode, own_server: bool) -> dict[str, float]:
    """The fields of a request that say how an answer is sampled."""
    fields = {"temperature": sampling.temperature, "top_p": sampling.top_p}
    if mode == "never":
        return {}
    if mode == "always" or own_server:
        return fields
    return {name: value for name, value in fields.items() if value != 1}

"""Opens the servers that some models need: one for all that share an address and a key."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from urllib.parse import urlsplit

import httpx2

from agents.backends.http.options import RequestOptions, ServerOptions, read_options
from agents.backends.http.server import Server
from agents.model import ModelSetupError, ModelSpec

#: Sent where a server of the user's own wants no key; the SDKs cannot do without one.
NO_KEY = "none"
#: How long a connection may take to be made; a server that is there takes it within a second.
CONNECT_SECONDS = 10.0


class Closable(Protocol):
    """What the SDKs' clients have in common."""

    async def close(self) -> None:
        """Closes the connection."""


Client = TypeVar("Client", bound=Closable)


@dataclass(frozen=True)
class Provider(Generic[Client]):
    """Whose API a backend speaks, and how its SDK is set up.

    Attributes:
        name: How messages name it.
        base_url: The provider's own address.
        base_url_env: The environment variable that may hold another.
        api_key_env: The environment variable that holds its key.
        connect: Makes the SDK's client from an address, a key and a time limit in seconds.
    """

    name: str
    base_url: str
    base_url_env: str
    api_key_env: str
    connect: Callable[[str, str, float], Client]


@dataclass(frozen=True)
class Connection(Generic[Client]):
    """How a model is asked: by which client, through which server.

    Attributes:
        client: The SDK's client.
        server: The server.
        own: Whether it is a server of the user's own, not the provider's.
        request: How the model is asked.
    """

    client: Client
    server: Server
    own: bool
    request: RequestOptions


def time_limits(seconds: float) -> httpx2.Timeout:
    """The time limits of a client: a server that is not there is found out sooner."""
    return httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))


def connect(
    specs: Mapping[str, ModelSpec], provider: Provider[Client]
) -> dict[str, Connection[Client]]:
    """Opens a connection for each model, by role.

    Raises:
        ModelSetupError: An option is wrong, or the key is missing.
    """
    options = {role: read_options(spec) for role, spec in specs.items()}
    addressed = {role: _address(server, provider) for role, (server, _) in options.items()}
    opened: dict[tuple[ServerOptions, _Address], tuple[Client, Server]] = {}
    connections = {}
    for role, (server_options, request_options) in options.items():
        address = addressed[role]
        place = (server_options, address)
        if place not in opened:
            client = provider.connect(address.url, address.key or NO_KEY, server_options.timeout)
            opened[place] = (
                client,
                Server(address.url, server_options, address.key_from, client.close),
            )
        client, server = opened[place]
        server.open()
        connections[role] = Connection(client, server, address.own, request_options)
    return connections


@dataclass(frozen=True)
class _Address:
    url: str
    key: str
    key_from: str
    own: bool


def _address(options: ServerOptions, provider: Provider[Client]) -> _Address:
    """Where the server is and which key it is sent."""
    url = options.base_url or os.environ.get(provider.base_url_env, "") or provider.base_url
    own = urlsplit(url).hostname != urlsplit(provider.base_url).hostname
    # A key of the provider's must not go to an address that somebody typed in beside it.
    name = options.api_key_env or ("" if options.base_url and own else provider.api_key_env)
    key = os.environ.get(name, "").strip() if name else ""
    if not key and (options.api_key_env or not own):
        raise ModelSetupError(
            f"there is no key for {provider.name}: set the environment variable {name}, name "
            "another one with api_key_env=NAME, or name a server of your own with base_url=URL"
        )
    return _Address(url.rstrip("/"), key, name if key else "", own)

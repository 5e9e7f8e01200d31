"""Chat completions, through the openai SDK (the extra ``[openai]``): every other server.

Seeds are passed on; whether they make an answer reproducible is the server's affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from agents.model import ModelSpec

if TYPE_CHECKING:
    from agents.backends.completions.model import CompletionsModel


def open_models(specs: Mapping[str, ModelSpec]) -> dict[str, CompletionsModel]:
    """Opens models by role; those with the same address and key share a connection.

    Args:
        specs: The models by role; for the options see
            :class:`agents.backends.http.options.ServerOptions` and
            :class:`agents.backends.http.options.RequestOptions`.

    Raises:
        ModelSetupError: An option is wrong, or the key is missing.
        ImportError: The SDK is not installed.
    """
    from agents.backends.http.library import require

    require("openai", "openai")
    from agents.backends.completions.model import open_here

    return open_here(specs)

"""The Messages API, through the anthropic SDK: Claude, and servers that speak the same API.

vLLM and llama.cpp do. A conversation's system message is marked for the prompt cache, since it is
the same throughout an episode; the hit rate is ``cached_tokens`` over ``input_tokens`` of the
usage.

The API has no seed: an answer to the same request may be another one each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from agents.model import ModelSpec

if TYPE_CHECKING:
    from agents.backends.messages.model import MessagesModel


def open_models(specs: Mapping[str, ModelSpec]) -> dict[str, MessagesModel]:
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

    require("anthropic", "llm")
    from agents.backends.messages.model import open_here

    return open_here(specs)

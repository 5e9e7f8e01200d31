"""The Messages API, through the anthropic SDK: Claude, and servers that speak the same API.

vLLM and llama.cpp do. A conversation's system message is marked for the prompt cache, since it is
the same throughout an episode; the hit rate is ``cached_tokens`` over ``input_tokens`` of the
usage.

The API has no seed: an answer to the same request may be another one each time.
"""

from agents.backends.messages.model import MessagesModel, open_models

__all__ = ["MessagesModel", "open_models"]

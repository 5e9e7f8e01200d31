"""Chat completions, through the openai SDK (the extra ``[openai]``): every other server.

Seeds are passed on; whether they make an answer reproducible is the server's affair.
"""

try:
    import openai
except ImportError as error:  # pragma: no cover
    raise ImportError(
        "models of the completions backend need the openai SDK: pip install 'automem-gym[openai]'"
    ) from error

from agents.backends.completions.model import CompletionsModel, open_models

__all__ = ["CompletionsModel", "open_models"]
del openai

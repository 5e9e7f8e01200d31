"""Settings of local models, as they stand in ``ModelSpec.options``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.model import ModelSetupError
from memory_fs.suggestion import did_you_mean

_CHOICES = {
    "load_in": ("", "4bit", "8bit"),
    "dtype": ("auto", "float32", "bfloat16", "float16"),
    "attention": ("auto", "sdpa", "eager"),
    "weights": ("stored", "random"),
}
_LEAST = {"copies": 1, "context": 16, "batch": 1, "chunk": 16, "cache_bytes": 0, "batch_bytes": 1}


@dataclass(frozen=True)
class LocalOptions:
    """The settings.

    Attributes:
        load_in: ``4bit`` (NF4) or ``8bit`` quantises the base's linear layers with bitsandbytes.
        dtype: Type of weights and sums: ``bfloat16`` on CUDA and MPS where they have it, else
            ``float16`` there, and ``float32`` on the CPU, unless said otherwise.
        device: ``auto`` takes CUDA, else MPS, else the CPU.
        attention: ``auto`` is our own, by which many rows look at one copy of what they begin
            with, for models that can use it; ``sdpa`` and ``eager`` are those of transformers.
        copies: In how many processes the model is opened, for small ones on CPUs; see
            :mod:`agents.backends.local.copies`.
        context: Most tokens of a conversation and its answer; the model's own limit by default.
        batch: Most conversations that are answered at once.
        chunk: Most tokens of prompts that are read between two tokens of running answers.
        cache_bytes: Memory for the keys and values of conversations that may go on. By default
            1 GiB, or on CUDA 35% of what is free beside the weights.
        batch_bytes: Memory for the keys and values of running conversations; those that find no
            room wait. By default no limit, or on CUDA half of what is free beside the weights.
        chat_template: ``chatml``, or a file with a Jinja template; the tokenizer's own by default.
        template_options: Variables for the template, such as ``enable_thinking``.
        any_base: Whether an adapter is taken that names another base, if its shapes fit.
        weights: ``random`` draws weights instead of reading them; for measuring.
        force: For measuring and tests: a model (``scripted``, ``scripted:...``, or a ModelSpec as
            plain data) that writes the answers. All that a model does is still done for each
            token, but the token that was drawn is replaced.
    """

    load_in: str = ""
    dtype: str = "auto"
    device: str = "auto"
    attention: str = "auto"
    copies: int = 1
    context: int | None = None
    batch: int = 32
    chunk: int = 512
    cache_bytes: int | None = None
    batch_bytes: int | None = None
    chat_template: str = ""
    template_options: Mapping[str, Any] = field(default_factory=dict)
    any_base: bool = False
    weights: str = "stored"
    force: str | Mapping[str, Any] = ""

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> LocalOptions:
        """Checks options of a specification.

        Raises:
            ModelSetupError: There is no such option, or its value is none.
        """
        known = [entry.name for entry in dataclasses.fields(cls)]
        for name, value in options.items():
            if name not in known:
                raise ModelSetupError(
                    f"a local model has no option {name!r}.{did_you_mean(name, known)} "
                    f"Known: {', '.join(known)}."
                )
            _check(name, value)
        return cls(**options)

    def of_weights(self) -> dict[str, Any]:
        """What models that share weights must agree on, by name."""
        own = ("chat_template", "template_options", "context", "any_base", "force")
        return {key: value for key, value in vars(self).items() if key not in own}


def _check(name: str, value: object) -> None:
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise ModelSetupError(
                f"{name} is one of {', '.join(filter(None, _CHOICES[name]))}, not {value!r}."
                f"{did_you_mean(value, _CHOICES[name])}"
            )
    elif name in _LEAST:
        if value is not None and not (type(value) is int and value >= _LEAST[name]):
            raise ModelSetupError(f"{name} is a number, {_LEAST[name]} or more, not {value!r}")
    elif name == "any_base":
        if not isinstance(value, bool):
            raise ModelSetupError(f"any_base is true or false, not {value!r}")
    elif name == "template_options":
        if not isinstance(value, Mapping):
            raise ModelSetupError(f"template_options is a table of variables, not {value!r}")
    elif not isinstance(value, str | Mapping if name == "force" else str):
        raise ModelSetupError(f"{name} is a text, not {value!r}")

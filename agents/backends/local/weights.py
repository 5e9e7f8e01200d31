"""The base's weights: read once, or drawn, and quantised if so wished."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import torch
from safetensors import SafetensorError
from torch import nn
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

from agents.backends.local.device import choose_device, choose_dtype
from agents.backends.local.options import LocalOptions
from agents.model import ModelSetupError

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


class Base(NamedTuple):
    """A base model.

    Attributes:
        model: The model, on its device.
        tokenizer: Its tokenizer.
        name: What it was called.
    """

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    name: str


def load_base(name: str, options: LocalOptions) -> Base:
    """Loads a base model.

    Args:
        name: A directory, or the id of a model on the Hugging Face Hub.
        options: How.

    Raises:
        ModelSetupError: There is none, or it cannot be loaded so.
    """
    _check_directory(name)
    device = choose_device(options)
    dtype = choose_dtype(options, device)
    try:
        tokenizer = AutoTokenizer.from_pretrained(name)
        if options.weights == "random":
            model = _draw(name, options, device, dtype)
        else:
            model = _read(name, options, device, dtype)
    except torch.OutOfMemoryError as error:
        raise ModelSetupError(
            f"{name} does not fit into the memory of {device}: {error}; load_in=4bit takes a "
            "quarter of what bfloat16 takes, and half of load_in=8bit"
        ) from error
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as error:
        raise ModelSetupError(f"{name} cannot be loaded: {error}") from error
    model.train(False)
    model.requires_grad_(False)
    return Base(model, tokenizer, name)


def weight_bytes(module: nn.Module) -> int:
    """The memory of a model's weights; what is shared counts once.

    What a quantised weight needs beside itself (scales, code books) is counted, too. bitsandbytes
    packs weights anew in the first forward pass, so this is final only after one.
    """
    tensors: list[Any] = [*module.parameters(), *module.buffers()]
    for weight in module.parameters():
        state = getattr(weight, "quant_state", None)
        for part in (state, getattr(state, "state2", None)):
            tensors += vars(part).values() if part is not None else ()
    for part in (*module.parameters(), *(getattr(m, "state", None) for m in module.modules())):
        tensors += [getattr(part, key, None) for key in ("CB", "SCB")]
    storages = (tensor.untyped_storage() for tensor in tensors if isinstance(tensor, torch.Tensor))
    return sum({storage.data_ptr(): storage.nbytes() for storage in storages}.values())


def _check_directory(name: str) -> None:
    path = Path(name).expanduser()
    if path.is_dir():
        if (path / "config.json").exists():
            return
        if (path / "adapter_config.json").exists():
            raise ModelSetupError(
                f"{name} holds an adapter, not a model: name the base that it was trained on as "
                "the model, and this directory as its adapter"
            )
        raise ModelSetupError(f"{name} holds no model: there is no config.json in it")
    if path.exists():
        raise ModelSetupError(f"{name} is a file; name the directory of a model")
    if name.startswith(("/", ".", "~")) or name.count("/") > 1:
        raise ModelSetupError(f"there is no directory {name}")


def _attention(options: LocalOptions) -> str | None:
    return None if options.attention == "auto" else options.attention


def _quantisation(options: LocalOptions, dtype: torch.dtype) -> Any:
    if options.load_in == "4bit":
        # NF4 with quantised scales: what QLoRA (Dettmers et al. 2023) found to lose least.
        return BitsAndBytesConfig(  # type: ignore[no-untyped-call]
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=dtype,
        )
    if options.load_in == "8bit":
        # It would write a line for each layer of each pass, about a cast that does no harm.
        logging.getLogger("bitsandbytes.autograd._functions").setLevel(logging.ERROR)
        return BitsAndBytesConfig(load_in_8bit=True)  # type: ignore[no-untyped-call]
    return None


def _read(
    name: str, options: LocalOptions, device: torch.device, dtype: torch.dtype
) -> PreTrainedModel:
    extra = {"attn_implementation": _attention(options)} if _attention(options) else {}
    model = AutoModelForCausalLM.from_pretrained(
        name,
        dtype=dtype,
        device_map={"": device},
        quantization_config=_quantisation(options, dtype),
        **extra,
    )
    return cast("PreTrainedModel", model)


def _draw(
    name: str, options: LocalOptions, device: torch.device, dtype: torch.dtype
) -> PreTrainedModel:
    """Random weights on the device, layer by layer: a large base never stands there in full."""
    from agents.backends.local.random_weights import random_model

    config = AutoConfig.from_pretrained(name)
    config.dtype = dtype
    if _attention(options):
        config._attn_implementation = _attention(options)
    return random_model(config, str(device), 0, _quantisation(options, dtype))

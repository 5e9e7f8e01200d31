"""Loading LoRA adapters into a base, after checks that say what does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftConfig, PeftModel, set_peft_model_state_dict
from peft.tuners.lora import LoraLayer
from peft.utils import load_peft_weights
from safetensors import SafetensorError
from torch import nn

from agents.backends.local.weights import Base
from agents.model import ModelSetupError

#: What PEFT puts in front of the names of a base's layers.
_PREFIX = "base_model.model."
#: Fields of a LoraConfig that make an adapter more than two small matrices beside a layer, with
#: the values that do not.
_PLAIN = {
    "bias": ("none",),
    "use_dora": (False,),
    "use_qalora": (False,),
    "use_bdlora": (None, False),
    "velora_config": (None,),
    "monteclora_config": (None,),
    "kasa_config": (None,),
    "arrow_config": (None,),
    "modules_to_save": (None, []),
    "target_parameters": (None, []),
    "trainable_token_indices": (None, [], {}),
    "layer_replication": (None,),
    # The others change the base's weights before training begins.
    "init_lora_weights": (True, False, "gaussian", "orthogonal", "eva"),
}


@dataclass(frozen=True)
class Adapter:
    """An adapter that is in the base's layers.

    Attributes:
        name: Its name there.
        path: What it was called.
        invocation: For an activated LoRA, the tokens that turn it on; empty for any other.
    """

    name: str
    path: str
    invocation: tuple[int, ...] = ()

    def begins(self, tokens: list[int]) -> int:
        """From which token of a prompt on the adapter is on.

        An activated LoRA is on from the last place where its invocation stands, as in PEFT
        (``calculate_alora_offsets``); any other one from the beginning.

        Raises:
            ModelSetupError: The invocation stands nowhere, so that the adapter would do nothing.
        """
        count = len(self.invocation)
        if not count:
            return 0
        for place in range(len(tokens) - count, -1, -1):
            if tuple(tokens[place : place + count]) == self.invocation:
                return place
        raise ModelSetupError(
            f"the activated adapter {self.path} would do nothing: the tokens that turn it on, "
            f"{list(self.invocation)}, are not in the prompt; was it trained with another chat "
            "template or tokenizer?"
        )


def load_adapters(base: Base, paths: Mapping[str, bool]) -> dict[str, Adapter]:
    """Puts adapters into the layers of a base.

    Args:
        base: The base, without adapters so far.
        paths: Directories or ids of adapters, and whether each is taken though it names another
            base.

    Returns:
        The adapters by path.

    Raises:
        ModelSetupError: One cannot be had, or does not fit, or cannot share a batch with others.
    """
    adapters: dict[str, Adapter] = {}
    model: PeftModel | None = None
    for number, (path, any_base) in enumerate(paths.items(), 1):
        name = f"adapter{number}"
        config, weights = _read(path, base)
        _check_kind(path, config)
        _check_shapes(path, config, weights, base)
        if not any_base:
            _check_base_name(path, config, base)
        # The weights are all read, so none need be drawn; and not twice in memory.
        config.init_lora_weights = False
        try:
            if model is None:
                model = PeftModel(
                    base.model, config, name, autocast_adapter_dtype=False, low_cpu_mem_usage=True
                )
            else:
                model.add_adapter(
                    name, config, autocast_adapter_dtype=False, low_cpu_mem_usage=True
                )
            done: Any = set_peft_model_state_dict(model, weights, name, low_cpu_mem_usage=True)
        except (ValueError, RuntimeError, NotImplementedError) as error:
            raise _misfit(path, config, base, str(error)) from error
        missing = [key for key in done.missing_keys if f".{name}." in key]
        if wrong := [*done.unexpected_keys, *missing]:
            detail = f"{len(wrong)} of its weights have no place there, or are missing: {wrong[0]}"
            raise _misfit(path, config, base, detail)
        _check_layers(path, name, base.model)
        adapters[path] = Adapter(name, path, tuple(config.alora_invocation_tokens or ()))
    if model is not None:
        model.eval()
        model.requires_grad_(False)
    return adapters


def adapter_bytes(model: nn.Module) -> int:
    """The memory of all adapters in the layers of a base."""
    return sum(weight.nbytes for name, weight in model.named_parameters() if ".lora_" in name)


def _read(path: str, base: Base) -> tuple[LoraConfig, dict[str, torch.Tensor]]:
    directory = Path(path).expanduser()
    if directory.is_dir() and not (directory / "adapter_config.json").exists():
        raise ModelSetupError(f"{path} holds no adapter: there is no adapter_config.json in it")
    try:
        config = PeftConfig.from_pretrained(path)
        weights = load_peft_weights(path, device=str(base.model.device))
    except (OSError, ValueError, TypeError, KeyError, SafetensorError) as error:
        raise ModelSetupError(f"the adapter {path} cannot be read: {error}") from error
    if not isinstance(config, LoraConfig):
        raise ModelSetupError(
            f"the adapter {path} is of the kind {config.peft_type}; only LoRA adapters can answer "
            "in one batch with their base"
        )
    dtype = base.model.dtype
    return config, {key: weight.to(dtype) for key, weight in weights.items()}


def _check_kind(path: str, config: LoraConfig) -> None:
    for field, plain in _PLAIN.items():
        value = getattr(config, field, plain[0])
        if value not in plain:
            raise ModelSetupError(
                f"the adapter {path} has {field}={value!r}, which cannot answer in one batch with "
                "the base; train or convert it as a plain LoRA, or merge it and open the result "
                "as a model of its own"
            )


def _check_shapes(
    path: str, config: LoraConfig, weights: Mapping[str, torch.Tensor], base: Base
) -> None:
    for key, weight in weights.items():
        layer_name, _, part = key.removeprefix(_PREFIX).rpartition(".lora_")
        try:
            layer: nn.Module = base.model.get_submodule(layer_name)
        except AttributeError:
            raise _misfit(path, config, base, f"there is no layer {layer_name}") from None
        side = {"A": ("in_features", 1), "B": ("out_features", 0)}.get(part[:1])
        if side is None or weight.dim() != 2:
            continue
        has, wants = getattr(layer, side[0], None), weight.shape[side[1]]
        if has is not None and has != wants:
            detail = f"its part of {layer_name} has {wants} {side[0]}, the layer {has}"
            raise _misfit(path, config, base, detail)


def _check_base_name(path: str, config: LoraConfig, base: Base) -> None:
    trained = Path(config.base_model_name_or_path or base.name).name.casefold()
    given = Path(base.name).name.casefold()
    # A quantised copy has the name of its original in its own.
    if trained not in given and given not in trained:
        raise ModelSetupError(
            f"the adapter {path} was trained on {config.base_model_name_or_path}, by its own "
            f"account, and the model is {base.name}; pass any_base=true if they are the same"
        )


def outer_layer(name: str, model: nn.Module) -> str:
    """The embedding or output layer that an adapter changes; empty where it changes none.

    Args:
        name: The adapter's name in the model.
        model: The base, with the adapter in its layers.
    """
    head = model.get_output_embeddings()  # type: ignore[operator]
    for place, layer in model.named_modules():
        if not isinstance(layer, LoraLayer):
            continue
        if name in layer.lora_embedding_A or (name in layer.lora_A and layer is head):
            return str(place)
    return ""


def _check_layers(path: str, name: str, model: nn.Module) -> None:
    if place := outer_layer(name, model):
        raise ModelSetupError(
            f"the adapter {path} changes {place}, an embedding or the output layer, which "
            "cannot be done for some rows of a batch only; train it on the layers between"
        )


def _misfit(path: str, config: LoraConfig, base: Base, detail: str) -> ModelSetupError:
    return ModelSetupError(
        f"the adapter {path} does not fit {base.name}: {detail}. It was trained on "
        f"{config.base_model_name_or_path or 'a base that it does not name'}."
    )

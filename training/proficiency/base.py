"""The base that an adapter is trained on: frozen, as the local backend loads it."""

from __future__ import annotations

import inspect
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from peft import LoraConfig, PeftModel, get_peft_model, prepare_model_for_kbit_training
from transformers import AutoModelForCausalLM, AutoTokenizer, set_seed

from agents.backends.local.adapters import outer_layer
from agents.backends.local.chat_format import ChatFormat
from agents.backends.local.device import choose_device
from agents.backends.local.opening import chat_format
from agents.backends.local.options import LocalOptions
from agents.backends.local.place import place
from agents.backends.local.weights import Base, load_base
from agents.model import ModelSetupError, ModelSpec
from training.proficiency.lora_recipe import ALL_LINEAR, LoraRecipe
from training.proficiency.tokens import check_marks, invocation_of
from training.proficiency.undertaking import TrainingError

if TYPE_CHECKING:
    from transformers import PreTrainedModel


class TrainingBase(NamedTuple):
    """A base to train on.

    Attributes:
        model: The model, frozen.
        form: How conversations become tokens, as at inference.
        invocation: What turns an activated LoRA on; empty for any other.
        pad: A token that fills rows up.
        trims: Whether the model can leave out scores, see
            :class:`~training.proficiency.collator.Collator`.
        name: What it was called.
    """

    model: PreTrainedModel
    form: ChatFormat
    invocation: tuple[int, ...]
    pad: int
    trims: bool
    name: str


def local_options(spec: ModelSpec, recipe: LoraRecipe) -> LocalOptions:
    """How the base is loaded for training: the specification's options, with the recipe's type.

    Raises:
        ModelSetupError: There is no such option or device.
    """
    if spec.backend != "local":
        raise ModelSetupError(
            f"{spec.backend}:{spec.name}: an adapter is trained on a local model; name a directory "
            "or the id of weights"
        )
    options = LocalOptions.read({**spec.options, "load_in": recipe.load_in})
    device = choose_device(options)
    if device.type == "cuda" and int(os.environ.get("WORLD_SIZE", "1")) > 1:
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    dtype = recipe.dtype
    if dtype == "auto":
        # float16 would need its gradients scaled: an adapter has little to gain from that.
        whole = device.type != "cuda" or not torch.cuda.is_bf16_supported()
        dtype = "float32" if whole else "bfloat16"
    return replace(options, device=str(device), dtype=dtype)


def open_base(spec: ModelSpec, recipe: LoraRecipe) -> TrainingBase:
    """Loads a base.

    Args:
        spec: The model; its adapter and sampling do not count.
        recipe: How it is trained.

    Raises:
        ModelSetupError: It cannot be loaded so, or its tokenizer cannot say the marks of commands.
        TokenError: Its chat template cannot carry an activated LoRA.
    """
    options = local_options(spec, recipe)
    name = place(spec.name)
    base = _unplaced(name, options) if sharded() else load_base(name, options)
    # A cache makes transformers forget that a row is packed, and nothing is generated here.
    base.model.config.use_cache = False
    for layer in base.model.modules():
        # bitsandbytes packs weights for the CPU's inference in the first evaluation, and lets no
        # gradient through what it packed.
        if hasattr(layer, "support_avx512bf16_for_cpu"):
            setattr(layer, "support_avx512bf16_for_cpu", False)  # noqa: B010 (no field of Module)
    form = chat_format(base, options)
    check_marks(form)
    special = [at for at, it in base.tokenizer.added_tokens_decoder.items() if it.special]
    pad = base.tokenizer.pad_token_id
    return TrainingBase(
        base.model,
        form,
        invocation_of(form, special) if recipe.activated else (),
        pad if isinstance(pad, int) else min(form.stops, default=0),
        "logits_to_keep" in inspect.signature(base.model.forward).parameters,
        name,
    )


def add_adapter(base: TrainingBase, recipe: LoraRecipe) -> PeftModel:
    """Puts a new adapter into a base's layers; nothing else of it is trained.

    Args:
        base: The base; its model is changed.
        recipe: What the adapter is like.

    Raises:
        TrainingError: The base has no such layers, or nobody could play with them changed.
    """
    model: Any = base.model
    if recipe.load_in:
        # The trainer switches checkpoints of activations on, for all bases alike.
        model = prepare_model_for_kbit_training(  # type: ignore[no-untyped-call]
            model, use_gradient_checkpointing=False
        )
    config = LoraConfig(
        task_type="CAUSAL_LM",
        r=recipe.rank,
        # vLLM wants a whole number where it is one.
        lora_alpha=int(recipe.alpha) if recipe.alpha == int(recipe.alpha) else recipe.alpha,  # type: ignore[arg-type]
        lora_dropout=recipe.dropout,
        target_modules=ALL_LINEAR if recipe.targets == (ALL_LINEAR,) else list(recipe.targets),
        alora_invocation_tokens=list(base.invocation) or None,
    )
    set_seed(recipe.seed)
    try:
        found = get_peft_model(model, config)
    except ValueError as error:
        raise TrainingError(f"{base.name} takes no such adapter: {error}") from error
    if place := outer_layer(found.active_adapter, found.get_base_model()):
        raise TrainingError(
            f"targets: {place} is an embedding or the output layer, and no backend that plays the "
            f"pair changes one; name layers between, such as q_proj, or {ALL_LINEAR}"
        )
    return found


def sharded() -> bool:
    """Whether accelerate was told to spread the base over several devices."""
    return any(
        os.environ.get(f"ACCELERATE_USE_{kind}", "false").casefold() in ("true", "1")
        for kind in ("FSDP", "DEEPSPEED")
    )


def _unplaced(name: str, options: LocalOptions) -> Base:
    """A base that accelerate will put into its places: transformers leaves those to it."""
    if options.load_in or options.weights != "stored":
        raise ModelSetupError(
            "a base in shards (FSDP, DeepSpeed) is read as it is stored: leave load_in and weights "
            "away, or train on one device, or with torchrun"
        )
    model = AutoModelForCausalLM.from_pretrained(name, dtype=getattr(torch, options.dtype))
    model.requires_grad_(False)
    return Base(model, AutoTokenizer.from_pretrained(name), name)

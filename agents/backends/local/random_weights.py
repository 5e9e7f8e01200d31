"""Models with random weights, for tests and measurements where no trained ones are at hand.

``python -m agents.backends.local.random_weights DIR --shape 25M`` writes a Qwen2-shaped model, a
tokenizer of its own with Qwen's control tokens and chat format, and a LoRA adapter in
``DIR/adapter``. Such a model writes no commands by itself; see the option ``force`` of
:mod:`agents.backends.local`.

With ``--no-weights`` the base's weights are left out: the option ``weights=random`` of the backend
draws them on the device when the model is opened, where a disk or a host is too small for them.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from agents.backends.local.corpus import texts as own_texts
from agents.backends.local.random_tokenizer import BEGIN, END, END_OF_TEXT, train

if TYPE_CHECKING:
    import torch
    from transformers import (
        PreTrainedConfig,
        PreTrainedModel,
        PreTrainedTokenizerFast,
        Qwen2Config,
    )

#: Shape by name; see ``shapes.toml``.
SHAPES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "shapes.toml").read_text(encoding="utf-8")
)
#: Standard deviation of biases: ``initializer_range`` of Qwen2.
BIAS_STD = 0.02
#: Standard deviation of an adapter's B, which would be zero before training. Large enough that an
#: adapted model of any of the shapes answers differently.
ADAPTER_STD = 0.05
#: The linear layers of a Qwen2 block, all of which an adapter changes.
TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
#: What turns an activated LoRA on: the beginning of an answer.
INVOCATION = f"{BEGIN}assistant\n"


def build(
    directory: str | Path,
    shape: str = "25M",
    seed: int = 0,
    adapter: bool = True,
    *,
    rank: int = 16,
    activated: bool = False,
    weights: bool = True,
    dtype: str | None = None,
    texts: Iterable[str] | None = None,
) -> Path:
    """Writes a random model, its tokenizer and its adapters.

    Args:
        directory: Where to write; made if it is not there.
        shape: One of :data:`SHAPES`.
        seed: The same seed gives the same weights, given the same texts.
        adapter: Whether to write a LoRA adapter of all linear layers into ``adapter/``.
        rank: Rank of the adapters; alpha is twice as much.
        activated: Whether to write an activated LoRA (aLoRA) into ``activated/`` too, which begins
            where an answer begins.
        weights: Whether to write the weights of the base; see the module.
        dtype: Type of the weights, such as ``bfloat16``; the shape's own by default.
        texts: What the tokenizer is trained on; our own texts by default.

    Returns:
        The directory.

    Raises:
        ValueError: There is no such shape.
    """
    if shape not in SHAPES:
        raise ValueError(f"there is no shape {shape!r}; {', '.join(SHAPES)}")
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    entry = SHAPES[shape]
    tokenizer = train(own_texts(seed=seed) if texts is None else texts, entry["vocabulary"])
    tokenizer.save_pretrained(directory)
    config = _config(tokenizer, dtype or entry["dtype"], entry["config"])
    config.architectures = ["Qwen2ForCausalLM"]
    config.save_pretrained(directory)
    if weights:
        random_model(config, "cpu", seed).save_pretrained(directory)
    names = {"adapter": None} if adapter else {}
    if activated:
        names["activated"] = tokenizer.encode(INVOCATION)
    for offset, (name, invocation) in enumerate(names.items(), 1):
        _write_adapter(directory, name, config, rank, invocation, seed + offset)
    return directory


def random_model(
    config: PreTrainedConfig, device: str, seed: int, quantisation: Any = None
) -> PreTrainedModel:
    """Makes a model with random weights, directly on its device and in its type.

    Each weight is drawn, and quantised if so wished, before the next one: the memory that this
    takes is that of the finished model, and of one weight.

    Args:
        config: Its configuration; ``config.dtype`` is the type of its weights.
        device: Where to put it.
        seed: The same seed gives the same weights on the same kind of device.
        quantisation: A configuration of transformers for it, such as a ``BitsAndBytesConfig``.
    """
    import torch
    from accelerate import init_empty_weights  # type: ignore[import-untyped]
    from transformers import AutoModelForCausalLM
    from transformers.quantizers.auto import AutoHfQuantizer

    # Buffers, such as the frequencies of positions, are computed, not drawn.
    with init_empty_weights(include_buffers=False):
        model = AutoModelForCausalLM.from_config(  # type: ignore[no-untyped-call]
            config, dtype=config.dtype
        )
    quantiser = None
    if quantisation is not None:
        quantiser = AutoHfQuantizer.from_config(quantisation, pre_quantized=False)
        quantiser.preprocess_model(model=model, device_map={"": device})
    generator = torch.Generator(device).manual_seed(seed)
    tied = set(model.all_tied_weights_keys)
    for name, empty in list(model.named_parameters()):
        if name in tied:
            continue
        weight = torch.empty(empty.shape, dtype=empty.dtype, device=device)
        fill(weight, name, generator)
        if quantiser is not None and quantiser.param_needs_quantization(model, name):
            operation = quantiser.get_quantize_ops()
            weight = operation.convert({name: weight}, full_layer_name=name, model=model)[name]
        if not isinstance(weight, torch.nn.Parameter):
            weight = torch.nn.Parameter(weight, requires_grad=False)
        module, _, key = name.rpartition(".")
        setattr(model.get_submodule(module), key, weight)
    model.tie_weights()
    for name, buffer in list(model.named_buffers()):
        module, _, key = name.rpartition(".")
        setattr(model.get_submodule(module), key, buffer.to(device))
    if quantiser is not None:
        quantiser.postprocess_model(model)
        model.hf_quantizer = quantiser  # where transformers looks for it, such as before training
    model.eval()
    return cast("PreTrainedModel", model)


def fill(weight: torch.Tensor, name: str, generator: torch.Generator) -> None:
    """Draws one weight in place: ones for a norm, normal numbers for all others.

    A matrix gets a variance of 1 / columns, not the small one of Qwen2's own initialisation, with
    which every answer would be one token again and again, whatever stands in the prompt.

    Args:
        weight: The weight.
        name: Its name in the model.
        generator: Where the numbers come from.
    """
    import torch

    with torch.no_grad():
        if "norm" in name:
            weight.fill_(1.0)
        else:
            std = BIAS_STD if weight.dim() == 1 else weight.shape[-1] ** -0.5
            weight.normal_(0.0, std, generator=generator)


def _config(tokenizer: PreTrainedTokenizerFast, dtype: str, shape: dict[str, Any]) -> Qwen2Config:
    import torch
    from transformers import Qwen2Config

    ids = tokenizer.get_vocab()
    return Qwen2Config(
        **{**shape, "vocab_size": max(shape["vocab_size"], len(tokenizer))},
        rms_norm_eps=1e-6,
        rope_parameters={"rope_type": "default", "rope_theta": 1_000_000.0},
        eos_token_id=ids[END],
        pad_token_id=ids[END_OF_TEXT],
        bos_token_id=None,
        dtype=getattr(torch, dtype),
    )


def _write_adapter(
    directory: Path,
    name: str,
    config: Qwen2Config,
    rank: int,
    invocation: list[int] | None,
    seed: int,
) -> None:
    """Draws an adapter by its shapes alone: the base stays without weights meanwhile."""
    import torch
    from peft import LoraConfig, get_peft_model, get_peft_model_state_dict
    from safetensors.torch import save_file
    from transformers import AutoModelForCausalLM

    lora = LoraConfig(
        task_type="CAUSAL_LM",
        r=rank,
        lora_alpha=2 * rank,
        lora_dropout=0.0,
        target_modules=list(TARGETS),
        base_model_name_or_path=str(directory),
        alora_invocation_tokens=invocation,
    )
    with torch.device("meta"):
        base = AutoModelForCausalLM.from_config(  # type: ignore[no-untyped-call]
            config, dtype=config.dtype
        )
        base.name_or_path = str(directory)
        model = get_peft_model(base, lora, autocast_adapter_dtype=False)
    generator = torch.Generator().manual_seed(seed)
    drawn = {}
    for key, weight in get_peft_model_state_dict(model).items():
        std = ADAPTER_STD if "lora_B" in key else weight.shape[-1] ** -0.5
        drawn[key] = torch.empty_like(weight, device="cpu")
        drawn[key].normal_(0.0, std, generator=generator)
    (directory / name).mkdir(exist_ok=True)
    save_file(drawn, directory / name / "adapter_model.safetensors", {"format": "pt"})
    lora.inference_mode = True
    lora.save_pretrained(str(directory / name))


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m agents.backends.local.random_weights")
    parser.description = "Writes a model with random weights, for tests and measurements."
    parser.add_argument("directory", type=Path)
    parser.add_argument("--shape", choices=list(SHAPES), default="25M")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rank", type=int, default=16, help="rank of the adapters")
    parser.add_argument("--dtype", help="type of the weights, such as bfloat16")
    parser.add_argument("--no-adapter", action="store_true")
    parser.add_argument("--activated", action="store_true", help="an activated LoRA, too")
    parser.add_argument("--no-weights", action="store_true", help="no weights of the base")
    given = parser.parse_args(arguments)
    build(
        given.directory,
        given.shape,
        given.seed,
        not given.no_adapter,
        rank=given.rank,
        activated=given.activated,
        weights=not given.no_weights,
        dtype=given.dtype,
    )
    for path in sorted(given.directory.rglob("*.*")):
        print(f"{path.stat().st_size:>14,}  {path}")


if __name__ == "__main__":
    main()

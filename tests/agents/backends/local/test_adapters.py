import json
import shutil
from pathlib import Path

import pytest
from peft import IA3Config, LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

from agents.backends.local.random_weights import build
from agents.model import Message, ModelSetupError, ModelSpec, Sampling

HELLO = [Message("user", "Where?")]
TARGETS = ["q_proj", "down_proj"]


def specification(base: Path, adapter: Path, **options) -> dict[str, ModelSpec]:
    sampling = Sampling(temperature=0.0, max_tokens=8)
    options = {"device": "cpu", **options}
    return {"agent": ModelSpec("local", str(base), str(adapter), sampling, options)}


def made(base: Path, directory: Path, config) -> Path:
    """An adapter of another kind, as PEFT makes and saves it."""
    get_peft_model(AutoModelForCausalLM.from_pretrained(base), config).save_pretrained(directory)
    return directory


def changed(base: Path, directory: Path, **entries) -> Path:
    """The shipped adapter with another configuration."""
    shutil.copytree(base / "adapter", directory)
    config = json.loads((directory / "adapter_config.json").read_text())
    (directory / "adapter_config.json").write_text(json.dumps({**config, **entries}))
    return directory


def test_an_adapter_for_another_shape_is_explained(base, opened, tmp_path: Path) -> None:
    from agents.backends.local.random_weights import SHAPES

    SHAPES["wide"] = {**SHAPES["tiny"], "config": {**SHAPES["tiny"]["config"], "hidden_size": 96}}
    SHAPES["deep"] = {
        **SHAPES["tiny"],
        "config": {**SHAPES["tiny"]["config"], "num_hidden_layers": 3},
    }
    try:
        for shape in ("wide", "deep"):
            build(tmp_path / shape, shape, texts=["a text"])
    finally:
        del SHAPES["wide"], SHAPES["deep"]
    words = r"does not fit .*tiny: its part of .*_proj has 96 (in|out)_features, the layer 64"
    with pytest.raises(ModelSetupError, match=words):
        opened(specification(base, tmp_path / "wide" / "adapter"))
    with pytest.raises(ModelSetupError, match=r"there is no layer model.layers.2.*trained on"):
        opened(specification(base, tmp_path / "deep" / "adapter"))
    # Fewer layers than the base has: PEFT alone would fill the rest with what it draws.
    with pytest.raises(ModelSetupError, match="have no place there, or are missing"):
        opened(specification(tmp_path / "deep", base / "adapter", any_base=True))


def test_an_adapter_that_names_another_base_is_taken_on_request_only(
    base, opened, tmp_path: Path
) -> None:
    foreign = changed(base, tmp_path / "foreign", base_model_name_or_path="someone/Large-7B")
    with pytest.raises(ModelSetupError, match=r"trained on someone/Large-7B.*any_base=true"):
        opened(specification(base, foreign))
    opened(specification(base, foreign, any_base=True))["agent"].generate(HELLO, 0)


def test_a_quantised_copy_of_its_base_is_no_other_base(base, opened, tmp_path: Path) -> None:
    copy = tmp_path / "tiny-bnb-4bit"
    shutil.copytree(base, copy)
    opened(specification(copy, base / "adapter"))["agent"].generate(HELLO, 0)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (IA3Config(task_type="CAUSAL_LM", target_modules=["k_proj", "down_proj"],
                   feedforward_modules=["down_proj"]), "of the kind .*IA3; only LoRA"),
        (LoraConfig(task_type="CAUSAL_LM", target_modules=TARGETS, use_dora=True), "use_dora=True"),
        (LoraConfig(task_type="CAUSAL_LM", target_modules=TARGETS, bias="all"), "bias='all'"),
        (LoraConfig(task_type="CAUSAL_LM", target_modules=TARGETS, modules_to_save=["lm_head"]),
         r"modules_to_save=\['lm_head'\], which cannot answer in one batch"),
        (LoraConfig(task_type="CAUSAL_LM", target_modules=["lm_head"]), "changes lm_head, an emb"),
        (LoraConfig(task_type="CAUSAL_LM", target_modules=["embed_tokens"]), "changes model.embed"),
    ],
)  # fmt: skip
def test_an_adapter_that_cannot_share_a_batch_is_refused(
    base, opened, tmp_path: Path, config, words
) -> None:
    with pytest.raises(ModelSetupError, match=words):
        opened(specification(base, made(base, tmp_path / "odd", config)))


def test_a_plain_adapter_of_other_layers_and_ranks_is_taken(base, opened, tmp_path: Path) -> None:
    config = LoraConfig(
        task_type="CAUSAL_LM", r=4, target_modules=TARGETS, rank_pattern={"q_proj": 2},
        use_rslora=True, lora_dropout=0.5,
    )  # fmt: skip
    model = opened(specification(base, made(base, tmp_path / "plain", config)))["agent"]
    assert model.generate(HELLO, 0).token_ids


def test_what_is_no_adapter_is_told(base, opened, tmp_path: Path) -> None:
    with pytest.raises(ModelSetupError, match=r"holds no adapter: there is no adapter_config.json"):
        opened(specification(base, tmp_path))
    shutil.copytree(base / "adapter", tmp_path / "torn")
    (tmp_path / "torn" / "adapter_model.safetensors").write_bytes(b"torn")
    with pytest.raises(ModelSetupError, match=r"torn cannot be read"):
        opened(specification(base, tmp_path / "torn"))


def test_an_adapter_of_two_roles_is_loaded_once(base, spec, opened) -> None:
    once = opened({"one": spec("adapter")})["one"].statistics()
    twice = opened({"one": spec("adapter"), "two": spec("adapter")})["one"].statistics()
    both = opened({"one": spec("adapter"), "two": spec("other")})["one"].statistics()
    assert twice.adapter_bytes == once.adapter_bytes > 0
    assert both.adapter_bytes == 2 * once.adapter_bytes

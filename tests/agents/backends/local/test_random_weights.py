import hashlib
import json
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from agents.backends.local.corpus import texts
from agents.backends.local.random_weights import INVOCATION, SHAPES, build, main

TEXTS = ["go north and read the map", "<|ACTION|>north<|END|>", "notes.md: the map"]


def digests(directory: Path) -> dict[str, str]:
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in directory.rglob("*")
        if path.is_file() and path.name != "adapter_config.json"  # which holds the base's path
    }


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    first, again, other = (
        build(tmp_path / name, "tiny", seed, texts=TEXTS)
        for name, seed in (("first", 1), ("again", 1), ("other", 2))
    )
    assert digests(first) == digests(again)
    assert digests(first)["model.safetensors"] != digests(other)["model.safetensors"]


def test_the_tokenizer_reads_qwens_chat_format_and_all_of_unicode(tmp_path: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(build(tmp_path, "tiny", texts=TEXTS))
    text = tokenizer.apply_chat_template(
        [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}],
        tokenize=False,
        add_generation_prompt=True,
    )
    assert text == (
        "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n"
    )
    assert tokenizer.decode(tokenizer.encode("@ ☃ 漢字 🗺")) == "@ ☃ 漢字 🗺"
    ids = tokenizer.encode(text)
    assert ids.count(tokenizer.convert_tokens_to_ids("<|im_end|>")) == 2
    assert tokenizer.eos_token == "<|im_end|>"


def test_an_adapter_changes_the_answer(tmp_path: Path) -> None:
    build(tmp_path, "tiny", texts=TEXTS, activated=True)
    model = AutoModelForCausalLM.from_pretrained(tmp_path)
    tokens = torch.tensor([[3, 4, 5, 6]])
    plain = model(tokens).logits
    adapted = PeftModel.from_pretrained(model, tmp_path / "adapter")
    assert not torch.allclose(adapted(tokens).logits, plain, atol=0.1)
    config = json.loads((tmp_path / "activated" / "adapter_config.json").read_text())
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    assert tokenizer.decode(config["alora_invocation_tokens"]) == INVOCATION


def test_weights_can_be_left_out(tmp_path: Path) -> None:
    main([str(tmp_path), "--shape", "tiny", "--no-weights", "--dtype", "bfloat16"])
    assert not (tmp_path / "model.safetensors").exists()
    assert json.loads((tmp_path / "config.json").read_text())["dtype"] == "bfloat16"
    assert (tmp_path / "adapter" / "adapter_model.safetensors").exists()


@pytest.mark.parametrize(("shape", "billions"), [("25M", 0.0267), ("0.5B", 0.494), ("32B", 32.76)])
def test_the_shapes_have_the_sizes_that_they_are_named_for(shape: str, billions: float) -> None:
    from transformers import Qwen2Config

    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(Qwen2Config(**SHAPES[shape]["config"]))
    assert sum(w.numel() for w in model.parameters()) / 1e9 == pytest.approx(billions, rel=0.01)


def test_an_unknown_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no shape '33B'; tiny, 1M, 25M"):
        build(tmp_path, "33B")


def test_our_texts_are_the_same_each_time_and_hold_what_games_show() -> None:
    assert texts(steps=3, seed=1) == texts(steps=3, seed=1)
    assert any("<|SEARCH|>" in text for text in texts(steps=0))

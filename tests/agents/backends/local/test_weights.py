import gc
import json
import shutil
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

from agents.backends.local import opening
from agents.backends.local.weights import weight_bytes
from agents.model import Message, ModelError, ModelSetupError, ModelSpec, Sampling

HELLO = [Message("user", "Where?")]


@pytest.mark.parametrize("load_in", ["", "4bit", "8bit"])
def test_two_roles_cost_one_base(spec, opened, monkeypatch, load_in: str) -> None:
    bases = []

    def load(*arguments):
        bases.append(original(*arguments))
        return bases[-1]

    original = opening.load_base
    monkeypatch.setattr(opening, "load_base", load)
    options = {"load_in": load_in} if load_in else {}
    alone = opened({"agent": spec(**options)})["agent"]
    pair = opened({"specialist": spec("adapter", **options), "gameplay": spec(**options)})
    for model in (alone, *pair.values()):
        assert model.generate(HELLO, 0).usage.output_tokens > 0
    one, two = (weight_bytes(base.model) for base in bases)
    counts = pair["gameplay"].statistics()
    assert counts.base_bytes == alone.statistics().base_bytes == one
    assert two <= 1.02 * one + counts.adapter_bytes
    saved = load_file(Path(spec("adapter").adapter) / "adapter_model.safetensors")
    assert counts.adapter_bytes == sum(weight.nbytes for weight in saved.values())
    stored = load_file(Path(spec().name) / "model.safetensors")
    linear = sum(w.nbytes for name, w in stored.items() if "_proj.weight" in name)
    rest = sum(w.nbytes for w in stored.values()) - linear
    share = {"": 1.0, "4bit": 1 / 8, "8bit": 1 / 4}[load_in]
    assert counts.base_bytes == pytest.approx(rest + share * linear, rel=0.15)


def test_closing_the_last_model_frees_the_weights(spec, opened, monkeypatch) -> None:
    models = []
    original = opening.load_base

    def load(*arguments):
        base = original(*arguments)
        models.append(weakref.ref(base.model))
        return base

    monkeypatch.setattr(opening, "load_base", load)
    pair = opened({"specialist": spec("adapter"), "gameplay": spec()})
    pair["specialist"].close()
    pair["specialist"].close()
    pair["gameplay"].generate(HELLO, 0)
    pair["gameplay"].close()
    gc.collect()
    assert models[0]() is None
    with pytest.raises(ModelError, match="the model has been closed"):
        pair["gameplay"].generate(HELLO, 0)


def test_types_and_random_weights(spec, opened) -> None:
    bytes_of = {}
    for dtype in ("float32", "bfloat16"):
        for weights in ("stored", "random"):
            model = opened({"agent": spec("adapter", dtype=dtype, weights=weights)})["agent"]
            assert model.generate(HELLO, 0).usage.output_tokens > 0
            bytes_of[dtype, weights] = model.statistics().base_bytes
    assert bytes_of["float32", "stored"] == bytes_of["float32", "random"]
    assert bytes_of["float32", "stored"] == pytest.approx(2 * bytes_of["bfloat16", "random"], 0.01)
    quantised = opened({"agent": spec(weights="random", load_in="4bit")})["agent"]
    assert quantised.statistics().base_bytes < 0.6 * bytes_of["float32", "stored"]
    assert quantised.generate(HELLO, 0).usage.output_tokens > 0


def agent(name: object, **options) -> dict[str, ModelSpec]:
    return {
        "agent": ModelSpec("local", str(name), sampling=Sampling(max_tokens=8), options=options)
    }


def test_what_is_no_model_is_told(base: Path, opened, tmp_path: Path) -> None:
    for name, words in [
        (tmp_path, "holds no model: there is no config.json in it"),
        (base / "adapter", "holds an adapter, not a model: name the base"),
        (base / "config.json", "is a file; name the directory"),
        (tmp_path / "gone", "there is no directory"),
        ("./gone", "there is no directory"),
    ]:
        with pytest.raises(ModelSetupError, match=words):
            opened(agent(name))
    shutil.copytree(base, tmp_path / "torn")
    (tmp_path / "torn" / "model.safetensors").unlink()
    with pytest.raises(ModelSetupError, match="torn cannot be loaded"):
        opened(agent(tmp_path / "torn"))


def test_a_device_that_is_not_there_is_told(base: Path, opened) -> None:
    with pytest.raises(ModelSetupError, match=r"there is no device 'warp'.*leave device away"):
        opened(agent(base, device="warp"))
    if not torch.cuda.is_available():
        with pytest.raises(ModelSetupError, match="there is no device 'cuda:3'"):
            opened(agent(base, device="cuda:3"))


def test_models_of_one_base_must_agree_on_how_it_is_loaded(spec, opened) -> None:
    with pytest.raises(ModelSetupError, match=r"one and two share one base.*load_in: it is ''"):
        opened({"one": spec(), "two": spec("adapter", load_in="4bit")})


def test_a_kind_of_model_that_keeps_no_keys_and_values_is_refused(
    base: Path, opened, tmp_path: Path
) -> None:
    from transformers import AutoTokenizer, MambaConfig, MambaForCausalLM

    AutoTokenizer.from_pretrained(base).save_pretrained(tmp_path)
    config = MambaConfig(vocab_size=512, hidden_size=16, num_hidden_layers=2, state_size=4)
    MambaForCausalLM(config).save_pretrained(tmp_path)
    with pytest.raises(ModelSetupError, match=r"'mamba'.*serve this one with vLLM or llama.cpp"):
        opened(agent(tmp_path, context=128))


def test_a_sliding_window_is_kept(base: Path, opened, tmp_path: Path) -> None:
    """Also longer than the window, and in pieces."""
    shutil.copytree(base, tmp_path / "tiny")
    config = json.loads((base / "config.json").read_text())
    config |= {"use_sliding_window": True, "sliding_window": 7, "max_window_layers": 1}
    config["layer_types"] = ["full_attention", "sliding_attention"]
    (tmp_path / "tiny" / "config.json").write_text(json.dumps(config))
    model = opened(agent(tmp_path / "tiny", chunk=16))["agent"]
    messages = [Message("user", "You see a wall and a door. " * 5)]
    answer = model.generate(messages, 0)
    plain = AutoModelForCausalLM.from_pretrained(tmp_path / "tiny")
    assert plain.config.layer_types[1] == "sliding_attention"
    prompt = opened(agent(tmp_path / "tiny"))["agent"]._chat.prompt(messages).tokens
    ids = torch.tensor([[*prompt, *(answer.token_ids or ())]])
    scores = plain(ids).logits[0, len(prompt) - 1 : -1].log_softmax(-1)
    wanted = [row[token].item() for row, token in zip(scores, answer.token_ids, strict=True)]
    assert answer.logprobs == pytest.approx(wanted, abs=1e-3)


def test_damaged_weights_are_an_error_and_no_answer(base: Path, opened, tmp_path: Path) -> None:
    shutil.copytree(base, tmp_path / "tiny")
    path = tmp_path / "tiny" / "model.safetensors"
    weights = load_file(path)
    weights["model.layers.1.mlp.up_proj.weight"][0, 0] = float("nan")
    save_file(weights, path, {"format": "pt"})
    model = opened(agent(tmp_path / "tiny"))["agent"]
    for _ in range(2):
        with pytest.raises(ModelError, match=r"no numbers \(NaN\): its weights or its adapter"):
            model.generate(HELLO, 0)


@pytest.mark.parametrize("missing", ["transformers", "peft", "torch"])
def test_a_missing_library_names_the_extra(missing: str) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from agents.backends import open_models\n"
        "from agents.model import ModelSpec\n"
        "try:\n    open_models({'agent': ModelSpec('local', 'x')})\n"
        "except ImportError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'automem-gym[llm]'" in done.stdout

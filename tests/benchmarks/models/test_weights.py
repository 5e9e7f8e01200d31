from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agents.model import ModelSpec
from benchmarks.models.weights import weights_digest


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "base"
    (folder / "sub").mkdir(parents=True)
    (folder / "config.json").write_text('{"layers": 2}')
    (folder / "model.safetensors").write_bytes(b"12345678")
    return folder


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    folder = tmp_path / "lora"
    folder.mkdir()
    (folder / "adapter_config.json").write_text('{"r": 8}')
    (folder / "adapter_model.safetensors").write_bytes(b"abcd")
    return folder


def test_only_local_directories_have_a_digest(base: Path, adapter: Path) -> None:
    assert weights_digest(ModelSpec("scripted")) == ""
    assert weights_digest(ModelSpec("messages", str(base))) == ""
    assert weights_digest(ModelSpec("local", "Some/Id")) == ""
    assert weights_digest(ModelSpec("local", str(base)))
    assert weights_digest(ModelSpec("local", "Some/Id", str(adapter)))


def test_every_byte_of_an_adapter_counts(base: Path, adapter: Path) -> None:
    spec = ModelSpec("local", str(base), str(adapter))
    before = weights_digest(spec)
    assert before != weights_digest(replace(spec, adapter=""))
    assert before == weights_digest(spec)
    (adapter / "adapter_model.safetensors").write_bytes(b"abce")
    assert weights_digest(spec) != before


def test_of_a_base_names_and_sizes_of_weights_count_and_all_else(base: Path) -> None:
    spec = ModelSpec("local", str(base))
    before = weights_digest(spec)
    (base / ".cache").mkdir()
    (base / ".cache" / "x").write_text("hidden")
    (base / "model.safetensors").write_bytes(b"87654321")
    assert weights_digest(spec) == before
    (base / "model.safetensors").write_bytes(b"123456789")
    longer = weights_digest(spec)
    assert longer != before
    (base / "config.json").write_text('{"layers": 3}')
    assert weights_digest(spec) != longer


def test_an_adapter_in_a_folder_of_its_base_is_none_of_the_base(base: Path) -> None:
    gameplay = ModelSpec("local", str(base))
    specialist = replace(gameplay, adapter=str(base / "sub"))
    before = weights_digest(gameplay), weights_digest(specialist)
    (base / "sub" / "deeper").mkdir()
    (base / "sub" / "deeper" / "adapter_model.safetensors").write_bytes(b"abcd")
    assert weights_digest(gameplay) == before[0]
    assert weights_digest(specialist) != before[1]

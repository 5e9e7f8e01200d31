"""Where models stand: embedded ones by name, checked by their checksums."""

import pytest

from agents.backends.local import place as module
from agents.backends.local.place import CHECKSUMS, checksums, place
from agents.model import ModelSetupError


@pytest.fixture
def embedded(tmp_path, monkeypatch):
    folder = tmp_path / "tiny"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "config.json").write_text("{}")
    (folder / CHECKSUMS).write_text(checksums(folder))
    monkeypatch.setitem(module.EMBEDDED, "tiny", folder)
    return folder


def test_an_embedded_model_is_found_by_name(embedded):
    assert place("tiny") == str(embedded)


def test_directories_have_one_name_and_ids_stay(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "weights").mkdir()
    assert place("weights") == place("./weights") == str(tmp_path / "weights")
    assert place("Qwen/Qwen3-0.6B") == "Qwen/Qwen3-0.6B"
    assert place("") == ""


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_changed_weights_are_refused(embedded, name):
    (embedded / name).write_bytes(b"others")
    with pytest.raises(ModelSetupError, match=f"tiny was changed: {name}"):
        place("tiny")


@pytest.mark.parametrize("name", ["model.safetensors", CHECKSUMS])
def test_a_model_that_is_not_whole_is_told(embedded, name):
    (embedded / name).unlink()
    with pytest.raises(ModelSetupError, match=f"not whole: there is no .*{name}"):
        place("tiny")

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
    (folder / "specialist").mkdir()
    (folder / "specialist" / "weights").write_bytes(b"adapter")
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


@pytest.mark.parametrize(
    "name", ["model.safetensors", "config.json", "specialist/adapter.safetensors"]
)
def test_changed_weights_are_refused(embedded, name):
    (embedded / name).write_bytes(b"others")
    with pytest.raises(ModelSetupError, match=f"tiny was changed: {name}"):
        place("tiny")


def test_a_file_that_is_missing_or_was_added_is_told(embedded):
    (embedded / "config.json").unlink()
    (embedded / "code.py").write_text("")
    (embedded / "specialist" / "hooks.pyc").write_bytes(b"written by Python")
    with pytest.raises(ModelSetupError, match=r"tiny was changed: code\.py, config\.json"):
        place("tiny")


@pytest.mark.parametrize("damage", [None, b"\xff\xfe", b"no checksums"])
def test_a_list_that_cannot_be_read_is_told(embedded, damage):
    (embedded / CHECKSUMS).unlink()
    if damage is not None:
        (embedded / CHECKSUMS).write_bytes(damage)
    with pytest.raises(ModelSetupError, match="install the package anew"):
        place("tiny")


def test_a_directory_of_that_name_is_named_by_its_path(embedded, tmp_path, monkeypatch):
    (tmp_path / "work" / "tiny").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work")
    assert place("tiny") == str(embedded)
    assert place("./tiny") == str(tmp_path / "work" / "tiny")

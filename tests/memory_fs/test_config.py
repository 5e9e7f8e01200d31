import pickle
from typing import Any

import pytest

from memory_fs import MemoryConfig, Quotas


def test_an_unknown_operation_suggests_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"'SERCH', which is no operation\. Did you mean 'SEARCH'"):
        MemoryConfig(vocabulary=("SERCH",))


@pytest.mark.parametrize("value", [0, -1, 1.5, None])
def test_quotas_are_whole_numbers(value: object) -> None:
    with pytest.raises(ValueError, match="quota files is a whole number from 1"):
        Quotas(files=value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"files": {"a": 5}}, "files are names and texts"),
        ({"files": {5: "a"}}, "files are names and texts"),
        ({"quotas": 5}, r"quotas are Quotas\(...\), not 5"),
    ],
)
def test_wrong_types_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        MemoryConfig(**arguments)


def test_a_configuration_travels_to_other_processes() -> None:
    config = MemoryConfig(files={"a": "b"}, vocabulary=("READ",), quotas=Quotas(files=3))
    assert pickle.loads(pickle.dumps(config)) == config


def test_files_cannot_be_changed_behind_its_back() -> None:
    files = {"a": "b"}
    config = MemoryConfig(files=files)
    files["c"] = "d"
    assert dict(config.files) == {"a": "b"}

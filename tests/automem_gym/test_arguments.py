import argparse

import pytest

from automem_gym.arguments import key_value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("task=Corridor-R3", ("task", "Corridor-R3")),
        ("rooms=7", ("rooms", 7)),
        ("rate=0.5", ("rate", 0.5)),
        ("fast=true", ("fast", True)),
        ("path=a=b", ("path", "a=b")),
        ("empty=", ("empty", "")),
    ],
)
def test_values_are_json_or_text(text: str, expected: tuple[str, object]) -> None:
    assert key_value(text) == expected


@pytest.mark.parametrize("text", ["rooms", "=7", "a b=7", ""])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="not of the form KEY=VALUE"):
        key_value(text)

import argparse

import pytest

from automem_gym.arguments import add_key_values, key_value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("task=Corridor-R3", ("task", "Corridor-R3")),
        ("rooms=7", ("rooms", 7)),
        ("rate=0.5", ("rate", 0.5)),
        ("fast=true", ("fast", True)),
        ("area=[9, 9]", ("area", [9, 9])),
        ("path=a=b", ("path", "a=b")),
        ("empty=", ("empty", "")),
    ],
)
def test_values_are_json_or_text(text: str, expected: tuple[str, object]) -> None:
    assert key_value(text) == expected


@pytest.mark.parametrize("text", ["rooms", "=7", "a b=7", "a-b=7", ""])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="not of the form KEY=VALUE"):
        key_value(text)


def test_null_is_refused() -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="leave the argument out"):
        key_value("levels=null")


@pytest.fixture
def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    add_key_values(parser, "--env-arg", "for the environment")
    return parser


def test_an_option_that_stands_several_times_is_one_dictionary(
    parser: argparse.ArgumentParser,
) -> None:
    words = ["--env-arg", "rooms=7", "--env-arg", "task=Corridor-R3"]
    assert parser.parse_args(words).env_arg == {"rooms": 7, "task": "Corridor-R3"}
    assert parser.parse_args([]).env_arg == {}, "nothing stays from one parsing to the next"


def test_a_key_that_stands_twice_is_refused(
    parser: argparse.ArgumentParser, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parser.parse_args(["--env-arg", "rooms=7", "--env-arg", "rooms=8"])
    assert "--env-arg: rooms is given twice" in capsys.readouterr().err

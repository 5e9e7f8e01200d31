"""Prices come from a file, and a wrong file says what is wrong where."""

from pathlib import Path

import pytest

from agents.accounting import Prices
from agents.model import ModelSpec, Usage

OWN = """
[[price]]
models = ["Qwen/*", "claude-opus-5-5"]
input = 1
cached = 0.1
written = 2.0
output = 4.0

[price.long]
above = 100
input = 10.0
cached = 1.0
written = 20.0
output = 40.0
"""


def claude(name: str) -> ModelSpec:
    return ModelSpec("messages", name)


@pytest.mark.parametrize(
    ("name", "cost"),
    [
        # a million tokens each: fresh, cached, written, out
        ("claude-opus-5-5", 4.0 + 0.2 + 5.0 + 20.0),
        ("claude-opus-5", 5.0 + 0.5 + 6.25 + 25.0),
        ("claude-opus-4-5-20251101", 5.0 + 0.5 + 6.25 + 25.0),
        ("claude-sonnet-4-5", 3.0 + 0.3 + 3.75 + 15.0),
        ("claude-fable-5-1", 10.0 + 0.25 + 12.5 + 50.0),
    ],
)
def test_what_is_shipped(name: str, cost: float) -> None:
    usage = Usage(3_000_000, 1_000_000, 1_000_000, 1_000_000)
    assert Prices.load().cost(claude(name), usage) == pytest.approx(cost)


def test_a_long_prompt_may_cost_more() -> None:
    prices = Prices.load()
    short, long = Usage(100_000, 0, 0, 1000), Usage(100_001, 50_000, 0, 1000)
    assert prices.cost(claude("claude-haiku-5-5"), short) == pytest.approx(0.01 + 0.0005)
    expected = (50_001 * 0.5 + 50_000 * 0.05 + 1000 * 2.5) / 1e6
    assert prices.cost(claude("claude-haiku-5-5"), long) == pytest.approx(expected)


def test_a_file_of_ones_own_stands_before_it(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(OWN)
    prices = Prices.load(path)
    usage = Usage(100, 40, 10, 5)
    assert prices.cost(claude("Qwen/Qwen2.5-32B-Instruct"), usage) == pytest.approx(
        (50 * 1 + 40 * 0.1 + 10 * 2 + 5 * 4) / 1e6
    )
    assert prices.cost(claude("claude-opus-5-5"), Usage(101, 0, 0, 0)) == pytest.approx(1010 / 1e6)
    assert prices.cost(claude("claude-opus-5"), Usage(1_000_000)) == 5.0


def test_no_price_is_none_and_not_nothing() -> None:
    assert Prices.load().cost(claude("specialist"), Usage(10, 0, 0, 10)) is None
    assert Prices.load().cost(ModelSpec("completions", "gpt"), Usage(10)) is None


@pytest.mark.parametrize("backend", ["local", "scripted", "recorded"])
def test_what_runs_here_is_free(backend: str) -> None:
    assert Prices.load().cost(ModelSpec(backend, "claude-opus-5-5"), Usage(10**9)) == 0


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[[price]]", "[price", "is no TOML"),
        ("[[price]]", "[[prices]]", "stand in tables"),
        ('models = ["Qwen/*", "claude-opus-5-5"]', 'models = "Qwen"', "price 1: models is a list"),
        ("input = 1\n", "", "price 1 (Qwen/*, claude-opus-5-5): input is missing"),
        ("input = 1\n", "input = -1\n", "input is USD from 0 to 1,000,000, not -1"),
        ("input = 1\n", "input = true\n", "input is USD from 0 to 1,000,000, not True"),
        ("input = 1\n", f"input = {'9' * 400}\n", "input is USD from 0 to 1,000,000, not 999"),
        ("input = 1\n", "input = nan\n", "input is USD from 0 to 1,000,000, not nan"),
        (OWN, "price = [1]", "price 1 is a table [[price]], not 1"),
        (OWN, "price = " + "[" * 5_000, "is no TOML: maximum recursion"),
        ("input = 1\n", "input = 1\ninptu = 1\n", "no 'inptu'. Did you mean 'input'"),
        ("above = 100", "above = 1.5", "long: above is a number of tokens"),
        ("output = 40.0", "", "long: output is missing"),
    ],
)
def test_what_is_wrong_with_a_file(tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = tmp_path / "prices.toml"
    assert old in OWN
    path.write_text(OWN.replace(old, new))
    with pytest.raises(ValueError, match=r"prices\.toml") as caught:
        Prices.load(path)
    assert problem in str(caught.value)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=r"prices\.toml is no UTF-8 text"):
        Prices.load(path)

from __future__ import annotations

import json

import pytest

from agents.accounting import Budget
from training.structure.directory import SearchError
from training.structure.spending import Allowance, Spending


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"seco',
        "[]",
        "{}",
        "\x00\x00",
        '{"seconds": "long"}',
        '{"seconds": NaN}',
        '{"seconds": -1}',
    ],
)
def test_a_damaged_clock_is_told_and_may_be_deleted(tmp_path, text):
    clock = tmp_path / "clock.json"
    clock.write_text(text)
    with pytest.raises(SearchError, match=r"clock.json is damaged: .* if you delete it"):
        Spending(tmp_path, Allowance())
    clock.unlink()
    assert Spending(tmp_path, Allowance()).seconds < 60


def test_the_clock_goes_on_and_is_written_in_one_go(tmp_path, monkeypatch):
    clock = tmp_path / "clock.json"
    clock.write_text('{"seconds": 3600}\n')
    spending = Spending(tmp_path, Allowance())

    def killed(self, target):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", killed)
        with pytest.raises(KeyboardInterrupt):
            spending.save()
    assert clock.read_text() == '{"seconds": 3600}\n'
    spending.save()
    assert 3600 <= Spending(tmp_path, Allowance()).seconds < 3660


@pytest.mark.parametrize("name", ["reviews", "proposals"])
def test_what_a_model_spent_counts_for_all(tmp_path, name):
    spending = Spending(tmp_path, Allowance(usd=1.0, tokens=1_000))
    own = getattr(spending, name)
    usage = {"input_tokens": 100, "output_tokens": 50}
    line = {"episode": "x", "cost": 0.25, "usage": usage, "seconds": 1.0}
    own.write_text(json.dumps(line) + "\n")
    assert spending.calls.cost == 0.25
    # Its own ledger has that in it; for any other one it is gone.
    assert spending.budget(own) == Budget(1.0, 1_000)
    assert spending.budget(tmp_path / "other.jsonl") == Budget(0.75, 850)

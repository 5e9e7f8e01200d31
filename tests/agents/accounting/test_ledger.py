"""Every call is counted once, whatever happens, and a budget stops the next one."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agents.accounting import Account, Budget, Ledger, Prices
from agents.model import (
    BudgetSpentError,
    Completion,
    ModelSetupError,
    ModelSpec,
    ToolCompletion,
    Usage,
)

MODELS = {
    "specialist": ModelSpec("local", "qwen", adapter="lora"),
    "gameplay": ModelSpec("messages", "claude-opus-5-5"),
}
USAGE = Usage(1000, 400, 100, 50)
#: 500 fresh, 400 cached, 100 written, 50 out, at 4, 0.2, 5 and 20 USD a million.
COST = (500 * 4 + 400 * 0.2 + 100 * 5 + 50 * 20) / 1e6
CALL = Completion("text", USAGE, latency=0.25)


def test_sums_by_role_and_model() -> None:
    ledger = Ledger(MODELS)
    assert ledger.record("gameplay", CALL) == pytest.approx(COST)
    assert ledger.record("gameplay", ToolCompletion((), USAGE)) == pytest.approx(COST)
    assert ledger.record("specialist", CALL) == 0
    gameplay = ledger.accounts["gameplay", "messages:claude-opus-5-5"]
    assert gameplay.calls == 2
    assert gameplay.usage == USAGE + USAGE
    assert gameplay.cost == pytest.approx(2 * COST)
    assert gameplay.seconds == 0.25
    assert gameplay.hit_rate == 0.4
    assert ledger.accounts["specialist", "local:qwen+lora"].cost == 0
    assert ledger.total.calls == 3
    assert Account().hit_rate is None
    told = json.loads(json.dumps(ledger.to_json()))
    assert [account["role"] for account in told["accounts"]] == ["gameplay", "specialist"]
    assert told["total"]["usage"]["input_tokens"] == 3000


def test_a_call_without_a_price_is_said_to_be_one() -> None:
    ledger = Ledger({"agent": ModelSpec("messages", "mine")})
    assert ledger.record("agent", CALL) is None
    assert (ledger.total.cost, ledger.total.unpriced) == (0, 1)


def test_a_budget_in_usd_stops_the_next_call() -> None:
    ledger = Ledger(MODELS, budget=Budget(usd=1.5 * COST))
    for _ in range(2):
        ledger.check()
        ledger.record("gameplay", CALL)
    with pytest.raises(BudgetSpentError, match="higher --budget-usd"):
        ledger.check()


def test_a_budget_in_tokens_counts_all_roles() -> None:
    ledger = Ledger(MODELS, budget=Budget(tokens=2100))
    ledger.record("specialist", CALL)
    ledger.check()
    ledger.record("gameplay", CALL)
    with pytest.raises(BudgetSpentError, match=r"2,100 tokens is spent \(2,100 in 2 calls\)"):
        ledger.check()


def test_a_budget_of_nothing_allows_nothing() -> None:
    with pytest.raises(BudgetSpentError):
        Ledger(MODELS, budget=Budget(tokens=0)).check()
    for wrong in ({"usd": -1}, {"usd": float("nan")}, {"tokens": -1}):
        with pytest.raises(ValueError, match="at least 0"):
            Budget(**wrong)


def test_a_budget_in_usd_needs_prices() -> None:
    models = {"agent": ModelSpec("messages", "Qwen/Qwen2.5-32B-Instruct")}
    with pytest.raises(ModelSetupError, match="--prices") as caught:
        Ledger(models, budget=Budget(usd=1))
    assert 'models = ["Qwen/Qwen2.5-32B-Instruct"]' in str(caught.value)
    Ledger(models, budget=Budget(tokens=1))


@pytest.mark.parametrize("name", ["org/model[v1]*", 'the "best"', "a\nb", "m\u00fc\x01", "[!a]?"])
def test_what_is_to_be_written_is_a_price_file_whatever_the_name(tmp_path: Path, name: str) -> None:
    model = ModelSpec("completions", name)
    with pytest.raises(ModelSetupError) as caught:
        Ledger({"agent": model}, budget=Budget(usd=1))
    path = tmp_path / "prices.toml"
    path.write_text(str(caught.value).partition("--prices:\n")[2], encoding="utf-8")
    prices = Prices.load(path)
    assert prices.cost(model, USAGE) == 0
    assert prices.price(ModelSpec("completions", f"{name}x")) is None
    Ledger({"agent": model}, prices, Budget(usd=1))


def test_a_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    first = Ledger.resume(path, MODELS)
    first.record("gameplay", CALL, "Vault seed 1", "plan")
    first.record("specialist", CALL, "Vault seed 1", "log")
    first.close()
    first.close()
    second = Ledger.resume(path, MODELS, budget=Budget(usd=1.5 * COST))
    assert second.accounts == first.accounts
    assert second.total == first.total
    second.check()
    second.record("gameplay", CALL, "Vault seed 2", "plan")
    with pytest.raises(BudgetSpentError):
        second.check()
    second.close()
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["episode"] for line in lines] == ["Vault seed 1", "Vault seed 1", "Vault seed 2"]
    assert lines[1]["model"] == "local:qwen+lora"
    assert lines[1]["routine"] == "log"
    assert "text" not in lines[0]
    with pytest.raises(BudgetSpentError):
        Ledger.resume(path, MODELS, budget=Budget(usd=1.5 * COST)).check()


@pytest.mark.parametrize("torn", [1, 10, 100])
def test_a_torn_last_line_costs_that_line_alone(tmp_path: Path, torn: int) -> None:
    path = tmp_path / "calls.jsonl"
    ledger = Ledger.resume(path, MODELS)
    for _ in range(3):
        ledger.record("gameplay", CALL)
    ledger.close()
    path.write_bytes(path.read_bytes()[:-torn])
    again = Ledger.resume(path, MODELS)
    assert again.total.calls == 2
    again.record("gameplay", CALL)
    again.close()
    assert Ledger.resume(path, MODELS).total.calls == 3


@pytest.mark.parametrize("wrong", ["nonsense", "[]", "{}", '{"usage": {"x": 1}}', "\xff"])
def test_a_file_that_is_no_ledger_is_left_alone(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "calls.jsonl"
    content = f"{wrong}\n".encode("latin-1")
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"calls.jsonl, line 1 is no call"):
        Ledger.resume(path, MODELS)
    assert path.read_bytes() == content


def test_many_threads_count_every_call(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    ledger = Ledger.resume(path, MODELS)
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: ledger.record("gameplay", CALL), range(400)))
    ledger.close()
    assert ledger.total.calls == 400
    assert ledger.total.usage.input_tokens == 400_000
    assert Ledger.resume(path, MODELS).total.calls == 400

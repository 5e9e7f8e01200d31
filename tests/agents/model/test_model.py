"""What travels between agents, backends and processes."""

import pickle

import pytest

from agents.model import (
    BudgetSpentError,
    ContextTooLongError,
    ModelError,
    ModelSetupError,
    Usage,
    call_seed,
)


@pytest.mark.parametrize(
    "failure",
    [
        ModelError("no answer"),
        ModelSetupError("no key"),
        BudgetSpentError("spent"),
        ContextTooLongError(40_000, 32_768),
        ContextTooLongError(),
    ],
)
def test_a_failure_reaches_another_process_as_it_is(failure: ModelError) -> None:
    copy = pickle.loads(pickle.dumps(failure))
    assert type(copy) is type(failure)
    assert str(copy) == str(failure)
    assert vars(copy) == vars(failure)


def test_a_long_conversation_is_told_with_its_numbers() -> None:
    assert "40,000 tokens" in str(ContextTooLongError(40_000, 32_768))
    assert "32,768" in str(ContextTooLongError(40_000, 32_768))


def test_usage_adds_up() -> None:
    total = Usage(10, 4, 2, 3) + Usage(1, 1, 1, 1)
    assert total == Usage(11, 5, 3, 4)
    assert total.tokens == 15


def test_every_call_has_a_seed_of_its_own_and_always_the_same() -> None:
    seeds = {
        call_seed(agent, turn, call)
        for agent in range(5)
        for turn in range(1, 20)
        for call in range(5)
    }
    assert len(seeds) == 5 * 19 * 5
    assert call_seed(1, 2, 3) == call_seed(1, 2, 3)
    assert all(0 <= seed < 2**32 for seed in seeds)

from __future__ import annotations

import pytest

from benchmarks.speed import memory_store
from benchmarks.speed.registry import SUBJECTS
from memory_fs import MemoryStore

SMALL = {"1KB": 1_000, "2KB": 2_000}


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> list[MemoryStore]:
    """Makes everything small; gives the stores that were made."""
    monkeypatch.setattr(memory_store, "SIZES", {**SMALL, "100MB": 3_000})
    monkeypatch.setattr(memory_store, "_MIXED", 200)
    memory_store._costs.cache_clear()
    made: list[MemoryStore] = []

    class Watched(MemoryStore):
        def close(self) -> None:
            if self not in made:
                made.append(self)
                names = {entry.name for entry in self.files()}
                assert names == {"big.md", "small.md", "log.md"}, "new files do not stay"
            super().close()

    monkeypatch.setattr(memory_store, "MemoryStore", Watched)
    return made


@pytest.mark.parametrize("operation", memory_store.OPERATIONS)
def test_a_cost_is_that_of_the_largest_to_the_smallest(
    stores: list[MemoryStore], operation: str
) -> None:
    found = memory_store.cost(0.0, operation)
    assert list(found.details) == ["1KB_us", "2KB_us", "100MB_us"]
    assert all(0 < value < 1e6 for value in found.details.values())
    assert found.value == pytest.approx(found.details["100MB_us"] / found.details["1KB_us"])
    assert len(stores) == 3


def test_the_stores_hold_what_they_are_named_for() -> None:
    for size in SMALL.values():
        with memory_store._store(size) as store:
            assert 0.9 * size < store.entry("big.md").chars < 1.1 * size


def test_the_rare_keyword_is_found_once() -> None:
    with memory_store._store(10_000) as store:
        assert store.search("big.md", memory_store._RARE).total == 1


def test_rates(stores: list[MemoryStore]) -> None:
    for found in (
        memory_store.search_throughput(0.0),
        memory_store.mixed(0.0),
        memory_store.durable(0.0, "operation"),
    ):
        assert found.value > 0
    assert stores[1].entry("log.md").lines > 20, "the mix changes something"
    assert stores[2].config.durability == "operation"
    assert stores[2].entry("log.md").turn >= 20
    assert memory_store.mixed(0.0).details["second_half"] > 0


def test_every_operation_is_a_subject_with_a_bound() -> None:
    bounds = {subject.name: (subject.bound, subject.target) for subject in SUBJECTS}
    for operation in memory_store.OPERATIONS:
        assert bounds[f"store-{operation}"] == ("at most", 2)
    assert bounds["store-throughput"] == ("at least", 200)
    assert bounds["store-mixed"] == ("at least", 30_000)

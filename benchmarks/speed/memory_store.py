"""What the operations of a memory cost: by the size of the memory, in a long row, and on the disk.

All go through ``MemoryStore.execute``, as a player's commands do.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import count
from statistics import median

from benchmarks.speed.subject import Measurement
from memory_fs import MemoryAction, MemoryConfig, MemoryStore, Quotas
from memory_fs.journal import Durability

#: Bytes that a store holds.
SIZES = {"1KB": 1_000, "1MB": 1_000_000, "100MB": 100_000_000}
_ROOM = Quotas(file_chars=1_000_000_000, total_chars=2_000_000_000)
_BIG, _SMALL, _LOG = "big.md", "small.md", "log.md"
_LINE = "key 1: this is a line of the notes\n"
_LINES = "".join(f"key {n}: this is line {n} of the notes\n" for n in range(20))
#: Stands once in the middle of the big file.
_RARE = "zanzibar"
#: How often each operation is done in a round; medians are taken over rounds of medians.
_REPEATS, _FEWEST = 10, 5
#: Small operations of the long row.
_MIXED = 100_000
#: One turn: what a player does with a memory. The log grows, the notes stay as long as they are.
_TURN = (
    MemoryAction("APPEND", _LOG, "one more line of the log"),
    MemoryAction("SEARCH", _SMALL, "line 7"),
    MemoryAction("UPSERT", _SMALL, "written anew", key="key 7"),
    MemoryAction("TAIL", _LOG, "5"),
    MemoryAction("READ", _SMALL),
)
_FEWEST_TURNS = 20

_fresh = count()


def _on(action: MemoryAction) -> Callable[[MemoryStore], list[float]]:
    """Does an action several times; gives the seconds that each took."""
    return lambda store: [_seconds(store, action) for _ in range(_REPEATS)]


def _create(store: MemoryStore) -> list[float]:
    """Under new names; they go again, so that no folder becomes large."""
    names = [f"fresh-{next(_fresh)}.md" for _ in range(_REPEATS)]
    taken = [_seconds(store, MemoryAction("CREATE", name)) for name in names]
    for name in names:
        store.delete(name)
    return taken


def _delete(store: MemoryStore) -> list[float]:
    names = [f"fresh-{next(_fresh)}.md" for _ in range(_REPEATS)]
    for name in names:
        store.write(name, _LINES)
    return [_seconds(store, MemoryAction("DELETE", name)) for name in names]


#: What is measured at each size; the last five on a file that is small at all of them.
OPERATIONS: dict[str, Callable[[MemoryStore], list[float]]] = {
    "append": _on(MemoryAction("APPEND", _BIG, "one more line of the notes")),
    "create": _create,
    "index": _on(MemoryAction("LIST")),
    "tail": _on(MemoryAction("TAIL", _BIG, "5")),
    "search": _on(MemoryAction("SEARCH", _SMALL, "line 7")),
    "read": _on(MemoryAction("READ", _SMALL)),
    "write": _on(MemoryAction("WRITE", _SMALL, _LINES)),
    "upsert": _on(MemoryAction("UPSERT", _SMALL, "written anew", key="key 7")),
    "delete": _delete,
}


def cost(seconds: float, operation: str) -> Measurement:
    """What an operation costs in the largest memory, to the smallest; details in microseconds."""
    found = _costs(seconds)[operation]
    sizes = list(SIZES)
    return Measurement(
        found[sizes[-1]] / found[sizes[0]],
        {f"{size}_us": 1e6 * taken for size, taken in found.items()},
    )


@cache
def _costs(seconds: float) -> dict[str, dict[str, float]]:
    """Seconds of each operation at each size; all in one go, as large stores take time to make."""
    rounds: dict[str, dict[str, list[float]]] = {
        operation: {size: [] for size in SIZES} for operation in OPERATIONS
    }
    with ExitStack() as stores:
        filled = {size: stores.enter_context(_store(chars)) for size, chars in SIZES.items()}
        end = time.perf_counter() + seconds * len(OPERATIONS)
        number = 0
        smallest = next(iter(SIZES))
        while number < _FEWEST or time.perf_counter() < end:
            _fill(filled[smallest], SIZES[smallest])  # appends would make it a larger one
            for operation, measure in OPERATIONS.items():
                for size, store in filled.items():
                    taken = median(measure(store))
                    if number:  # the first round fills caches
                        rounds[operation][size].append(taken)
            number += 1
    return {
        operation: {size: median(taken) for size, taken in by_size.items()}
        for operation, by_size in rounds.items()
    }


def search_throughput(seconds: float) -> Measurement:
    """Megabytes per second of a search for a rare keyword in a file of 100 MB, reading included."""
    size = SIZES["100MB"]
    with _store(size) as store:
        taken: list[float] = []
        end = time.perf_counter() + seconds
        while len(taken) < _FEWEST or time.perf_counter() < end:
            taken.append(_seconds(store, MemoryAction("SEARCH", _BIG, _RARE)))
    return Measurement(size / 1e6 / median(taken), {"ms": 1000 * median(taken)})


def mixed(seconds: float) -> Measurement:
    """Small operations per second over 100,000 of them, mixed at random, without fsync.

    Args:
        seconds: Not used: the count of operations is fixed.

    Returns:
        The rate; ``second_half`` is the time of the second half to that of the first.
    """
    actions = random.Random(0).choices(_TURN, k=_MIXED)
    with _store(0) as store:
        halves = []
        for half in (actions[: _MIXED // 2], actions[_MIXED // 2 :]):
            start = time.perf_counter()
            for action in half:
                store.execute(action)
            halves.append(time.perf_counter() - start)
    return Measurement(_MIXED / sum(halves), {"second_half": halves[1] / halves[0]})


def durable(seconds: float, durability: Durability) -> Measurement:
    """Small operations per second with a durability, five a turn, two of which change something."""
    with _store(0, durability) as store:
        turns, start = 0, time.perf_counter()
        while turns < _FEWEST_TURNS or time.perf_counter() < start + seconds:
            turns += 1
            for place, action in enumerate(_TURN):
                store.execute(action, turns, place)
        taken = time.perf_counter() - start
    return Measurement(turns * len(_TURN) / taken, {"us_per_turn": 1e6 * taken / turns})


@contextmanager
def _store(size: int, durability: Durability = "process") -> Iterator[MemoryStore]:
    """A memory that holds some bytes, and small files beside them."""
    store = MemoryStore(MemoryConfig(quotas=_ROOM, durability=durability))
    try:
        _fill(store, size)
        store.write(_SMALL, _LINES)
        store.write(_LOG, _LINES)
        yield store
    finally:
        store.close()


def _fill(store: MemoryStore, size: int) -> None:
    half = _LINE * (size // 2 // len(_LINE))
    store.write(_BIG, f"{half}{_RARE}\n{half}")


def _seconds(store: MemoryStore, action: MemoryAction) -> float:
    start = time.perf_counter()
    result = store.execute(action)
    taken = time.perf_counter() - start
    if not result.ok:
        raise RuntimeError(str(result))
    return taken

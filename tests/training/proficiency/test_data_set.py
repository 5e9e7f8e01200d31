from collections import Counter

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from training.proficiency.collator import Collator
from training.proficiency.data_set import DataSet
from training.proficiency.packing import PackingError, check_packing, pack
from training.proficiency.tokens import IGNORED, ExampleTokens


def tokens(size: int, routine: str = "log") -> ExampleTokens:
    return ExampleTokens(tuple(range(size)), size - 1, routine)


@given(st.integers(1, 12), st.integers(1, 5), st.sampled_from([0.3, 1.0, 1.5, 2.0, 3.0]))
def test_each_epoch_has_each_row_once_and_whole_steps(count: int, step: int, epochs: float) -> None:
    rows = [(tokens(2 + number),) for number in range(count)]
    data = DataSet(rows, step, epochs, seed=3, blank=[7])
    assert len(data) == data.steps * step
    wanted = max(1, round(epochs * count))
    found = Counter(data[at] for at in range(len(data)))
    blank = found.pop((ExampleTokens((7,), 1, ""),), 0)
    assert sum(found.values()) == wanted
    assert set(found.values()) <= {wanted // count, wanted // count + 1}
    assert blank == len(data) - wanted
    assert data.tokens(0, data.steps) == sum(len(row[0].tokens) * n for row, n in found.items())


def test_the_order_is_the_seeds_and_not_the_same_in_each_epoch() -> None:
    rows = [(tokens(2 + number),) for number in range(20)]
    first, again, other = (DataSet(rows, 4, 2, seed) for seed in (1, 1, 2))
    order = [[data[at] for at in range(40)] for data in (first, again, other)]
    assert order[0] == order[1] != order[2]
    assert order[0][:20] != order[0][20:]


def test_nothing_to_learn_is_told() -> None:
    with pytest.raises(ValueError, match="there is nothing to learn"):
        DataSet([], 1)


@given(st.lists(st.integers(2, 30), min_size=1, max_size=20))
def test_packed_rows_hold_each_example_once_and_no_more_than_fits(sizes: list[int]) -> None:
    examples = [tokens(size) for size in sizes]
    rows = pack(examples, 30)
    assert all(sum(len(it.tokens) for it in row) <= 30 for row in rows)
    assert Counter(it for row in rows for it in row) == Counter(examples)


def test_positions_begin_anew_in_a_packed_row() -> None:
    batch = Collator(pad=9, packed=True)([(tokens(3), tokens(2)), (tokens(2),)])
    assert "attention_mask" not in batch
    assert batch["input_ids"].tolist() == [[0, 1, 2, 0, 1], [0, 1, 9, 9, 9]]
    assert batch["position_ids"].tolist() == [[0, 1, 2, 0, 1], [0, 1, 0, 1, 2]]
    assert batch["labels"].tolist() == [
        [IGNORED, IGNORED, 2, IGNORED, 1],
        [IGNORED, 1, IGNORED, IGNORED, IGNORED],
    ]
    # Where something is learnt, it is predicted one place earlier.
    assert batch["logits_to_keep"].tolist() == [0, 1, 3]
    assert batch["shift_labels"].tolist() == [[IGNORED, 2, 1], [1, IGNORED, IGNORED]]


def test_a_blank_batch_has_a_place_to_compute() -> None:
    batch = Collator(pad=0)([(ExampleTokens((5,), 1, ""),)])
    assert batch["logits_to_keep"].tolist() == [0]
    assert batch["shift_labels"].tolist() == [[IGNORED]]


def test_a_model_that_takes_no_positions_cannot_pack() -> None:
    def measure(batch: dict[str, torch.Tensor]) -> list[float]:
        raise TypeError("forward() got an unexpected keyword argument 'position_ids'")

    with pytest.raises(PackingError, match="takes no position_ids"):
        check_packing(measure, Collator(0, True), [tokens(3)], 1e-7)

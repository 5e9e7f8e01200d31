"""Several processes learn what one does."""

from hypothesis import given
from hypothesis import strategies as st

from training.mini.workers import Worker


@given(st.lists(st.integers(1, 100)), st.integers(1, 4))
def test_each_piece_is_read_by_one_and_all_read_about_as_much(sizes, count):
    pieces = list(enumerate(sizes))
    shares = [Worker(rank, count).share(pieces, lambda piece: piece[1]) for rank in range(count)]
    assert sorted(piece for share in shares for piece in share) == pieces
    loads = [sum(size for _, size in share) for share in shares]
    assert max(loads) - min(loads) <= max(sizes, default=0)


def test_one_alone_sums_nothing():
    assert Worker().sum(1.5) == 1.5

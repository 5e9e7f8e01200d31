from hypothesis import given
from hypothesis import strategies as st

from agents.explorer.terminal.facts import gather, scatter
from agents.explorer.terminal.forms import understood

CELL = st.builds("{},{}".format, st.integers(0, 79), st.integers(0, 21))
NOTES = st.fixed_dictionaries(
    {},
    optional={
        "route": st.lists(CELL, min_size=1).map(" ".join),
        "stood": st.lists(CELL, min_size=1, unique=True).map(" ".join),
        "tried": st.dictionaries(CELL, st.integers(0, 99), min_size=1).map(
            lambda counts: " ".join(f"{cell}={count}" for cell, count in counts.items())
        ),
        "blocked": st.sets(st.tuples(CELL, CELL), min_size=1).map(
            lambda moves: " ".join(f"{start}>{end}" for start, end in moves)
        ),
    },
)


def items(notes):
    return {key: sorted(text.split()) for key, text in notes.items()}


@given(NOTES)
def test_notes_are_read_as_they_were_written(notes):
    assert items(gather(scatter(notes))) == items(notes)


@given(NOTES)
def test_no_two_cells_share_a_line(notes):
    lines = scatter(notes)
    stood = notes.get("stood", "").split()
    assert all("stood" in lines[cell] for cell in stood)


def test_a_cell_of_which_nothing_is_known_is_in_no_list():
    assert gather({"5,5": "-", "6,5": "stood"}) == {"stood": "6,5"}


def test_what_somebody_else_wrote_is_left_out():
    assert understood(gather({"5,5": "haunted; tried=often", "6,5": "stood"})) == {"stood": "6,5"}

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_fs import Match, Query, Refused
from memory_fs.search import search

LOG = b"Stairs are west\nA door is EAST\nlava, east of the door\n\nThe end\n"
LINES = st.lists(st.text("abAB \u00e9\u00c9\u00df", max_size=6), max_size=12)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("east", [2, 3]),
        ("EAST", [2, 3]),
        ("stairs|lava", [1, 3]),
        ("door & east", [2, 3]),
        ("east & lava|end", [3, 5]),
        ("a & a", [1, 2, 3]),
        ("dragon", []),
        ("st\nai", []),
        ("\ud800|east", [2, 3]),
        ("\ud800 & east", []),
    ],
)
def test_lines_are_found(text: str, numbers: list[int]) -> None:
    found = search(LOG, Query.parse(text), 100)
    assert [line.number for line in found.lines] == numbers
    assert found.total == found.shown == len(numbers)


def test_context_stands_around_and_is_not_repeated() -> None:
    found = search(LOG, Query.parse("east ~1"), 100)
    assert found.lines == (
        Match(1, "Stairs are west", False),
        Match(2, "A door is EAST"),
        Match(3, "lava, east of the door"),
        Match(4, "", False),
    )
    assert found.total == 2


def test_the_last_ones_are_shown_and_all_are_counted() -> None:
    content = "".join(f"line {number}\n" for number in range(1, 1001)).encode()
    found = search(content, Query.parse("LINE"), 3)
    assert (found.total, found.shown) == (1000, 3)
    assert [line.number for line in found.lines] == [998, 999, 1000]


def test_alternatives_are_few_and_distinct() -> None:
    assert Query.parse("|".join(["a"] * 500)).alternatives == (("a",),)
    with pytest.raises(Refused, match="17 alternatives; 16 at most"):
        Query.parse("|".join(f"a{n}" for n in range(17)))


def test_empty_alternatives_do_not_count() -> None:
    assert Query.parse("a| & |b & ").alternatives == (("a",), ("b",))


@pytest.mark.parametrize("text", ["", "  ", "|", " & ", " ~3"])
def test_a_query_needs_a_keyword(text: str) -> None:
    with pytest.raises(Refused, match="the keyword is missing"):
        Query.parse(text)


@given(LINES, st.text("abAB\u00e9\u00c9\u00df", min_size=1, max_size=2), st.integers(0, 3))
def test_it_is_what_a_loop_over_the_lines_would_find(
    lines: list[str], word: str, context: int
) -> None:
    content = "".join(f"{line}\n" for line in lines).encode()
    found = search(content, Query(((word,),), context), 100)
    if word.isascii():
        hits = [n for n, line in enumerate(lines, 1) if word.lower() in line.lower()]
    else:
        hits = [n for n, line in enumerate(lines, 1) if word.casefold() in line.casefold()]
    assert [line.number for line in found.lines if line.found] == hits
    near = {n for hit in hits for n in range(hit - context, hit + context + 1)}
    expected = sorted(n for n in near if 1 <= n <= len(lines))
    assert [line.number for line in found.lines] == expected
    assert all(lines[line.number - 1] == line.text for line in found.lines)

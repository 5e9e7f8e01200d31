import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_fs import FIELDS, MemoryAction, Parser, parse

MARKS = [
    "<|END}",
    "<END>",
    "<|ACTION|>",
    "<SEARCH>",
    "</think>",
    "<think>",
    "|",
    "\n",
    "```",
    "<\\",
    "<",
]
TEXTS = st.lists(st.one_of(st.text(max_size=8), st.sampled_from(MARKS)), max_size=6).map("".join)
NAMES = st.text(
    st.characters(exclude_characters="|\n", exclude_categories=["Cs"]), max_size=12
).filter(lambda name: "<|" not in name)


@st.composite
def actions(draw: st.DrawFn) -> MemoryAction:
    op = draw(st.sampled_from(sorted(FIELDS)))
    values = {"file": draw(NAMES), "key": draw(NAMES), "text": draw(TEXTS)}
    values["text"] = values["text"].replace("<|END|>", "")
    return MemoryAction(op, **{field: values[field] for field in FIELDS[op]})


@given(actions())
def test_what_is_printed_is_parsed_back(action: MemoryAction) -> None:
    assert parse(str(action)) == (action,)


@given(st.lists(actions(), max_size=4))
def test_printed_actions_in_a_row_are_parsed_back_in_order(row: list[MemoryAction]) -> None:
    assert parse(" and then\n".join(map(str, row))) == tuple(row)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"op": "FLY", "file": "a|b"}, "holds no"),
        ({"op": "ACTION", "file": "a"}, "no memory operation"),
        ({"op": "", "file": "a"}, "no memory operation"),
        ({"op": "READ", "file": "a\nb"}, "no newline"),
        ({"op": "READ", "file": "a", "text": "b"}, "READ takes no text"),
        ({"op": "UPSERT", "file": "a", "key": "<|b", "text": "c"}, "key holds no"),
        ({"op": "WRITE", "file": "a", "text": "b<|END|>c"}, "closes the command"),
    ],
)
def test_what_cannot_be_printed_is_refused(fields: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MemoryAction(**fields)


def test_a_long_run_of_spaces_is_printed() -> None:
    action = MemoryAction("APPEND", "a", "< " + " " * 500_000 + "</ \n" * 1000)
    assert parse(str(action)) == (action,)


def test_a_name_that_only_others_know_is_text() -> None:
    action = MemoryAction("APPEND", "a", "x\n<NOTE>b|c")
    parser = Parser({**FIELDS, "NOTE": ("file", "text")})
    assert parser.parse(str(action)) == (action,)


def test_fields_are_text() -> None:
    with pytest.raises(TypeError, match=r"MemoryAction\.text is text, not int"):
        MemoryAction("TAIL", "a", 3)  # type: ignore[arg-type]


def test_lower_case_is_the_same_operation() -> None:
    assert MemoryAction("read", "a") == MemoryAction("READ", "a")


def test_a_custom_operation_prints_the_fields_that_it_has() -> None:
    assert str(MemoryAction("MOVE", "a", "b")) == "<|MOVE|>a|b<|END|>"

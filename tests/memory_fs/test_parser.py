import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory_fs import Malformed, MemoryAction, Parser, parse

READ_A, READ_B = MemoryAction("READ", "a"), MemoryAction("READ", "b")
PIECES = [
    *("<|READ|>", "<|END|>", "<|END}", "<END>", "<APPEND>", "<|WRITE|>a|", "<|FLY|>", "<|LIST|>"),
    *(
        "<think>",
        "</think>",
        "a|b",
        "|",
        "\n",
        "```",
        "<|",
        "|>",
        "</READ>",
        "\x00",
        "\ud800",
        "<\\|",
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<|READ|>a<|END|>", [READ_A]),
        ("<READ>a<|END|>", [READ_A]),
        ("<|READ>a<|END}", [READ_A]),
        ("<|read|>a<|end|>", [READ_A]),
        ("<READ>a</READ>", [READ_A]),
        ("<read>a<END>", [READ_A]),
        ("<|READ|>a", [READ_A]),
        ("I look.\n```\n<|READ|>a<|END|>\n```\nThen on.", [READ_A]),
        ("```\n<|READ|>a\n```", [READ_A]),
        ("<|READ|>a<|END|> <|READ|>b", [READ_A, READ_B]),
        ("<|READ|>a\n<|READ|>b<|END|>", [READ_A, READ_B]),
        ("<|READ|>a<|END} and <|READ|>b<|END|>", [READ_A, READ_B]),
        ("<think><|READ|>a<|END|></think><|READ|>b<|END|>", [READ_B]),
        ("<|READ|>a<|END|></think><|READ|>b<|END|>", [READ_B]),
        ("<think>I could <|READ|>a<|END|>", []),
        ("<|APPEND|>a|x < y <|END} z<|END|>", [MemoryAction("APPEND", "a", "x < y <|END} z")]),
        ("<|APPEND|>a|line|with|bars<|END|>", [MemoryAction("APPEND", "a", "line|with|bars")]),
        ("<|UPSERT|>a|(3,4)|tree|old<|END|>", [MemoryAction("UPSERT", "a", "tree|old", "(3,4)")]),
        ("<|TAIL|>a<|END|>", [MemoryAction("TAIL", "a")]),
        ("<|LIST|> <|LIST|><|END|>", [MemoryAction("LIST"), MemoryAction("LIST")]),
        ("<|im_end|> <|assistant|> no command, a<b and <html>", []),
        ("", []),
    ],
)
def test_sloppy_text_is_read_as_it_was_meant(text: str, expected: list[MemoryAction]) -> None:
    assert list(parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<|FLY|>a<|END|>", "no such command; there are SEARCH"),
        ("<|WRITE|>a<|END|>", r"a field is missing; write <\|WRITE\|>file\|text"),
        ("<|SEARCH|>a<|END|>", "a field is missing"),
        ("<|READ|>a|b<|END|>", "file and key hold no"),
    ],
)
def test_a_broken_command_says_what_would_be_right(text: str, problem: str) -> None:
    (found,) = parse(text)
    assert isinstance(found, Malformed)
    with pytest.raises(ValueError, match=problem):
        raise ValueError(found.problem)


@settings(max_examples=1000)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_is_parsed(text: str) -> None:
    for found in parse(text):
        assert isinstance(found, MemoryAction | Malformed)


@pytest.mark.parametrize(
    ("piece", "found"),
    [
        ("<|READ|>", 1),
        ("<|READ|>a<|END}x", 50_000),
        ("<|END|>", 0),
        ("\n<|WRITE|>a|", 66_666),
        ("<|WRITE|>a|<|END} ", 44_444),
        ("<", 0),
        ("<think>", 0),
        ("<" + " " * 100_000, 0),
        ("<|" + "\n" * 100_000 + "READ", 0),
        ("</" + " " * 100_000 + "END", 0),
        ("<|WRITE|>a|" + "\n" * 399_000 + "b", 1),
        ("<|WRITE|>a|" + "`\n" * 199_000 + "b", 1),
        ("<|WRITE|>a|<" + " " * 199_000 + "|", 1),
    ],
)
def test_a_megabyte_of_marks_is_parsed(piece: str, found: int) -> None:
    # Work that grew with the square of the text would take hours here.
    assert len(parse(piece * (800_000 // len(piece)))) == found


def test_custom_operations_are_read_with_their_own_fields() -> None:
    parser = Parser({"MOVE": ("file", "text")})
    assert parser.parse("<|MOVE|>a|b<|END|><|MOVE|>a<|END|>") == (
        MemoryAction("MOVE", "a", "b"),
        MemoryAction("MOVE", "a"),
    )

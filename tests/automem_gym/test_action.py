import pytest
from hypothesis import given
from hypothesis import strategies as st

from automem_gym import GameAction
from automem_gym.action import ActionNames
from automem_gym.command import CommandParser

NAMES = ActionNames(("north", "Move West", "h", "H", "far east", '"', "."))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("north", "north"),
        (" North. ", "north"),
        ("`move west`", "Move West"),
        ("MOVE_WEST", "Move West"),
        ("h", "h"),
        ("H", "H"),
        ('"', '"'),
        (".", "."),
        ("far  east", "far east"),
        ("northwest", None),
        ("", None),
        ("x" * 1_000_000, None),
    ],
)
def test_an_action_is_matched_where_there_is_no_doubt(written: str, meant: str | None) -> None:
    assert NAMES.match(written) == meant


def test_the_hint_names_the_nearest() -> None:
    hint = NAMES.near("norht")
    assert hint.startswith(" Did you mean 'north'? Valid actions are north, Move West")


@given(st.text().map(lambda text: text.strip().replace("<|END|>", "")))
def test_what_is_printed_is_parsed_back(name: str) -> None:
    assert CommandParser(None).read(str(GameAction(name))).action == name


def test_an_action_is_text() -> None:
    with pytest.raises(TypeError, match="name is text, not int"):
        GameAction(3)  # type: ignore[arg-type]

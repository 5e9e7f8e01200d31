import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automem_gym import GameAction, MemoryAction
from automem_gym.action import ActionNames
from automem_gym.command import CommandParser, Commands

PARSER = CommandParser(ActionNames(("north", "south")))
READ = MemoryAction("READ", "a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("north", Commands(action="north")),
        ("```\nNorth\n```", Commands(action="north")),
        ("<|ACTION|>north<|END|>", Commands(action="north")),
        ("<|ACTION|>fly<|END|>", Commands(action="fly")),
        ("<action>south", Commands(action="south")),
        ("<|READ|>a<|END|>", Commands((READ,))),
        ("<|READ|>a<|END|><|ACTION|>north<|END|>", Commands((READ,), "north")),
        (
            "<|ACTION|>north<|END|><|READ|>a<|END|><|ACTION|>south<|END|>",
            Commands(action="north", refused=2),
        ),
        ("<|DONE|>", Commands(done=True)),
        ("<|READ|>a<|END|><|DONE|>", Commands((READ,), done=True)),
        ("<|READ|>a\n<|ACTION|>north<|END|>", Commands((READ,), "north")),
        ("<think><|ACTION|>south<|END|></think><|ACTION|>north<|END|>", Commands(action="north")),
        ("<|ACTION|>south<|END|></think><|ACTION|>north<|END|>", Commands(action="north")),
        ("I shall go north", Commands()),
        ("", Commands()),
        ("north" * 300_000, Commands()),
    ],
)
def test_a_turn_is_read_up_to_its_action(text: str, expected: Commands) -> None:
    assert PARSER.read(text) == expected


def test_dataclasses_are_actions_too() -> None:
    assert PARSER.read(GameAction("north")) == Commands(action="north")
    assert PARSER.read(READ) == Commands((READ,))


@pytest.mark.parametrize("action", [3, None, b"north", ["north"], object()])
def test_anything_else_is_an_error_of_the_caller(action: object) -> None:
    with pytest.raises(TypeError, match=r"an action is text \(str\), a GameAction or"):
        PARSER.read(action)  # type: ignore[arg-type]


def test_without_a_list_of_actions_any_text_is_one() -> None:
    assert CommandParser(None).read("open the door").action == "open the door"


@settings(max_examples=500)
@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert isinstance(PARSER.read(text), Commands)

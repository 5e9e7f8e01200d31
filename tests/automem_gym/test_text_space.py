import copy
import pickle

import pytest

from automem_gym import ActionSpace, GameAction, MemoryAction, TextSpace
from automem_gym.command import CommandParser
from memory_fs import FIELDS, Malformed

READ = {"READ": ("file",)}


def test_contains_unicode_up_to_a_length() -> None:
    space = TextSpace(5)
    assert "é☃\n\x00🎮" in space
    assert "123456" not in space
    assert b"123" not in space
    assert 3 not in space


def test_samples_are_members_and_follow_the_seed() -> None:
    first, second = TextSpace(7, seed=1), TextSpace(7, seed=1)
    samples = [first.sample() for _ in range(20)]
    assert all(sample in first for sample in samples)
    assert samples == [second.sample() for _ in range(20)]
    assert len(set(samples)) > 1


def test_it_is_short_to_print_and_equal_by_value() -> None:
    assert repr(TextSpace(7)) == "TextSpace(7)"
    assert TextSpace(7) == TextSpace(7, seed=3)
    assert TextSpace(7) != TextSpace(8)
    assert ActionSpace(("a",), READ) != ActionSpace(("b",), READ)
    assert ActionSpace((), {}, max_length=7) != TextSpace(7)


def test_there_is_nothing_to_mask() -> None:
    with pytest.raises(ValueError, match="no mask"):
        TextSpace().sample(mask=[1])


def test_actions_sample_valid_commands() -> None:
    operations = {op: FIELDS[op] for op in ("SEARCH", "TAIL", "UPSERT", "LIST")}
    space = ActionSpace(
        ("north", "far east"), {**operations, "NOTE": ("file", "text")}, ("a.md",), seed=1
    )
    parser = CommandParser(None, space.operations)
    kinds = set()
    for _ in range(300):
        sample = space.sample()
        assert sample in space
        if sample in space.actions:
            kinds.add("ACTION")
            continue
        (command,) = parser.read(sample).memory
        assert not isinstance(command, Malformed)
        kinds.add(command.op)
    assert kinds == {"ACTION", "SEARCH", "TAIL", "UPSERT", "LIST", "NOTE"}


def test_actions_contain_the_dataclasses() -> None:
    space = ActionSpace(("north",), {})
    assert GameAction("north") in space
    assert MemoryAction("READ", "a") in space
    assert "anything" in space
    assert 3 not in space


@pytest.mark.parametrize("space", [TextSpace(7), ActionSpace(("a",), READ, ("f",))])
def test_it_travels(space: TextSpace) -> None:
    assert pickle.loads(pickle.dumps(space)) == space
    assert copy.deepcopy(space) == space

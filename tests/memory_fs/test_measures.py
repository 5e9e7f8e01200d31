import pytest

from memory_fs import MemoryAction, MemoryConfig, MemoryStore, Quotas, parse
from memory_fs.measures import Command, Measures, measure


def measured(*turns: tuple[int, str], files: dict[str, str] | None = None) -> Measures:
    """Plays turns, each with the game step in which it is played, and measures them."""
    store = MemoryStore(MemoryConfig(files=files or {}, quotas=Quotas(file_chars=1000)))
    commands = []
    for turn, (step, text) in enumerate(turns, 1):
        for place, action in enumerate(parse(text)):
            result = store.execute(action, turn, place)
            commands.append(Command(turn, place, step, action, result.ok, result.text))
    measures = measure(commands, store.journal, game_steps=10)
    assert measures.chars == sum(entry.chars for entry in store.files())
    store.close()
    return measures


def test_operations_are_counted_by_kind() -> None:
    measures = measured(
        (0, "<|APPEND|>a|x<|END|><|SEARCH|>a|x<|END|><|SEARCH|>a|y<|END|><|READ|>a<|END|>"),
        (1, "<|WRITE|>b|y<|END|><|TAIL|>b<|END|><|COUNT|>b|zz<|END|><|READ|>nothing<|END|>"),
    )
    assert measures.operations == {
        **{"APPEND": 1, "SEARCH": 2, "READ": 1},
        **{"WRITE": 1, "TAIL": 1, "COUNT": 1},
    }
    assert (measures.writes, measures.searches, measures.consultations) == (2, 3, 5)
    assert measures.writes_per_search == pytest.approx(2 / 3)
    assert measures.writes_per_consultation == pytest.approx(2 / 5)
    assert measures.empty_searches == pytest.approx(2 / 3)
    assert measures.refused == 1


def test_growth_is_per_game_step_and_from_the_initial_files() -> None:
    measures = measured((0, "<|APPEND|>a|123456789<|END|>"), files={"a": "1234"})
    assert measures.growth_per_step == 1.0
    assert (measures.chars, measures.peak_chars) == (15, 15)
    measures = measured((0, "<|DELETE|>a<|END|>"), files={"a": "1234"})
    assert (measures.growth_per_step, measures.chars, measures.peak_chars) == (-0.5, 0, 5)


@pytest.mark.parametrize(
    ("text", "redundant", "nearly"),
    [
        ("<|APPEND|>a|One<|END|>", 1, 1),
        ("<|APPEND|>a|one  <|END|>", 0, 1),
        ("<|APPEND|>a|three<|END|>", 0, 0),
        ("<|APPEND|>a|One\nthree<|END|>", 0, 0),
        ("<|WRITE|>a|One\nk: two<|END|>", 1, 1),
        ("<|WRITE|>a|ONE\nK:  two<|END|>", 0, 1),
        ("<|WRITE|>a|One<|END|>", 0, 0),
        ("<|UPSERT|>a|k|two<|END|>", 1, 1),
        ("<|UPSERT|>a|k|TWO<|END|>", 0, 1),
        ("<|UPSERT|>a|k|three<|END|>", 0, 0),
    ],
)
def test_a_write_is_redundant_if_its_lines_were_there(
    text: str, redundant: float, nearly: float
) -> None:
    measures = measured((0, text), files={"a": "One\nk: two"})
    assert (measures.redundant_writes, measures.nearly_redundant_writes) == (redundant, nearly)


def test_consulting_counts_in_the_same_game_step_and_for_files_with_something_in_them() -> None:
    measures = measured(
        (0, "<|READ|>a<|END|><|APPEND|>a|1<|END|>"),  # consulted
        (1, "<|APPEND|>a|2<|END|>"),  # the consultation was a step ago
        (2, "<|APPEND|>new|3<|END|>"),  # there is nothing to consult
        (3, "<|SEARCH|>*|x<|END|>"),
        (3, "<|UPSERT|>a|k|v<|END|>"),  # in an earlier turn of the same step
        files={"a": "x"},
    )
    assert measures.consult_before_write == pytest.approx(2 / 3)


def test_files_that_are_never_read() -> None:
    measures = measured((0, "<|APPEND|>a|1<|END|><|APPEND|>b|1<|END|><|TAIL|>b<|END|>"))
    assert measures.never_read == ("a",)


def test_without_commands_there_is_nothing_to_divide_by() -> None:
    assert measured() == Measures(growth_per_step=0.0)
    assert measured().as_dict()["writes_per_search"] is None


def test_changes_that_no_command_made_are_no_ones_writes() -> None:
    """Those of an operation of the user's own: they count in the growth, and nowhere else."""
    store = MemoryStore(MemoryConfig(files={"a": "one"}))
    store.stamp(1, 0)
    store.append("b", "more")
    store.stamp(1, 1)
    action = parse("<|APPEND|>a|one<|END|>")[0]
    assert isinstance(action, MemoryAction)
    result = store.execute(action, 1, 1)
    store.stamp(1, 1)
    store.append("b", "more and more")
    store.stamp(2, 0)
    store.append("a", "at the end")
    chars = sum(entry.chars for entry in store.files())
    command = Command(1, 1, 0, action, result.ok, result.text)
    measures = measure([command], store.journal, game_steps=1)
    store.close()
    assert (measures.writes, measures.redundant_writes) == (1, 1.0)
    assert (measures.chars, measures.growth_per_step) == (chars, chars - 4)

import pytest

from memory_fs import History, MemoryStore, Refused, parse

TURNS = [
    "<|APPEND|>log|one\ntwo<|END|>",
    "<|UPSERT|>map|a|tree<|END|><|UPSERT|>map|b|water<|END|>",
    "<|UPSERT|>map|a|stump<|END|>",
    "<|WRITE|>log|zero\ntwo\nthree<|END|>",
    "<|READ|>log<|END|>",
    "<|DELETE|>map<|END|>",
    "<|APPEND|>map|new<|END|>",
]


@pytest.fixture
def store():
    store = MemoryStore()
    for turn, text in enumerate(TURNS, 1):
        for place, action in enumerate(parse(text)):
            assert store.execute(action, turn, place).ok
    yield store
    store.close()


def test_the_files_after_any_turn(store: MemoryStore) -> None:
    past = store.history
    assert past.at(0) == {}
    assert past.at(1) == {"log": "one\ntwo\n"}
    assert past.at(2)["map"] == "a: tree\nb: water\n"
    assert past.at(3)["map"] == "a: stump\nb: water\n"
    assert past.at(4) == past.at(5)
    assert past.at(6) == {"log": "zero\ntwo\nthree\n"}
    assert past.at() == past.at(7) == past.at(99)


def test_what_changed_between_two_turns(store: MemoryStore) -> None:
    assert store.history.diff(2, 3) == (
        "--- map (turn 2)\n+++ map (turn 3)\n@@ -1,2 +1,2 @@\n-a: tree\n+a: stump\n b: water\n"
    )
    assert store.history.diff(4, 5) == ""
    assert "--- map (turn 5)\n+++ (no file)" in store.history.diff(5, 6)
    assert "+++ map (now)" in store.history.diff(0)


def test_who_wrote_each_line(store: MemoryStore) -> None:
    origins = [(origin.turn, origin.command, origin.line) for origin in store.history.blame("log")]
    assert origins == [(4, 0, "zero"), (1, 0, "two"), (4, 0, "three")]
    origins = [(o.turn, o.command, o.line) for o in store.history.blame("map", 3)]
    assert origins == [(3, 0, "a: stump"), (2, 1, "b: water")]
    assert [origin.turn for origin in store.history.blame("map")] == [7]
    for name, turn in (("nothing", None), ("map", 1), ("map", 6)):
        with pytest.raises(Refused, match=f"there was no file {name}"):
            store.history.blame(name, turn)


def test_a_rewritten_line_is_one_line_in_the_journal(store: MemoryStore) -> None:
    kinds = [(mutation.kind, mutation.text) for mutation in store.journal if mutation.turn == 3]
    assert kinds == [("splice", "a: stump\n")]


def test_a_history_needs_no_store(store: MemoryStore) -> None:
    assert History(list(store.journal)).at() == store.history.at()


def test_a_renamed_file_keeps_its_past(store: MemoryStore) -> None:
    store.stamp(8, 0)
    store.rename("log", "old/log")
    store.stamp(9, 0)
    store.append("log", "another")
    assert store.history.at(8).keys() == {"map", "old/log"}
    assert [origin.turn for origin in store.history.blame("old/log")] == [4, 1, 4]
    assert [origin.turn for origin in store.history.blame("log")] == [9]
    assert store.index().split("\n")[1] == "old/log (3 lines, 15 chars, turn 8)"


def test_blame_of_a_large_rewrite_is_bounded() -> None:
    store = MemoryStore()
    for turn in (1, 2):
        store.stamp(turn, 0)
        store.write("big", "first\n" + f"same {turn}\n" * 20_000 + "last")
    origins = store.history.blame("big")
    assert [origins[0].turn, origins[1].turn, origins[-1].turn] == [1, 2, 1]
    store.close()


def test_turns_do_not_go_backwards(store: MemoryStore) -> None:
    store.stamp(3, 0)
    before = store.history.at()
    with pytest.raises(ValueError, match="turn 3 comes after turn 7"):
        store.append("log", "too late")
    assert store.history.at() == before
    assert store.verify() == ()

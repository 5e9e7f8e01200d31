import pytest

from memory_fs import MemoryConfig, MemoryStore, Refused


@pytest.fixture
def store():
    store = MemoryStore(MemoryConfig(files={"Notes.md": "a", "maps/one.md": "b\nc"}))
    yield store
    store.close()


def test_it_tells_lines_characters_and_the_last_turn(store: MemoryStore) -> None:
    store.stamp(1234, 0)
    store.append("maps/one.md", "d" * 2000)
    assert (
        store.index()
        == "Notes.md (1 line, 2 chars)\nmaps/one.md (3 lines, 2,005 chars, turn 1,234)"
    )
    assert [entry.turn for entry in store.files()] == [0, 1234]


@pytest.mark.parametrize("name", ["notes.md", "NOTES.MD", "Maps/two.md", "MAPS"])
def test_names_that_differ_in_case_only_are_refused(store: MemoryStore, name: str) -> None:
    with pytest.raises(Refused, match=r"there is (Notes\.md|maps) already"):
        store.append(name, "x")
    with pytest.raises(Refused):
        store.read(name)


def test_a_name_is_free_again_when_its_file_is_gone(store: MemoryStore) -> None:
    store.delete("maps/one.md")
    store.append("Maps", "x")
    store.delete("Maps")
    store.append("MAPS/one.md", "x")
    assert store.verify() == ()


def test_a_long_list_of_names_is_cut(store: MemoryStore) -> None:
    for number in range(40):
        store.append(f"f{number}", "x")
    with pytest.raises(Refused, match="f17 and 22 more"):
        store.read("zzz")


@pytest.mark.parametrize("name", ["con", "NUL.txt", "a/COM1", "lpt9.md"])
def test_device_names_are_refused(store: MemoryStore, name: str) -> None:
    with pytest.raises(Refused, match="is a device on some systems"):
        store.append(name, "x")

"""Nothing that is planted in the root leads out of it."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_fs import MemoryAction, MemoryConfig, MemoryStore, Refused

#: What stands in a file outside; no answer may hold it.
HIDDEN = "t0p-s3cr3t\n"
NAMES = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            [
                "..",
                ".",
                "/",
                "\\",
                "a",
                "b.md",
                "outside",
                "~",
                "%2e%2e",
                "\x00",
                "\u2025",
                "\uff0e\uff0e",
                "c:",
            ]
        ),
        max_size=8,
    ).map("".join),
)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret").write_text(HIDDEN)
    return folder


@pytest.fixture
def store(tmp_path: Path):
    store = MemoryStore(MemoryConfig(files={"notes.md": "mine"}, root=tmp_path / "root"))
    yield store
    store.close()


def attempts(store: MemoryStore, name: str) -> list[str]:
    """Everything that a player can try with a name; what it answered."""
    answers = []
    for op, values in {
        "READ": {},
        "TAIL": {"text": "3"},
        "SEARCH": {"text": "t0p"},
        "COUNT": {"text": "t0p"},
        "APPEND": {"text": "x"},
        "WRITE": {"text": "x"},
        "UPSERT": {"text": "x", "key": "k"},
        "CREATE": {},
        "DELETE": {},
    }.items():
        try:
            action = MemoryAction(op, name, **values)
        except ValueError:
            continue
        answers.append(store.execute(action).text)
    return answers


def untouched(outside: Path) -> bool:
    return [path.name for path in outside.iterdir()] == ["secret"] and (
        outside / "secret"
    ).read_text() == HIDDEN


@pytest.mark.parametrize("plant", ["symlink", "hardlink", "folder link", "fifo", "folder"])
@pytest.mark.parametrize("name", ["planted", "notes.md", "deep/planted"])
def test_what_is_planted_is_refused(
    store: MemoryStore, outside: Path, plant: str, name: str
) -> None:
    path = store.root / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    target = outside / "secret"
    {
        "symlink": lambda: path.symlink_to(target),
        "hardlink": lambda: path.hardlink_to(target),
        "folder link": lambda: path.symlink_to(outside),
        "fifo": lambda: os.mkfifo(path),
        "folder": lambda: (path / "x").mkdir(parents=True) or (path / "x/y").write_text(HIDDEN),
    }[plant]()
    for answer in [*attempts(store, name), *attempts(store, f"{name}/secret")]:
        assert HIDDEN.strip() not in answer
    assert untouched(outside)


def test_a_folder_that_becomes_a_link_leads_nowhere(store: MemoryStore, outside: Path) -> None:
    store.append("deep/file", "mine")
    (store.root / "deep").rename(store.root / "moved")
    (store.root / "deep").symlink_to(outside)
    for name in ("deep/file", "deep/secret", "deep/new"):
        assert not any(HIDDEN.strip() in answer for answer in attempts(store, name))
    assert untouched(outside)


def test_a_root_that_is_moved_and_replaced_stays_the_same(
    store: MemoryStore, outside: Path
) -> None:
    store.root.rename(store.root.parent / "moved")
    store.root.symlink_to(outside)
    store.append("secret", "mine")
    assert untouched(outside)
    assert (store.root.parent / "moved" / "secret").read_text() == "mine\n"


def test_the_private_folder_cannot_be_a_link(tmp_path: Path, outside: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / ".memory_fs").symlink_to(outside)
    with pytest.raises((Refused, ValueError)):
        MemoryStore(MemoryConfig(root=root))
    assert untouched(outside)


def test_emptying_the_root_follows_no_link(store: MemoryStore, outside: Path) -> None:
    (store.root / "link").symlink_to(outside)
    (store.root / "deep").mkdir()
    (store.root / "deep" / "link").symlink_to(outside)
    store.reset()
    assert untouched(outside)
    assert sorted(path.name for path in store.root.iterdir()) == [".memory_fs", "notes.md"]


@given(NAMES)
def test_no_name_leaves_the_root(name: str) -> None:
    """Free names, on a store whose root lies beside a file that must stay as it is."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / "outside").mkdir()
        (base / "outside" / "secret").write_text(HIDDEN)
        before = sorted(path.relative_to(base) for path in base.rglob("*"))
        store = MemoryStore(MemoryConfig(root=base / "root"))
        attempts(store, name)
        attempts(store, f"../outside/{name}")
        after = sorted(path.relative_to(base) for path in base.rglob("*"))
        assert [path for path in after if path.parts[0] != "root"] == before
        assert untouched(base / "outside")
        store.close()


def test_a_race_for_the_name_never_leaves_the_root(store: MemoryStore, outside: Path) -> None:
    """Another process swaps the file for a link, all the time."""
    child = os.fork()
    if child == 0:
        path, link, mine = store.root / "raced", store.root / "l", store.root / "m"
        try:
            while True:
                link.symlink_to(outside / "secret")
                link.replace(path)
                mine.write_text("mine\n")
                mine.replace(path)
        finally:
            os._exit(1)
    try:
        for _ in range(300):
            for answer in attempts(store, "raced"):
                assert HIDDEN.strip() not in answer
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert untouched(outside)


def test_a_full_disk_is_an_error_that_loses_nothing(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append("notes.md", "second")
    before = store.read("notes.md")
    real, journal = os.pwrite, store.journal._fd

    def full(fd: int, content: bytes, position: int) -> int:
        if fd == journal or bytes(content) == before.encode():
            return real(fd, content, position)
        real(fd, bytes(content)[:3], position)
        raise OSError(28, "No space left on device")

    for change in (
        lambda: store.append("notes.md", "third"),
        lambda: store.write("notes.md", "other text"),
        lambda: store.upsert("notes.md", "k", "v"),
    ):
        monkeypatch.setattr(os, "pwrite", full)
        with pytest.raises(OSError, match="No space left"):
            change()
        monkeypatch.undo()
        assert store.read("notes.md") == before
        assert store.verify() == ()
    store.append("notes.md", "third")
    assert store.verify() == ()


@pytest.mark.parametrize("value", ["a longer value than it was", ""])
def test_a_full_disk_in_a_splice_puts_back_what_was_there(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    before = "first\nk: value\nlast\n"
    store = MemoryStore(MemoryConfig(files={"a": before}))
    real, journal = os.pwrite, store.journal._fd
    failures = []

    def full(fd: int, content: bytes, position: int) -> int:
        if fd == journal or failures:
            return real(fd, content, position)
        assert position == len("first\n"), "what comes before the splice is not written again"
        failures.append(real(fd, bytes(content)[:3], position))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(OSError, match="No space left"):
        store.upsert("a", "k", value)
    monkeypatch.undo()
    assert store.read("a") == before
    assert store.verify() == ()
    store.close()


def test_an_empty_folder_behind_a_link_stays(store: MemoryStore, outside: Path) -> None:
    (outside / "empty" / "below").mkdir(parents=True)
    (store.root / "link").symlink_to(outside)
    for name in ("link/empty", "link", "link/empty/below"):
        assert not store.execute(MemoryAction("CREATE", name)).ok
    assert (outside / "empty" / "below").is_dir()


def test_an_empty_folder_gives_way_to_a_file(store: MemoryStore) -> None:
    (store.root / "deep" / "er" / "est").mkdir(parents=True)
    assert store.execute(MemoryAction("CREATE", "deep/er")).ok
    store.delete("deep/er")
    assert store.execute(MemoryAction("CREATE", "deep")).ok
    assert store.verify() == ()

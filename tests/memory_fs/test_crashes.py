"""What survives the death of the process: every acknowledged operation, and nothing by halves."""

import json
import os
import random
import signal
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from memory_fs import (
    DamagedJournalError,
    MemoryConfig,
    MemoryInUseError,
    MemoryStore,
    Mutation,
    Refused,
)

#: How many processes are killed; MEMORY_KILLS sets another number.
KILLS = int(os.environ.get("MEMORY_KILLS", "200"))
NAMES = ["a", "b.md", "deep/c", "deep/er/d"]


def random_change(store: MemoryStore, choices: random.Random) -> bool:
    """One change of a random kind; tells whether it was made and not refused."""
    name, text = choices.choice(NAMES), "line " * choices.randint(1, 2_000) + "\nend"
    try:
        match choices.randrange(5):
            case 0 | 1:
                store.append(name, text)
            case 2:
                store.write(name, text)
            case 3:
                store.upsert(name, choices.choice("xyz"), text[:200])
            case _:
                store.delete(name)
    except Refused:
        return False
    return True


def work_until_killed(root: Path, seed: int, acknowledge: int) -> None:
    """Changes a memory without end, and acknowledges each change that was made."""
    store = MemoryStore(MemoryConfig(root=root), resume=True)
    choices = random.Random(seed)
    turn = max((mutation.turn for mutation in store.journal), default=0)
    while True:
        turn += 1
        store.stamp(turn, 0)
        if random_change(store, choices):
            os.write(acknowledge, turn.to_bytes(8, "big"))


def test_kill_9_at_any_instant_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    root, choices = tmp_path / "root", random.Random(0)
    mended = 0
    for seed in range(KILLS):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                work_until_killed(root, seed, write)
            finally:
                os._exit(1)
        os.close(write)
        first = os.read(read, 8)
        assert first, "the child died before its first change"
        time.sleep(choices.random() * 0.004)
        os.kill(child, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        acknowledged = first
        while more := os.read(read, 1 << 16):
            acknowledged += more
        os.close(read)
        told = [
            int.from_bytes(acknowledged[at : at + 8], "big")
            for at in range(0, len(acknowledged), 8)
        ]
        store = MemoryStore(MemoryConfig(root=root), resume=True)
        assert store.recovery is not None
        mended += bool(store.recovery.repaired)
        turns = {mutation.turn for mutation in store.journal}
        assert turns >= set(told)
        # At most one change was made and not yet acknowledged.
        assert len([turn for turn in turns if turn > told[-1]]) <= 1
        assert store.verify() == ()
        assert {e.name: store.read(e.name) for e in store.files()} == store.history.at()
        if seed % 8 == 0:
            store.forget()
        store.close()
    # Else the kills would have come between the changes, and would prove nothing.
    assert mended


def test_an_unfinished_record_never_happened(tmp_path: Path) -> None:
    config = MemoryConfig(files={"a": "1"}, root=tmp_path / "root")
    with_all = MemoryStore(config)
    with_all.append("a", "2")
    with_all.append("a", "3")
    with_all.close()
    journal = tmp_path / "root" / ".memory_fs" / "journal"
    whole = journal.read_bytes()
    ends = [at + 1 for at, byte in enumerate(whole) if byte == ord("\n")]
    for length in range(len(whole) + 1):
        journal.write_bytes(whole[:length])
        store = MemoryStore(config, resume=True)
        finished = sum(end <= length for end in ends)
        # Where nothing is left, the initial files are.
        expected = ["1\n", "1\n", "1\n2\n", "1\n2\n3\n"][finished]
        assert store.history.at().get("a", "") == expected
        assert store.verify() == ()
        assert store.recovery is not None
        assert store.recovery.torn_bytes == length - (ends[finished - 1] if finished else 0)
        if store.recovery.torn_bytes:
            assert "dropped an unfinished change" in str(store.recovery)
        store.close()


def test_a_change_that_was_recorded_but_not_made_is_made(tmp_path: Path) -> None:
    config = MemoryConfig(files={"a": "1", "b": "2"}, root=tmp_path / "root")
    store = MemoryStore(config)
    store.journal.append(Mutation(1, 0, "append", "a", "late\n"))
    store.journal.append(Mutation(1, 1, "delete", "b"))
    store.journal.append(Mutation(1, 2, "write", "deep/c", "new\n"))
    assert store.verify() == ("a", "b", "deep/c")
    store.close()
    again = MemoryStore(config, resume=True)
    assert again.history.at() == {"a": "1\nlate\n", "deep/c": "new\n"}
    assert again.verify() == ()
    assert str(again.recovery) == "recovered 5 changes, mended a, b, deep/c"
    assert [(entry.name, entry.turn) for entry in again.files()] == [("a", 1), ("deep/c", 1)]
    again.close()


def test_a_damaged_journal_is_not_guessed_at(tmp_path: Path) -> None:
    config = MemoryConfig(files={"a": "1"}, root=tmp_path / "root")
    store = MemoryStore(config)
    store.append("a", "2")
    store.close()
    journal = tmp_path / "root" / ".memory_fs" / "journal"
    journal.write_bytes(journal.read_bytes().replace(b'"1', b'"7'))
    with pytest.raises(DamagedJournalError, match="line 1 of the journal"):
        MemoryStore(config, resume=True)


def test_a_second_store_on_a_root_is_refused(tmp_path: Path) -> None:
    config = MemoryConfig(files={"a": "1"}, root=tmp_path / "root")
    store = MemoryStore(config)
    for resume in (False, True):
        with pytest.raises(MemoryInUseError, match=f"in use by process {os.getpid()}"):
            MemoryStore(config, resume=resume)
    assert store.read("a") == "1\n"
    store.close()
    MemoryStore(config).close()


@pytest.mark.parametrize("durability", ["process", "turn", "operation"])
def test_every_durability_keeps_the_files(tmp_path: Path, durability: str) -> None:
    config = MemoryConfig(root=tmp_path / "root", durability=durability)
    store = MemoryStore(config)
    for turn in range(1, 5):
        store.stamp(turn, 0)
        store.append("a", f"turn {turn}")
    store.close()
    again = MemoryStore(config, resume=True)
    assert again.tail("a", 1) == ["turn 4"]
    again.close()


SYSCALLS = ("open", "close", "pwrite", "pread", "ftruncate", "unlink", "rename", "replace", "mkdir")
CHANGES = {
    "append": lambda store: store.append("a", "more"),
    "append new": lambda store: store.append("deep/new", "more"),
    "write": lambda store: store.write("a", "x"),
    "splice": lambda store: store.splice("a", 0, 1, "x\ny"),
    "upsert": lambda store: store.upsert("a", "k", "new"),
    "rename": lambda store: store.rename("a", "deep/b"),
    "delete": lambda store: store.delete("a"),
    "forget": lambda store: store.forget(),
    "reset": lambda store: store.reset(),
}


class Fault:
    """An error that comes once, before or after the n-th system call."""

    def __init__(self, error: type[BaseException], at: int) -> None:
        self.error, self.at, self.calls = error, at, 0

    def around(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """A system call that counts, and fails in its turn."""

        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            if self.calls == 2 * self.at + 1:
                raise self.error("before")
            result = real(*args, **kwargs)
            self.calls += 1
            # A call that fails has done nothing; and a descriptor that was opened would leak.
            if self.calls == 2 * self.at + 2 and self.error is not OSError and name != "open":
                raise self.error("after")
            return result

        return call


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError], ids=["interrupt", "failure"])
@pytest.mark.parametrize("change", CHANGES)
def test_whatever_interrupts_a_change_it_is_made_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, error: type[BaseException]
) -> None:
    """The error comes once, before or after each system call of the change in turn."""
    config = MemoryConfig(files={"a": "one\ntwo\nk: old\n\nend", "c": "z"}, root=tmp_path / "root")
    for at in range(200):
        store = MemoryStore(config)
        store.append("c", "later")
        before = store.history.at()
        fault = Fault(error, at)
        with monkeypatch.context() as patched:
            for name in SYSCALLS:
                patched.setattr(os, name, fault.around(name, getattr(os, name)))
            try:
                CHANGES[change](store)
            except error:
                interrupted = True
            else:
                interrupted = False
        now = {entry.name: store.read(entry.name) for entry in store.files()}
        assert store.verify() == ()
        assert store.history.at() == now
        if interrupted:
            assert now in (before, {"a": before["a"], "c": "z\n"})
        store.close()
        again = MemoryStore(config, resume=True)
        assert {entry.name: again.read(entry.name) for entry in again.files()} == now
        again.close()
        if not interrupted and fault.calls < 2 * at:
            return
    pytest.fail("the change never ends")


def test_a_journal_that_somebody_wrote_leads_nowhere(tmp_path: Path) -> None:
    config = MemoryConfig(root=tmp_path / "root")
    MemoryStore(config).close()
    for fields in (
        {"kind": "write", "file": "../victim", "text": "owned\n"},
        {"kind": "rename", "file": "a", "text": "../victim"},
        {"kind": "wat", "file": "a", "text": "owned\n"},
        {"kind": "write", "file": "a", "text": 5},
        {"kind": "splice", "file": "a", "text": "x\n", "line": -1},
        {"kind": "write", "file": "a", "strange": 1},
    ):
        body = json.dumps({"turn": 0, "command": 0, **fields}).encode()
        journal = tmp_path / "root" / ".memory_fs" / "journal"
        journal.write_bytes(b"%08x %b\n" % (zlib.crc32(body), body))
        with pytest.raises(DamagedJournalError):
            MemoryStore(config, resume=True)
    assert [path.name for path in tmp_path.iterdir()] == ["root"]


def test_a_name_can_be_used_after_a_failure_to_make_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MemoryStore(MemoryConfig(root=tmp_path / "root"))
    real, journal = os.pwrite, store.journal._fd

    def full(fd: int, content: bytes, position: int) -> int:
        if fd == journal:
            return real(fd, content, position)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        with pytest.raises(OSError, match="No space left"):
            store.append("new", "x")
    assert store.verify() == ()
    store.append("new", "x")
    assert store.read("new") == "x\n"
    store.close()


def test_a_forked_child_cannot_write_into_the_journal_of_its_parent(tmp_path: Path) -> None:
    store = MemoryStore(MemoryConfig(files={"a": "1"}, root=tmp_path / "root"))
    child = os.fork()
    if child == 0:
        try:
            store.append("a", "child")
        except RuntimeError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    store.append("a", "parent")
    assert store.history.at() == {"a": "1\nparent\n"}
    store.close()


class Machine(RuleBasedStateMachine):
    """A store against a plain dictionary, with crashes and reopenings in between."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.config = MemoryConfig(root=Path(self.folder.name) / "root")
        self.store = MemoryStore(self.config)
        self.model: dict[str, str] = {}
        self.past = [{}]

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def done(self) -> None:
        self.past.append(dict(self.model))

    def start(self) -> None:
        self.store.stamp(len(self.past), 0)

    @rule(name=st.sampled_from(NAMES), text=st.text(st.characters(exclude_categories=["Cs"])))
    def append(self, name: str, text: str) -> None:
        self.start()
        lines = text.strip("\n")
        if lines:
            self.store.append(name, text)
            self.model[name] = f"{self.model.get(name, '')}{lines}\n"
        else:
            with pytest.raises(Refused):
                self.store.append(name, text)
        self.done()

    @rule(name=st.sampled_from(NAMES), text=st.text("ab\n é", max_size=20))
    def write(self, name: str, text: str) -> None:
        self.start()
        self.store.write(name, text)
        self.model[name] = f"{text.strip(chr(10))}\n" if text.strip("\n") else ""
        self.done()

    @rule(name=st.sampled_from(NAMES), key=st.sampled_from("xy"), text=st.text("ab", max_size=3))
    def upsert(self, name: str, key: str, text: str) -> None:
        self.start()
        self.store.upsert(name, key, text)
        new = f"{key}: {text}".rstrip() + "\n"
        lines = self.model.get(name, "").split("\n")[:-1]
        places = [at for at, line in enumerate(lines) if line.startswith(f"{key}:")]
        kept = [f"{line}\n" for at, line in enumerate(lines) if at not in places[1:]]
        if places:
            kept[places[0]] = new
        else:
            kept.append(new)
        whole = "".join(kept)
        # Writing a whole text, as several lines of a key make necessary, trims empty lines around.
        self.model[name] = whole if len(places) < 2 else f"{whole.strip(chr(10))}\n"
        self.done()

    @rule(name=st.sampled_from(NAMES), new=st.sampled_from(NAMES))
    def rename(self, name: str, new: str) -> None:
        self.start()
        if name in self.model and new not in self.model:
            self.store.rename(name, new)
            self.model[new] = self.model.pop(name)
        else:
            with pytest.raises(Refused):
                self.store.rename(name, new)
        self.done()

    @precondition(lambda self: self.model)
    @rule(choice=st.randoms(use_true_random=False))
    def delete(self, choice: random.Random) -> None:
        self.start()
        name = choice.choice(sorted(self.model))
        self.store.delete(name)
        del self.model[name]
        self.done()

    @rule(torn=st.binary(max_size=30).filter(lambda torn: b"\n" not in torn), harm=st.booleans())
    def crash(self, torn: bytes, harm: bool) -> None:
        self.store.close()
        root = Path(self.folder.name) / "root"
        with (root / ".memory_fs" / "journal").open("ab") as journal:
            journal.write(torn)
        if harm and "a" in self.model:
            (root / "a").write_text("half a wri")
        self.store = MemoryStore(self.config, resume=True)

    @rule()
    def forget(self) -> None:
        self.store.forget()
        self.past = [dict(self.model)]

    @invariant()
    def agrees(self) -> None:
        assert {
            entry.name: self.store.read(entry.name) for entry in self.store.files()
        } == self.model
        for entry in self.store.files():
            text = self.model[entry.name]
            assert (entry.lines, entry.chars) == (text.count("\n"), len(text))
        assert self.store.verify() == ()
        for turn in {0, len(self.past) // 2, len(self.past) - 1}:
            assert self.store.history.at(turn) == self.past[turn]


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=min(1_000, settings.default.max_examples * 6 // 10), stateful_step_count=30
)

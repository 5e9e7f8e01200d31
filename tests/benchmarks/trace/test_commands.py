from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from automem_gym import AutoMemEnv
from benchmarks.trace import Trace
from benchmarks.trace.commands import LONG, CommandReader, CommandWriter, answers
from benchmarks.trace.recorder import SCHEMA
from benchmarks.trace.seal import seal
from examples.vault import VaultGame
from memory_fs import MemoryAction, Result

BLOCKS = st.one_of(
    st.sampled_from(["<|READ|>a.md<|END|>", "<|LIST|>", "FLY", ""]), st.text(max_size=20)
)
RESULTS = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from(["one line of many", "another line", ""]), min_size=9).map("\n".join),
)
COMMANDS = st.lists(
    st.builds(
        lambda c, ok, r: {"command": c, "ok": ok, "result": r}, BLOCKS, st.booleans(), RESULTS
    ),
    max_size=4,
)


@given(st.lists(st.tuples(COMMANDS, st.text(max_size=20), st.booleans()), max_size=6))
def test_commands_come_back_as_they_were(turns):
    writer, reader = CommandWriter(), CommandReader(SCHEMA)
    for commands, more, keyframe in turns:
        action = more + "".join(done["command"] for done in commands[:2])
        if keyframe:
            writer.forget()
            reader.forget()
        written = json.loads(json.dumps(writer.write(commands, action)))
        assert reader.read(written, action) == commands


def test_what_stands_in_the_action_is_not_written_again():
    done = {"command": "<|READ|>notes.md<|END|>", "ok": True, "result": "empty"}
    refused = {"command": "FLY", "ok": False, "result": "no such command"}
    action = "now <|READ|>notes.md<|END|>"
    assert CommandWriter().write([done, refused], action) == [
        [[4, 23], "empty"],
        ["FLY", "no such command", False],
    ]


def test_a_long_answer_is_written_as_what_is_new_in_it():
    writer = CommandWriter()
    long = "\n".join(f"line {n} of the notes" for n in range(9))
    assert len(long) >= LONG
    done = {"command": "<|READ|>notes.md<|END|>", "ok": True, "result": long}
    writer.write([done], "")
    ((_, change),) = writer.write([{**done, "result": f"{long}\nnew"}], "")
    assert change == [[0, 9], "new"]


def test_what_an_environment_of_the_users_own_tells_of_a_command_is_kept():
    done = {"command": "look", "ok": True, "result": "a room", "cost": 3}
    written = CommandWriter().write([done], "look")
    assert CommandReader(SCHEMA).read(written, "look") == [done]


FILES = st.sampled_from(["a.md", " b.md", "deep/c.md"])
WORDS = st.text("ab '|\\\n", max_size=6).filter(lambda text: text == text.strip())


@given(
    st.one_of(
        st.builds(MemoryAction, st.sampled_from(["READ", "CREATE", "DELETE"]), FILES),
        st.builds(
            MemoryAction, st.sampled_from(["APPEND", "WRITE", "TAIL", "SEARCH"]), FILES, WORDS
        ),
        st.builds(lambda f, t: MemoryAction("UPSERT", f, t, key="door"), FILES, WORDS),
        st.just(MemoryAction("LIST")),
    ),
    st.booleans(),
)
def test_the_memory_text_is_guessed_from_the_commands(action, ok):
    result = Result(action, ok, "what came\nof it")
    record = {"command": str(action), "ok": ok, "result": result.text}
    if action.file == action.file.strip():
        assert answers([record, record], SCHEMA) == f"{result}\n{result}"


def test_an_environments_memory_text_costs_nothing_beside_its_commands():
    env = AutoMemEnv(VaultGame)
    env.reset(seed=1)
    seen, *_, info = env.step(
        "<|UPSERT|>notes.md|door|shut<|END|><|SEARCH|>notes.md|door<|END|><|FLY|>x<|END|>"
        "<|READ|>nowhere.md<|END|><|LIST|>"
    )
    assert answers(info["commands"], SCHEMA) == seen["memory"]
    env.close()


def test_a_trace_of_schema_3_is_read(tmp_path: Path):
    long = "\n".join(f"line {n} of the notes, which are long" for n in range(9))
    read = "<|READ|>notes.md<|END|>"
    lines = [
        {"schema": 3, "texts": {"observation": "a", "memory": ""}, "info": {}},
        {
            "turn": 1,
            "action": read,
            "reward": 0.0,
            "commands": [{"command": read, "ok": True, "result": long}],
            "texts": {"memory": [f"READ notes.md: {long.splitlines()[0]}", [1, 8]]},
        },
        {
            "turn": 2,
            "action": read,
            "reward": 0.0,
            "commands": [{"command": read, "ok": True, "result": [[0, 9], "new"]}],
            "texts": {"memory": [f"READ notes.md: {long.splitlines()[0]}", [1, 9]]},
        },
        {"turn": 3, "action": "east", "reward": 0.0, "texts": {"memory": [""]}},
        {"complete": True, "turns": 3},
    ]
    path = tmp_path / "trace.jsonl"
    path.write_bytes(b"".join(seal(json.dumps(line).encode()) for line in lines))
    first, second, third = Trace(path).turns()
    assert first.commands == [{"command": read, "ok": True, "result": long}]
    assert first.observation["memory"] == f"READ notes.md: {long}"
    assert second.commands == [{"command": read, "ok": True, "result": f"{long}\nnew"}]
    assert second.observation["memory"] == f"READ notes.md: {long}\nnew"
    assert third.observation == {"observation": "a", "memory": ""}
    assert (third.commands, third.scene) == ([], "")

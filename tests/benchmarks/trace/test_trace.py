from __future__ import annotations

import json
import time
from pathlib import Path

import gymnasium
import pytest

from benchmarks.episode import Episode
from benchmarks.rollout import play
from benchmarks.trace import MemoryReplay, Recorder, Trace, TraceError
from memory_fs import MemoryConfig, Operation

VAULT = "examples.vault:AutoMem-Vault-v0"
EPISODE = Episode(VAULT, 3)
SCRIPT = [
    "<|APPEND|>notes.md|room 1|with a bar<|END|>\n<|READ|>notes.md<|END|><|ACTION|>east<|END|>",
    "<|WRITE|>deep/map.md|\na\nb\n\n<|END|>",
    "<|UPSERT|>deep/map.md|door|shut<|END|><|UPSERT|>deep/map.md|door|open<|END|>",
    "<|DELETE|>notes.md<|END|><|READ|>notes.md<|END|><|FLY|>x<|END|>",
    "nonsense \ud800 text",
    "<|CREATE|>empty.md<|END|><|APPEND|>deep/map.md|<\\|END|> kept<|END|><|DONE|>",
    "<|WRITE|>long.md|" + "\n".join(f"line {n}" for n in range(2000)) + "<|END|>",
    "<|READ|>long.md<|END|><|SEARCH|>long.md|999<|END|>read",
]


def record(path: Path, script=SCRIPT, config: MemoryConfig | None = None, finish: bool = True):
    """Plays a script; gives what the environment showed, turn by turn, and the memory after it."""
    env = gymnasium.make(VAULT, disable_env_checker=True)
    observation, info = env.reset(seed=3, options={"memory": config} if config else None)
    memory = env.unwrapped.memory
    recorder = Recorder(path)
    recorder.start(EPISODE, observation, info, memory)
    shown = []
    for action in script:
        observation, reward, *_, info = env.step(action)
        recorder.turn(action, observation, reward, info)
        files = {entry.name: memory.read(entry.name) for entry in memory.files()}
        shown.append((action, observation, reward, info, files))
    if finish:
        recorder.finish()
    recorder.close()
    env.close()
    return shown


def check(path: Path, shown) -> Trace:
    """Every turn of the trace is as it was shown, the memory as well."""
    trace = Trace(path)
    count = 0
    with MemoryReplay(trace.header) as memory:
        for turn, (action, observation, reward, info, files) in zip(
            trace.turns(), shown, strict=False
        ):
            count += 1
            assert (turn.turn, turn.action, turn.reward) == (count, action, reward)
            assert turn.observation == observation
            assert turn.info == {k: v for k, v in info.items() if k != "surroundings"}
            before = dict(memory.files)
            changed = memory.apply(turn)
            assert memory.files == files
            assert {name for name in {*before, *files} if before.get(name) != files.get(name)} <= {
                *changed
            }
    assert count == len(shown)
    return trace


def test_every_turn_is_rebuilt_with_its_memory(tmp_path):
    path = tmp_path / "trace.jsonl"
    shown = record(path)
    trace = check(path, shown)
    assert trace.header["texts"]["observation"].startswith("You enter the corridor.")
    assert trace.header["info"]["instructions"]
    assert trace.header["memory"]["files"] == {"notes.md": ""}
    list(trace.turns())
    assert (trace.complete, trace.torn) == (True, False)


def test_a_long_episode_crosses_keyframes_and_stays_small(tmp_path):
    path = tmp_path / "trace.jsonl"
    shown = record(path, ["east", "west", "<|APPEND|>notes.md|again<|END|>read"] * 66)
    check(path, shown)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["turn"] for line in lines if line.get("keyframe")] == [100]
    assert path.stat().st_size < 300 * len(shown)


def test_a_torn_last_line_is_told_and_costs_one_turn(tmp_path):
    path = tmp_path / "trace.jsonl"
    shown = record(path, finish=False)
    whole = path.read_bytes()
    cut = len(whole.splitlines(keepends=True)[-1])
    for torn in (1, 10, cut - 1):
        path.write_bytes(whole[:-torn])
        trace = check(path, shown[:-1])
        assert len(list(trace.turns())) == len(shown) - 1
        assert (trace.torn, trace.complete) == (True, False)
    path.write_bytes(whole[:-cut])
    trace = check(path, shown[:-1])
    list(trace.turns())
    assert (trace.torn, trace.complete) == (False, False)


def test_damage_before_the_last_line_is_an_error(tmp_path):
    path = tmp_path / "trace.jsonl"
    record(path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], lines[3][:-9] + b"\n", *lines[4:]]))
    with pytest.raises(TraceError, match="line 4"):
        list(Trace(path).turns())


@pytest.mark.parametrize("text", ["", "{}\n", '{"schema": 99}\n', "[1]\n", '{"schema": 1}'])
def test_what_is_no_trace(tmp_path, text):
    path = tmp_path / "trace.jsonl"
    path.write_text(text)
    with pytest.raises(TraceError):
        Trace(path)


def test_operations_of_the_users_own_are_rebuilt_without_them(tmp_path):
    def shout(store, action):
        store.write(action.file, store.read(action.file).upper())
        store.append("shouts.md", action.file)
        return "shouted"

    config = MemoryConfig(
        files={"notes.md": "hush\n"},
        operations=(Operation("SHOUT", ("file",), "write it in capitals", shout, mutates=True),),
    )
    script = [
        "<|APPEND|>notes.md|psst<|END|><|SHOUT|>notes.md<|END|>read",
        "<|SHOUT|>notes.md<|END|><|APPEND|>notes.md|low<|END|>",
        "<|SHOUT|>nowhere.md<|END|>",
        "<|DELETE|>shouts.md<|END|><|SHOUT|>notes.md<|END|><|DELETE|>notes.md<|END|>",
        "<|APPEND|>other.md|the end<|END|>",
    ]
    path = tmp_path / "trace.jsonl"
    check(path, record(path, script, config))


def test_odd_values_are_kept_as_json(tmp_path):
    np = pytest.importorskip("numpy")
    path = tmp_path / "trace.jsonl"
    recorder = Recorder(path)
    recorder.start(EPISODE, {"observation": "a"}, {"game_step": 0}, None)
    info = {"game_step": np.int64(1), "grid": np.eye(2), "names": {"b", "a"}}
    for _ in range(2):
        recorder.turn("x", {"observation": "a"}, 0.0, info)
    recorder.close()
    _, second = Trace(path).turns()
    assert second.info["grid"] == [[1.0, 0.0], [0.0, 1.0]]
    assert second.info["names"] == ["a", "b"]
    assert b"grid" not in path.read_bytes().splitlines()[2]


@pytest.mark.parametrize("env_id", ["AutoMem-MiniHack-Corridor-R3-v0", "AutoMem-Crafter-v0"])
def test_a_real_game_is_rebuilt(tmp_path, env_id):
    episode = Episode(env_id, 5, agent_args={"memory_rate": 0.5}, max_game_steps=40)
    result = play(episode, tmp_path)
    trace = Trace(tmp_path / "trace.jsonl")
    turns = list(trace.turns())
    env = gymnasium.make(env_id, disable_env_checker=True, max_game_steps=40)
    env.reset(seed=5)
    for turn in turns:
        observation, reward, *_, info = env.step(turn.action)
        assert (turn.observation, turn.reward) == (observation, reward)
        info.pop("surroundings", None)
        assert turn.info == info
    env.close()
    assert trace.complete
    assert (result.turns, result.game_steps) == (len(turns), 40)


def test_reading_the_same_file_in_every_turn_is_stored_once(tmp_path):
    path = tmp_path / "trace.jsonl"
    big = "<|WRITE|>big.md|" + "\n".join(f"line {n} of many" for n in range(300)) + "<|END|>"
    read = "<|READ|>big.md<|END|><|APPEND|>big.md|more<|END|><|READ|>big.md<|END|>read"
    shown = record(path, [big, *[read] * 60, "<|READ|>big.md<|END|>", *[read] * 60])
    check(path, shown)
    # Written once, read twice within the turn: at the start and at the keyframe.
    assert path.stat().st_size < 8 * len(big) + 600 * len(shown)


def test_what_a_game_writes_into_later_is_recorded_as_it_was(tmp_path: Path) -> None:
    """Turns are written several at once, and a game may give out the same containers each time."""
    path = tmp_path / "trace.jsonl"
    bag: list[str] = []
    observation, info = {"observation": "room 0"}, {"bag": bag, "commands": []}
    recorder = Recorder(path)
    recorder.start(EPISODE, observation, info, None)
    for number in range(1, 4):
        bag.append(f"item {number}")
        observation["observation"] = f"room {number}"
        info["commands"][:] = [{"command": "LOOK", "ok": True, "result": f"{number}"}]
        recorder.turn("go", observation, 0.0, info)
    recorder.close()
    turns = list(Trace(path).turns())
    assert [turn.observation["observation"] for turn in turns] == ["room 1", "room 2", "room 3"]
    assert [turn.info["bag"] for turn in turns] == [
        ["item 1"],
        ["item 1", "item 2"],
        ["item 1", "item 2", "item 3"],
    ]
    assert [turn.commands[0]["result"] for turn in turns] == ["1", "2", "3"]


def test_turns_are_on_the_disk_before_the_end_where_they_come_slowly(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    recorder = Recorder(path)
    recorder.start(EPISODE, {"observation": "a room"}, {}, None)
    time.sleep(0.15)
    recorder.turn("wait", {"observation": "a room"}, 0.0, {})
    assert len(list(Trace(path).turns())) == 1
    recorder.close()

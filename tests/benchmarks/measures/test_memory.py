from __future__ import annotations

from pathlib import Path

import gymnasium
import pytest

from benchmarks.episode import Episode
from benchmarks.measures import SHOWN, measure_episode
from benchmarks.trace import Recorder, Trace
from memory_fs import MemoryAction, MemoryConfig, Operation, parse
from memory_fs.measures import Command, measure

VAULT = "examples.vault:AutoMem-Vault-v0"
SCRIPT = [
    "<|SEARCH|>notes.md|x<|END|><|APPEND|>notes.md|one<|END|><|ACTION|>east<|END|>",
    "<|APPEND|>notes.md|one<|END|><|FLY|>x<|END|><|READ|>nothing.md<|END|>",
    "<|READ|>notes.md<|END|><|WRITE|>notes.md|ONE<|END|><|ACTION|>east<|END|>",
    "<|UPSERT|>deep/map.md|door|shut<|END|><|STAMP|>log.md<|END|><|ACTION|>wait<|END|>",
    "<|UPSERT|>deep/map.md|door|shut<|END|><|DELETE|>notes.md<|END|><|ACTION|>wait<|END|>",
    "<|STAMP|>log.md<|END|><|ACTION|>wait<|END|>",
]


def stamp(files, action):
    files.append(action.file, "stamped")
    return "stamped"


def test_the_measures_of_a_trace_are_those_of_the_memory_itself(tmp_path: Path) -> None:
    config = MemoryConfig(
        files={"notes.md": "at the start"},
        operations=(Operation("STAMP", ("file",), "stamps", stamp, mutates=True),),
    )
    env = gymnasium.make(VAULT, disable_env_checker=True)
    observation, info = env.reset(seed=3, options={"memory": config})
    memory = env.unwrapped.memory
    recorder = Recorder(tmp_path / "trace.jsonl")
    recorder.start(Episode(VAULT, 3), observation, info, memory)
    commands = []
    for turn, action in enumerate(SCRIPT, 1):
        step = info["game_step"]
        observation, reward, *_, info = env.step(action)
        recorder.turn(action, observation, reward, info)
        for place, done in enumerate(info["commands"]):
            commands += [
                Command(turn, place, step, read, done["ok"], done["result"])
                for read in parse(done["command"])
                if isinstance(read, MemoryAction)
            ]
    recorder.close()
    expected = measure(commands, memory.journal, info["game_step"]).as_dict()
    chars = sum(entry.chars for entry in memory.files())
    env.close()
    found = measure_episode(Trace(tmp_path / "trace.jsonl")).memory
    assert {**found, "never_read": tuple(found["never_read"])} == {
        name: expected[name] for name in found
    }
    assert found.keys() >= {*SHOWN, "never_read"}
    assert found["chars"] == chars, "what the user's own operation wrote counts"
    assert found["growth_per_step"] == pytest.approx((chars - len("at the start\n")) / 5)
    assert (found["writes"], found["searches"], found["empty_searches"]) == (5, 1, 1.0)
    assert found["redundant_writes"] == pytest.approx(2 / 5)
    assert found["consult_before_write"] == pytest.approx(2 / 4)


def test_an_environment_without_a_memory_has_no_measures(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    recorder = Recorder(path)
    recorder.start(Episode("Env", 1), {"observation": "x"}, {}, None)
    recorder.finish()
    recorder.close()
    assert measure_episode(Trace(path)).memory == {}

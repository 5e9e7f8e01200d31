from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pytest

from benchmarks.run_directory import RunDirectory
from benchmarks.trace import MemoryReplay, Trace, TraceError
from memory_fs import Refused
from training.structure.workspace import Workspace
from training.structure.workspace.happenings import KINDS


def numbers(told: str) -> list[int]:
    return [int(found) for found in re.findall(r"^step (\d+):", told, re.MULTILINE)]


def test_episodes_are_ordered_by_score(workspace):
    worst, best = workspace.episodes(), workspace.episodes(order="best")
    assert worst.startswith("# run parent: 2 of 2 episodes played, mean progression 0.5000")
    assert worst.index("seed 0") < worst.index("seed 1")
    assert best.index("seed 1") < best.index("seed 0")
    assert "end: solved" in best
    for figure in ("writes 36", "stuck 0", "refused: 0", "commands: APPEND 36", "steps: 26"):
        assert figure in best


def test_episodes_that_failed_are_not_shown(workspace, review, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(review.run, run)
    shutil.rmtree(run / "episodes" / "AutoMem-MiniHack-Corridor-R3-v0" / "0")
    left = Workspace(replace(review, run=run))
    assert left.episodes().startswith("# run parent: 1 of 2 episodes played")
    with pytest.raises(Refused, match="not played to its end"):
        left.step("seed 0", 1)


def test_steps_where_something_happened(workspace, second):
    assert numbers(workspace.steps("progression", "seed 1")) == [26]
    assert "progression 0.0 -> 1.0" in workspace.steps("progression", "seed 1")
    assert workspace.steps("rejected") == "in no step"
    assert 26 in numbers(workspace.steps("reward", "seed 1"))
    assert numbers(workspace.steps("all", "seed 1")) == list(range(1, 27))
    assert "after_action" in second.steps("rejected", run="failed")
    assert "impossible" in second.steps("rejected", run="failed")
    writes = workspace.steps("memory_write", "seed 1")
    assert "<|APPEND|>actions.md|step 1: east -> at 5,14, level 1<|END|>" in writes
    assert numbers(writes)[0] == 2, "LOG of the first step's outcome belongs to the second"
    assert "<|TAIL|>" not in writes


def test_a_text_is_looked_for_as_it_is(workspace):
    found = workspace.steps("text", "seed 1", "STEP 2: east")
    assert numbers(found)[0] == 3
    assert workspace.steps("text", "seed 1", "step . east") == "in no step"
    for what, text in (("text", " "), ("reward", "x")):
        with pytest.raises(Refused, match="text says what is looked for"):
            workspace.steps(what, "seed 1", text)
    with pytest.raises(Refused, match="what is one of reward"):
        workspace.steps("luck")


def test_steps_that_changed_nothing(review, wall_run):
    workspace = Workspace(replace(review, run=wall_run))
    rows = [int(n) for n in re.findall(r"(\d+) in a row", workspace.steps("unchanged"))]
    assert max(rows) >= 4
    assert workspace.steps("stuck").count("4 in a row") == sum(row == 4 for row in rows)


@pytest.mark.parametrize("what", [kind for kind in KINDS if kind != "text"])
def test_every_kind_is_answered(second, what):
    told = second.steps(what, run="failed")
    steps = numbers(second.steps(what, "seed 1", run="failed"))
    assert steps == sorted(set(steps))
    assert told == "in no step" or numbers(told)


def test_a_step_in_full(workspace):
    told = workspace.step("seed 1", 3)
    assert told.startswith("# game step 3, turns 5 to 8")
    assert "## log of agent" in told
    assert "## plan of agent" in told
    assert "### memory command, done\n<|APPEND|>actions.md|step 2: east" in told
    assert "## executed action: east" in told
    assert "Yourself a samurai" in told
    assert "characters; system=true shows it]" in told
    whole = workspace.step("seed 1", 3, system=True)
    assert "system=true shows it" not in whole
    assert len(whole) > len(told) + 5_000
    assert told.count("You are LOG.") == 1, "what a call was told before is not told again"


def test_the_last_step_tells_the_end(workspace):
    assert "the episode ended: solved" in workspace.step("seed 1", 26)
    assert "progression 0.0 -> 1.0" in workspace.step("seed 1", 26)


@pytest.mark.parametrize("step", [0, -1, 27, 10**30])
def test_a_step_that_is_not_there(workspace, step):
    with pytest.raises(Refused, match="there are 1 to 26"):
        workspace.step("seed 1", step)


def test_the_memory_is_that_of_the_trace(workspace, review):
    directory = RunDirectory(review.run)
    episode = next(episode for episode, _ in directory.results() if episode.seed == 1)
    trace = Trace(directory.trace(episode))
    with MemoryReplay(trace.header) as memory:
        for turn in trace.turns():
            memory.apply(turn)
            if turn.info["executed_action"] is None:
                continue
            step = turn.info["game_step"]
            told = workspace.memory("seed 1", step, "actions.md")
            lines = [line.partition("] ")[2] for line in told.split("\n")]
            assert lines == memory.files["actions.md"].removesuffix("\n").split("\n")


def test_lines_of_the_memory_tell_their_step(workspace):
    assert workspace.memory("seed 1", 3, "actions.md").split("\n") == [
        "[step 2] step 1: east -> at 5,14, level 1",
        "[step 3] step 2: east -> at 6,14, level 1",
    ]
    assert "actions.md  0 lines, 0 characters, last written in step 0" in workspace.memory(
        "seed 1", 0
    )
    assert "actions.md  2 lines, 66 characters, last written in step 3" in workspace.memory(
        "seed 1", 3
    )


def test_what_the_memory_does_not_hold(workspace):
    for step in (-1, 27):
        with pytest.raises(Refused, match=f"there is no step {step}"):
            workspace.memory("seed 1", step)
    with pytest.raises(Refused, match=r"Did you mean 'actions\.md'"):
        workspace.memory("seed 1", 3, "action.md")


def test_two_runs_of_an_episode(second):
    told = second.compare("seed 1", "failed")
    assert told.startswith("# AutoMem-MiniHack-Corridor-R3-v0 seed 1: parent | failed")
    assert "steps: 26 | 25" in told
    assert "## first difference in memory commands: step 2" in told
    assert "## first difference in action: step 9\n### parent\nnortheast\n### failed\neast" in told
    assert second.compare("seed 1", "parent").endswith("The same actions to the end.")


def test_a_damaged_trace_is_told(review, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(review.run, run)
    trace = run / "episodes" / "AutoMem-MiniHack-Corridor-R3-v0" / "1" / "0" / "trace.jsonl"
    lines = trace.read_bytes().split(b"\n")
    trace.write_bytes(b"\n".join([*lines[:20], b"{}", *lines[21:]]))
    damaged = Workspace(replace(review, run=run))
    assert damaged.memory("seed 1", 0)
    with pytest.raises(TraceError):
        damaged.step("seed 1", 20)

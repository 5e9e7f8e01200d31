from __future__ import annotations

import importlib
import json
import os
import subprocess

import pytest

from benchmarks.speed.engines import make_ours, make_raw
from benchmarks.speed.fresh_process import (
    in_fresh_process,
    open_files,
    resident_bytes,
    resident_bytes_of_all,
)
from benchmarks.speed.registry import SUBJECTS, select
from benchmarks.speed.resets import left_behind
from benchmarks.speed.rounds import compare
from benchmarks.speed.subject import Measurement, Subject


def test_compare_takes_the_median_of_interleaved_rounds():
    order = []

    def ours(number):
        order.append(("ours", number))
        return 10, 1.0 if number != 2 else 100.0

    def theirs(number):
        order.append(("theirs", number))
        return 10, 2.0

    found = compare(ours, theirs, 0.0)
    assert found.value == 2.0
    assert dict(found.details) == {"ours_per_s": 10.0, "theirs_per_s": 5.0, "rounds": 3}
    assert order == [(who, n) for n in range(4) for who in ("ours", "theirs")]


def test_every_subject_names_a_function_that_is_there():
    for subject in SUBJECTS:
        module, _, name = subject.function.partition(":")
        assert callable(getattr(importlib.import_module(module), name)), subject.name
    assert len({subject.name for subject in SUBJECTS}) == len(SUBJECTS)


def test_bounds():
    least = Subject("a", "", "", "at least", 0.6, "")
    most = Subject("b", "", "", "at most", 0.6, "")
    found = [Measurement(value) for value in (0.5, 0.6, 0.7)]
    assert [least.holds(measured) for measured in found] == [False, True, True]
    assert [most.holds(measured) for measured in found] == [True, True, False]
    told = Subject("c", "", "", "", 0.6, "", limits={"x": 1})
    assert [told.holds(Measurement(0.0, {"x": x})) for x in (1, 2)] == [True, False]


class Leaky:
    """Opens a file at each reset, and keeps it or not."""

    def __init__(self, leaks: bool) -> None:
        self.leaks = leaks
        self.kept: list[int] = []

    def reset(self, seed):
        fd = os.open(os.devnull, os.O_RDONLY)
        if self.leaks:
            self.kept.append(fd)
        else:
            os.close(fd)


def test_an_open_file_that_resets_leave_behind_breaks_the_bound():
    (subject,) = select(["growth-crafter"])
    for leaks in (True, False):
        env = Leaky(leaks)
        found = left_behind(env, 2, 5)
        for fd in env.kept:
            os.close(fd)
        assert found.details["more_files"] == 5 * leaks
        assert subject.holds(Measurement(0.0, found.details)) is not leaks


def test_select():
    assert select([]) == list(SUBJECTS)
    assert {subject.name for subject in select(["import", "memory-"])} == {
        "import",
        "memory-commands",
    }
    with pytest.raises(ValueError, match="'chess'"):
        select(["chess"])


def test_the_command_writes_what_it_measured(automem, tmp_path, capsys):
    out = tmp_path / "speed.json"
    words = ("speed", "--only", "memory-commands,minihack-steps-Corridor", "--seconds", "0.1")
    status = automem(*words, "--out", out)
    found = {subject["name"]: subject for subject in json.loads(out.read_text())["subjects"]}
    assert set(found) == {"memory-commands", "minihack-steps-Corridor-R3"}
    assert all(subject["value"] > 0 for subject in found.values())
    assert status == (0 if all(subject["holds"] for subject in found.values()) else 1)
    assert "SEARCH_us" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--only", "chess"), "'chess'"),
        (("--seconds", "-1"), "--seconds is more than 0"),
        (("--seconds", "nan"), "--seconds is more than 0"),
        (("--out", "/proc/there/speed.json"), "/proc/there"),
    ],
)
def test_mistakes_are_told_before_anything_is_measured(automem, capsys, words, told):
    assert automem("speed", "--only", "memory-commands", *words) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert said.out == ""


def test_what_a_process_has_started_is_counted_with_it():
    with subprocess.Popen(["sleep", "60"]) as other:
        own, all_of_them = resident_bytes(), resident_bytes_of_all(os.getpid())
        assert all_of_them >= own / 2 + resident_bytes(other.pid)
        other.kill()
    assert resident_bytes_of_all(other.pid) == 0


def test_a_fresh_process_counts_its_own_memory_and_files():
    assert 1e6 < in_fresh_process(resident_bytes) < 1e9
    assert in_fresh_process(open_files) >= 3


@pytest.mark.parametrize("game", ["nethack", "minihack"])
def test_the_raw_engine_fills_the_same_arrays(game):
    ours, raw = make_ours(game), make_raw(game)
    assert set(ours.unwrapped.game._engine.frame) == set(raw.nethack._obs_buffers)
    ours.close()
    raw.close()

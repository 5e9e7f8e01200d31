"""``automem view``: what it takes, what it says, and what it does with what is broken."""

from __future__ import annotations

import pytest
from page_reader import Page
from recorded_runs import VAULT

from benchmarks.replay.run_names import run_names


def test_runs_stand_side_by_side(runs):
    page = Page(runs.page("rambler", "pair").read_text("utf-8"))
    assert page.manifest["runs"] == ["rambler", "pair"]
    episodes = [(e["run"], e["env"], e["seed"], e["repeat"]) for e in page.manifest["episodes"]]
    assert sorted(episodes) == [
        *((0, VAULT, seed, repeat) for seed in (1, 2) for repeat in (0, 1)),
        *((1, VAULT, seed, 0) for seed in (1, 2, 3)),
    ]


def test_a_failed_episode_is_shown_as_far_as_it_went(automem, tmp_path, capsys):
    run, counter = tmp_path / "run", tmp_path / "counter"
    counter.touch()
    words = ("run", "--env", VAULT, "--seeds", "1-2", "--out", run, "--quiet")
    words += ("--agent", "benchmark_players:Failing", "--agent-arg", f"counter={counter}")
    assert automem(*words) == 1
    second = run / "episodes" / VAULT / "2" / "0" / "trace.jsonl"
    second.write_text("")
    capsys.readouterr()
    assert automem("view", run) == 0
    told = capsys.readouterr()
    assert f"{second} does not start with the header of a trace" in told.err
    page = Page((run / "replay.html").read_text("utf-8"))
    one, two = page.manifest["episodes"]
    assert one["problem"] == "failed: RuntimeError: lost the thread"
    assert len(list(page.turns(one))) == one["turns"] == 2
    assert two["turns"] == 0
    assert two["problem"]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda lines: [*lines[:10], lines[10][:20] + "\n", *lines[11:]], "line 11"),
        (lambda lines: [*lines[:10], lines[10].replace('"reward"', '"record"')], "line 11"),
        (lambda lines: lines[:10], "the recording stops before the end"),
        (lambda lines: [*lines[:10], lines[10][:20]], "the recording stops before the end"),
    ],
)
def test_a_damaged_trace_is_shown_as_far_as_it_goes(automem, tmp_path, capsys, damage, said):
    run = tmp_path / "run"
    words = ("--env", VAULT, "--seeds", "1", "--out", run, "--quiet")
    assert automem("run", *words, "--agent", "random") == 0
    trace = run / "episodes" / VAULT / "1" / "0" / "trace.jsonl"
    lines = trace.read_text().splitlines(keepends=True)
    trace.write_text("".join(damage(lines)))
    capsys.readouterr()
    assert automem("view", run) == 0
    told = capsys.readouterr().err
    assert said in told
    assert str(trace) in told
    page = Page((run / "replay.html").read_text("utf-8"))
    (episode,) = page.manifest["episodes"]
    assert said in episode["problem"]
    assert len(list(page.turns(episode))) == episode["turns"] == 9


def test_no_run(automem, tmp_path, capsys):
    assert automem("view", tmp_path) == 2
    assert "no run.toml" in capsys.readouterr().err


def test_a_page_that_was_there_stays_until_the_new_one_is_whole(
    automem, runs, tmp_path, monkeypatch
):
    from benchmarks.replay import replay

    page = tmp_path / "page.html"
    page.write_text("the old one")

    def fail(*_):
        raise OSError("no room")

    monkeypatch.setattr(replay, "caption", fail)
    assert automem("view", runs.run("rambler"), "-o", page) == 2
    assert page.read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_the_same_run_twice_is_told_by_a_number(tmp_path):
    assert run_names([tmp_path / "a", tmp_path / "a"]) == ["a", "a #2"]


def test_the_terminal_shows_one_run(automem, runs, tmp_path, capsys):
    cast = tmp_path / "x.cast"
    assert automem("view", runs.run("rambler"), runs.run("pair"), "--cast", cast) == 2
    assert "show one run; a page shows several" in capsys.readouterr().err
    assert not cast.exists()

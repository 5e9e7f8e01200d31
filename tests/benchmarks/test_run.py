from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from benchmarks.episode import Episode

VAULT = "examples.vault:AutoMem-Vault-v0"
PLAYERS = "benchmark_players"


def results(run: Path) -> dict:
    return json.loads((run / "results.json").read_text())


def times(run: Path) -> dict[str, int]:
    """When each result was written."""
    return {str(p.relative_to(run)): p.stat().st_mtime_ns for p in run.rglob("result.json")}


CLOCK_AND_ATTEMPTS = ("seconds", "followed_steps", "attempts")


def played(run: Path) -> list[dict]:
    """The results without what the clock and the attempts before decide."""
    return [
        {name: value for name, value in episode.items() if name not in CLOCK_AND_ATTEMPTS}
        for episode in results(run)["episodes"]
    ]


def test_a_run_and_its_directory(automem, tmp_path, capsys):
    run = tmp_path / "run"
    words = ("run", "--env", VAULT, "--seeds", "1-3", "--repeats", 2, "--max-game-steps", 20)
    assert automem(*words, "--out", run) == 0
    settings = tomllib.loads((run / "run.toml").read_text())
    (task,) = settings["task"]
    assert (task["env"], task["seeds"], task["repeats"]) == ([VAULT], [1, 2, 3], 2)
    assert settings["provenance"][0]["versions"]["gymnasium"]
    for seed in (1, 2, 3):
        for repeat in (0, 1):
            folder = run / "episodes" / VAULT / str(seed) / str(repeat)
            assert {path.name for path in folder.iterdir()} == {"trace.jsonl", "result.json"}
    found = results(run)
    assert len(found["episodes"]) == 6
    assert found["owed"] == []
    summary = found["environments"][VAULT]
    assert summary["progression"]["count"] == 3, "repeats of a seed are one value"
    assert sum(summary["ends"].values()) == 6
    shown = capsys.readouterr().out
    assert "6/6" in shown
    assert "progression" in shown


def test_workers_make_no_difference(automem, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    words = ("run", "--env", VAULT, "--seeds", "1-6", "--agent-arg", "memory_rate=0.5", "--quiet")
    assert automem(*words, "--out", one) == 0
    assert automem(*words, "--out", two, "--workers", 2) == 0
    assert played(one) == played(two)
    for path in one.rglob("trace.jsonl"):
        assert path.read_bytes() == (two / path.relative_to(one)).read_bytes()


def test_repeats_share_the_world_and_not_the_player(automem, tmp_path):
    run = tmp_path / "run"
    assert automem("run", "--env", VAULT, "--seeds", 4, "--repeats", 2, "--out", run) == 0
    first, second = (
        [
            json.loads(line)
            for line in (run / "episodes" / VAULT / "4" / f"{n}" / "trace.jsonl").open()
        ]
        for n in (0, 1)
    )
    assert first[0]["texts"] == second[0]["texts"]
    assert [t.get("action") for t in first] != [t.get("action") for t in second]
    assert Episode(VAULT, 4).agent_seed != Episode(VAULT, 4, 1).agent_seed


def test_the_same_command_again_plays_what_is_missing_only(automem, tmp_path, capsys):
    run = tmp_path / "run"
    words = ("run", "--env", VAULT, "--seeds", "1-3", "--out", run)
    assert automem(*words) == 0
    before, expected = times(run), played(run)
    assert automem(*words) == 0
    assert "3 of 3 episodes are there already" in capsys.readouterr().out
    assert times(run) == before
    lost = run / "episodes" / VAULT / "2" / "0" / "result.json"
    lost.unlink()
    assert automem(*words) == 0
    changed = {name for name, when in times(run).items() if before[name] != when}
    assert changed == {str(lost.relative_to(run))}
    assert played(run) == expected


def test_more_seeds_go_into_the_same_run(automem, tmp_path):
    run = tmp_path / "run"
    assert automem("run", "--env", VAULT, "--seeds", "1-2", "--out", run) == 0
    before = times(run)
    assert automem("run", "--env", VAULT, "--seeds", "1-3", "--out", run) == 0
    assert before.items() < times(run).items()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--agent", "explorer"), "--agent: random there, explorer here"),
        (("--max-game-steps", "7"), "--max-game-steps: the environment's own there, 7 here"),
        (("--agent-arg", "memory_rate=0.5"), "--agent-arg: none there, memory_rate=0.5 here"),
        (("--env-arg", "rooms=9"), "--env-arg: none there, rooms=9 here"),
        (("--seeds", "2-3"), "--seeds: 1,2 there, 2,3 here"),
    ],
)
def test_another_configuration_is_refused(automem, tmp_path, capsys, words, told):
    run = tmp_path / "run"
    start = ("run", "--env", VAULT, "--seeds", "1-2", "--out", run)
    assert automem(*start) == 0
    before = times(run)
    assert automem(*start, *words) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "--overwrite" in said
    assert times(run) == before


def test_overwrite_starts_anew(automem, tmp_path):
    run = tmp_path / "run"
    assert automem("run", "--env", VAULT, "--seeds", "1-2", "--out", run) == 0
    again = ("run", "--env", VAULT, "--seeds", "5", "--max-game-steps", "5", "--out", run)
    assert automem(*again, "--overwrite") == 0
    assert [episode["seed"] for episode in results(run)["episodes"]] == [5]
    assert not (run / "episodes" / VAULT / "1").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("schema = 99\n", "is of version 99, and this one reads versions up to 2"),
        ('schema = "x"\n', "is of version 'x'"),
        ("schema = 2\n[[task]]\n", "is damaged"),
        ("seeds = [1\n", "is damaged"),
    ],
)
def test_a_run_that_cannot_be_read_is_told_and_left_alone(automem, tmp_path, capsys, text, told):
    (tmp_path / "run.toml").write_text(text)
    for words in (("run", "--env", VAULT, "--seeds", 1, "--out"), ("report",), ("view",)):
        assert automem(*words, tmp_path) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert f"{tmp_path / 'run.toml'} {told}" in line
    assert (tmp_path / "run.toml").read_text() == text


def test_a_directory_of_something_else_is_left_alone(automem, tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("do not lose")
    words = ("run", "--env", VAULT, "--seeds", "1", "--out", tmp_path, "--overwrite")
    assert automem(*words) == 2
    assert "no run.toml" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--env", "AutoMem-Valt-v0"), "AutoMem-Valt-v0"),
        (("--env", "no_such_module:Id"), "no_such_module"),
        (("--seeds", "x"), "'x'"),
        (("--workers", "0"), "workers"),
        (("--repeats", "0"), "--repeats"),
    ],
)
def test_mistakes_are_told_before_anything_starts(automem, tmp_path, capsys, words, told):
    arguments = {"--env": VAULT, "--seeds": "1", "--out": tmp_path / "run"}
    arguments |= {words[0]: words[1]}
    assert automem("run", *(word for pair in arguments.items() for word in pair)) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_an_argument_that_is_none_is_told_before_anything_starts(automem, tmp_path, capsys):
    words = ("run", "--env", VAULT, "--seeds", 1, "--out", tmp_path / "run")
    for words_for_it in (("--agent-arg", "x"), ("--env-arg", "x=1", "--env-arg", "x=2")):
        with pytest.raises(SystemExit) as left:
            automem(*words, *words_for_it)
        assert left.value.code == 2
    said = capsys.readouterr().err
    assert "--agent-arg: 'x' is not of the form KEY=VALUE" in said
    assert "--env-arg: x is given twice" in said
    assert not (tmp_path / "run").exists()


def test_a_players_folder_beside_its_module_takes_no_place_of_ours(tmp_path):
    """As the installed command runs, whose path does not begin with the working directory."""
    (tmp_path / "agents.py").write_text("raise RuntimeError('the wrong agents')")
    (tmp_path / "mine.py").write_text("def walker(observation, info):\n    return 'east'\n")
    words = ["run", "--env", VAULT, "--seeds", "1", "--out", "run", "--agent", "mine:walker"]
    code = "import sys; from training.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *words, "--max-game-steps", "5"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (episode,) = results(tmp_path / "run")["episodes"]
    assert (episode["error"], episode["game_steps"]) == ("", 5)


def test_a_failure_is_retried_and_then_owed_and_never_scored(automem, tmp_path, capsys):
    run, counter = tmp_path / "run", tmp_path / "counter"
    counter.touch()
    words = ("run", "--env", VAULT, "--seeds", "1-2", "--out", run, "--quiet")
    words += ("--agent", f"{PLAYERS}:Failing", "--agent-arg", f"counter={counter}")
    assert automem(*words) == 1
    found = results(run)
    assert found["episodes"] == []
    assert found["environments"][VAULT]["progression"] is None
    assert found["environments"][VAULT]["owed"] == 2
    assert {episode["seed"] for episode in found["owed"]} == {1, 2}
    assert all("RuntimeError: lost the thread" in episode["error"] for episode in found["owed"])
    assert len(counter.read_bytes()) == 6, "each episode is tried three times"
    shown = capsys.readouterr().out
    assert "owed" in shown
    assert "the same command plays them again" in shown
    traceback = Path(shown.rpartition("A traceback is in ")[2].strip())
    assert "lost the thread" in json.loads(traceback.read_text())["error"]


def test_a_run_without_a_finished_episode_gives_way(automem, tmp_path):
    run, counter = tmp_path / "run", tmp_path / "counter"
    counter.touch()
    words = ("run", "--env", VAULT, "--out", run, "--quiet")
    failing = ("--agent", f"{PLAYERS}:Failing", "--agent-arg", f"counter={counter}")
    assert automem(*words, *failing, "--seeds", "1-2") == 1
    assert automem(*words, "--seeds", "2-3") == 0
    assert {episode["seed"] for episode in results(run)["episodes"]} == {2, 3}
    assert not (run / "episodes" / VAULT / "1").exists()


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/there"])
def test_an_impossible_directory_is_told_in_a_line(automem, tmp_path, capsys, place):
    (tmp_path / "file").write_text("do not lose")
    words = ("run", "--env", VAULT, "--seeds", "1", "--out", tmp_path / place)
    assert automem(*words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("automem run: ")
    assert (tmp_path / "file").read_text() == "do not lose"


def test_an_episode_that_fails_once_is_as_if_it_never_had(automem, tmp_path):
    runs = [tmp_path / "calm", tmp_path / "rough"]
    for run, failures in zip(runs, (0, 1), strict=True):
        counter = tmp_path / "counter"
        counter.write_bytes(b"." if not failures else b"")
        words = ("run", "--env", VAULT, "--seeds", "1-2", "--out", run, "--quiet")
        words += ("--agent", f"{PLAYERS}:Failing", "--agent-arg", f"counter={counter}")
        assert automem(*words, "--agent-arg", "failures=1") == 0
    assert played(runs[0]) == played(runs[1])
    counts = [[e["attempts"] for e in results(run)["episodes"]] for run in runs]
    assert counts == [[1, 1], [2, 1]]


def test_a_killed_worker_loses_its_own_episode_only(automem, tmp_path):
    run, counter = tmp_path / "run", tmp_path / "counter"
    counter.touch()
    words = ("run", "--env", VAULT, "--seeds", "1-4", "--out", run, "--workers", 2, "--quiet")
    words += ("--agent", f"{PLAYERS}:Failing", "--agent-arg", f"counter={counter}")
    words += ("--agent-arg", "kill=true")
    assert automem(*words, "--agent-arg", "failures=1") == 0
    assert len(results(run)["episodes"]) == 4
    assert automem(*words, "--agent-arg", "failures=99", "--overwrite", "--seeds", "1") == 1
    assert "SIGKILL" in results(run)["owed"][0]["error"]


def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(tmp_path):
    run = tmp_path / "run"
    words = ["--env", VAULT, "--seeds", "1-3", "--out", str(run), "--workers", "1"]
    words += ["--agent", f"{PLAYERS}:Gated", "--agent-arg", f"folder={tmp_path}"]
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[2])])
    command = [sys.executable, "-m", "benchmarks", "run", *words]
    environment = {**os.environ, "PYTHONPATH": path}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    while not (run / "episodes" / VAULT / "2" / "0" / "trace.jsonl").exists():
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "To go on, run the same command" in said
    assert [episode["seed"] for episode in results(run)["episodes"]] == [1]
    before = times(run)
    (tmp_path / "open").touch()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    assert len(results(run)["episodes"]) == 3
    assert before.items() < times(run).items()


def test_a_second_driver_of_a_live_run_is_refused(automem, tmp_path, capsys):
    run = tmp_path / "run"
    words = ["run", "--env", VAULT, "--seeds", "1-2", "--out", str(run), "--quiet"]
    gated = ["--agent", f"{PLAYERS}:Gated", "--agent-arg", f"folder={tmp_path}"]
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[2])])
    first = subprocess.Popen(
        [sys.executable, "-m", "benchmarks", *words, *gated],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
    )
    try:
        while not times(run):  # the other episode waits
            assert first.poll() is None
            time.sleep(0.02)
        before = times(run), (run / "run.toml").stat().st_mtime_ns
        for more in ((), ("--overwrite",)):
            assert automem(*words, *more) == 2
            (line,) = capsys.readouterr().err.splitlines()
            assert line.startswith(f"automem run: the run at {run} is in use by process ")
            assert f" {first.pid}: " in line
        assert (times(run), (run / "run.toml").stat().st_mtime_ns) == before
        assert automem("report", run) == 0, "looking at it is no harm"
    finally:
        (tmp_path / "open").touch()
        assert first.wait(30) == 0
    assert automem(*words, *gated) == 0, "the lock goes with its holder"


def test_a_function_is_an_agent_and_limits_count_game_steps(automem, tmp_path):
    run = tmp_path / "run"
    words = ("run", "--env", VAULT, "--seeds", "1", "--out", run, "--agent", f"{PLAYERS}:walker")
    assert automem(*words, "--max-game-steps", 15) == 0
    (episode,) = results(run)["episodes"]
    assert (episode["game_steps"], episode["episode_end"]) == (15, "step limit")
    assert episode["commands"] == {"APPEND": 15}
    summary = results(run)["environments"][VAULT]
    assert summary["commands_per_100_steps"] == {"APPEND": 100.0}
    assert (episode["memory"]["writes"], episode["memory"]["searches"]) == (15, 0)
    assert episode["memory"]["growth_per_step"] == episode["memory"]["chars"] / 15 > 0
    assert summary["memory"]["growth_per_step"]["mean"] == episode["memory"]["growth_per_step"]
    assert summary["memory"]["redundant_writes"]["mean"] > 0
    assert summary["memory"]["writes_per_search"] is None


def test_an_action_alone_is_a_decision(automem, tmp_path):
    runs = [tmp_path / "decided", tmp_path / "terse"]
    for run, agent in zip(runs, ("random", f"{PLAYERS}:Terse"), strict=True):
        words = ("run", "--env", VAULT, "--seeds", "1", "--out", run, "--agent", agent, "--quiet")
        assert automem(*words) == 0
    decided, terse = ({**played(run)[0], "digest": ""} for run in runs)
    assert decided == terse


def test_a_short_real_game_beside_another_environment(automem, tmp_path):
    run = tmp_path / "run"
    env = f"AutoMem-MiniHack-Corridor-R3-v0,{VAULT}"
    words = ("run", "--env", env, "--seeds", "1-2", "--out", run, "--max-game-steps", "30")
    assert automem(*words, "--quiet") == 0
    assert set(results(run)["environments"]) == set(env.split(","))
    assert len(results(run)["episodes"]) == 4

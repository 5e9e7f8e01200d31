from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from benchmarks.episode import Episode
from benchmarks.executors.executor import failure
from benchmarks.report.terminal import print_run

VAULT = "examples.vault:AutoMem-Vault-v0"


def test_a_report_of_two_runs_pairs_their_seeds(automem, tmp_path, capsys):
    one, two = tmp_path / "one", tmp_path / "two"
    assert automem("run", "--env", VAULT, "--seeds", "1-4", "--out", one, "--quiet") == 0
    words = ("run", "--env", VAULT, "--seeds", "3-6", "--out", two, "--quiet")
    assert automem(*words, "--agent", "benchmark_players:walker", "--max-game-steps", 10) == 0
    capsys.readouterr()
    assert automem("report", one, two) == 0
    shown = capsys.readouterr().out
    assert "paired by seed" in shown
    row = next(line for line in shown.splitlines() if "│ 2 │" in line.replace("     ", " "))
    assert VAULT in row


def test_a_report_of_an_unfinished_run_tells_what_is_owed(automem, tmp_path, capsys):
    run = tmp_path / "run"
    assert automem("run", "--env", VAULT, "--seeds", "1-2", "--out", run, "--quiet") == 0
    (run / "episodes" / VAULT / "2" / "0" / "result.json").unlink()
    capsys.readouterr()
    assert automem("report", run) == 0
    shown = capsys.readouterr().out
    assert "1 (1 owed)" in shown
    assert "seed 2: not played yet" in shown


def test_what_is_no_run(automem, tmp_path, capsys):
    assert automem("report", tmp_path) == 2
    assert "no run.toml" in capsys.readouterr().err


def test_runs_with_nothing_in_common(automem, tmp_path, capsys):
    runs = []
    for env in (VAULT, "AutoMem-MiniHack-Corridor-R3-v0"):
        runs.append(tmp_path / str(len(runs)))
        words = ("run", "--env", env, "--seeds", "1", "--max-game-steps", 5, "--quiet")
        assert automem(*words, "--out", runs[-1]) == 0
    capsys.readouterr()
    assert automem("report", *runs) == 0
    assert "no environment and seed in common" in capsys.readouterr().out


def test_a_report_shows_how_the_memory_was_used(automem, tmp_path, capsys):
    run = tmp_path / "run"
    words = ("run", "--env", VAULT, "--seeds", "1", "--out", run, "--quiet")
    assert automem(*words, "--agent", "benchmark_players:consulter", "--max-game-steps", 4) == 0
    capsys.readouterr()
    assert automem("report", run) == 0
    rows = [
        [cell.strip() for cell in line.strip("│").split("│")]
        for line in capsys.readouterr().out.splitlines()
        if "│" in line
    ]
    shown = {cells[0]: cells[1] for cells in rows}
    assert shown["memory writes / search"] == "2.00"
    assert shown["memory growth, characters / step"] == "2.50"
    assert shown["redundant writes, %"] == "75.0"
    assert shown["searches that found nothing, %"] == "100.0"
    assert shown["writes after a look at the file, %"] == "50.0"


def printed(env_ids: list[str], width: int, error: str = "Traceback\nValueError: no") -> str:
    text = io.StringIO()
    episodes = [Episode(env_id, 1) for env_id in env_ids]
    results = [(episode, failure(episode, error).result) for episode in episodes]
    print_run(Console(file=text, width=width), Path("runs/x"), results)
    return text.getvalue()


def test_headers_are_whole_on_a_narrow_terminal():
    games = ["Crafter", "MiniHack-Corridor-R3", "NetHack"]
    shown = printed([f"AutoMem-{game}-v0" for game in games], 80)
    header = next(line for line in shown.splitlines() if "NetHack" in line)
    assert [cell.strip() for cell in header.strip("┃").split("┃")] == ["", *games]
    table = printed([f"user.module:{game}-v{n}" for n in range(4) for game in games], 80)
    assert "…" not in table


def test_the_reason_of_an_owed_episode_is_whole():
    reason = "FileNotFoundError: no levels. " + "Get them somewhere. " * 40 + "That is the help."
    assert reason in printed(["AutoMem-Crafter-v0"], 80, f"Traceback\n{reason}\n")

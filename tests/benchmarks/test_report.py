from __future__ import annotations

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

"""What is counted of a run's answers, on players whose habits are known."""

import pytest

from automem_gym.commands import main
from benchmarks.commands import COMMANDS as BENCHMARKS
from training.commands import COMMANDS
from training.mini.audit import SHARES, audit

MAZE, SIGNS = "AutoMem-MiniHack-MazeWalk-15x15-v0", "AutoMem-MiniHack-Memento-Short-F2-v0"


def play(out, model, agent="pair"):
    words = ["run", "--env", f"{MAZE},{SIGNS}", "--seeds", "942000-942001", "--scaffold", "brief"]
    words += ["--agent", agent, "--model", model, "--max-game-steps", "80", "--quiet"]
    assert main(BENCHMARKS, [*words, "--executor", "serial", "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def tidy(tmp_path_factory):
    return play(tmp_path_factory.mktemp("audit") / "tidy", "scripted")


def test_the_player_of_the_corpus_does_what_it_would_do(tidy):
    found = audit(tidy)
    assert set(found) == {MAZE, SIGNS}
    assert found[SIGNS]["signs"] == found[SIGNS]["signed rightly"] == 2
    assert found[SIGNS]["sign read"] > 0
    assert found[MAZE]["new of 2"] > 0
    assert found[MAZE]["none of 2"] > 0
    for counts in found.values():
        for _, done, of in SHARES[1:]:
            assert counts[done] == counts[of], done
    # Where nothing is noted yet there is nothing to look for.
    assert found[MAZE]["unread"] <= 2


def test_one_instance_is_counted_like_a_pair(tidy, tmp_path):
    alone = audit(play(tmp_path / "alone", "scripted", "memory"))
    assert alone[MAZE]["actions"] == audit(tidy)[MAZE]["actions"]
    assert alone[SIGNS]["signed rightly"] == 2


def test_bad_habits_show(tmp_path):
    hasty = audit(play(tmp_path / "hasty", "scripted:forget=1"))
    assert hasty[MAZE]["unread"] == hasty[MAZE]["actions"] > 0
    silent = audit(play(tmp_path / "silent", "scripted:neglect=1"))
    assert silent[MAZE]["noted"] == 0 < silent[MAZE]["to note"]
    assert silent[SIGNS]["signed"] == 0 < silent[SIGNS]["signs"]


def test_the_command_prints_them(tidy, tmp_path, capsys):
    assert main(COMMANDS, ["mini", "audit", str(tidy)]) == 0
    shown = capsys.readouterr().out
    assert "of these, noted rightly first" in shown
    assert "2 of 2 (100%)" in shown
    assert main(COMMANDS, ["mini", "audit", str(tmp_path)]) == 2
    assert "no run.toml" in capsys.readouterr().err

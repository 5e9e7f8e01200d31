from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from benchmarks.suite import SuiteError, load_suite, shipped

VAULT = "examples.vault:AutoMem-Vault-v0"
GOOD = f"""about = "A vault."

[[task]]
env = ["{VAULT}"]
seeds = "1-2"
max_game_steps = 5

[[task]]
env = ["{VAULT}"]
seeds = "3"
repeats = 2
env_arg = {{ rooms = 9 }}
"""


@pytest.fixture
def suite(tmp_path):
    def write(text: str) -> str:
        path = tmp_path / "mine.toml"
        path.write_text(text)
        return str(path)

    return write


def test_the_papers_suite_has_its_games_seeds_and_limits():
    cells = [cell for task in load_suite("paper").tasks for cell in task.cells()]
    seeds = {
        env_id: [cell.seed for cell in cells if cell.env_id == env_id]
        for env_id in dict.fromkeys(cell.env_id for cell in cells)
    }
    assert seeds.pop("AutoMem-Crafter-v0") == list(range(42, 52))
    assert len(seeds) == 9
    assert all(found == list(range(42, 47)) for found in seeds.values())
    assert {task.max_game_steps for task in load_suite("paper").tasks} == {2000, 100, 100_000}


@pytest.mark.parametrize("name", shipped())
def test_shipped_suites_can_be_read_and_say_what_they_are_for(name):
    suite = load_suite(name)
    assert suite.about
    assert suite.tasks


def test_a_suite_is_played(automem, suite, tmp_path):
    run = tmp_path / "run"
    assert automem("run", "--suite", suite(GOOD), "--out", run, "--quiet") == 0
    found = {
        path.parent.relative_to(run / "episodes" / VAULT).as_posix()
        for path in run.rglob("result.json")
    }
    assert found == {"1/0", "2/0", "3/0", "3/1"}
    settings = tomllib.loads((run / "run.toml").read_text())
    assert settings["task"][1]["env_arg"] == {"rooms": 9}
    assert settings["suite"].endswith("mine.toml")


def test_a_part_of_a_suite_can_be_played_and_the_rest_later(automem, suite, tmp_path, capsys):
    words = ("run", "--suite", suite(GOOD), "--out", tmp_path / "run", "--quiet")
    assert automem(*words, "--seeds", "2-3") == 0
    assert len(list((tmp_path / "run").rglob("result.json"))) == 3
    assert automem(*words) == 0
    assert "3 of 4 episodes are there already" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--seeds", "7"), "does not play seed 7"),
        (("--env", "examples.vault:AutoMem-Valt-v0"), f"Did you mean '{VAULT}'?"),
        (("--max-game-steps", "7"), "--max-game-steps would make another suite"),
        (("--repeats", "2"), "--repeats would make another suite"),
        (("--env-arg", "rooms=9"), "--env-arg would make another suite"),
    ],
)
def test_what_a_suite_does_not_play_is_refused(automem, suite, tmp_path, capsys, words, told):
    assert automem("run", "--suite", suite(GOOD), "--out", tmp_path / "run", *words) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_nothing_to_play_is_told(automem, tmp_path, capsys):
    assert automem("run", "--out", tmp_path / "run") == 2
    assert "with --env and --seeds, or with --suite" in capsys.readouterr().err


def test_an_unknown_suite_is_told_with_what_there_is(automem, tmp_path, capsys):
    assert automem("run", "--suite", "papr", "--out", tmp_path / "run") == 2
    assert "Did you mean 'paper'? Known: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("seeds = ", "seed = ", 5, "Did you mean 'seeds'?"),
        ("about", "abuot", 1, "Did you mean 'about'?"),
        ("repeats = 2", "repeats = 0", 11, "--repeats is at least 1, not 0"),
        ("repeats = 2", 'repeats = "2"', 11, "--repeats is at least 1, not '2'"),
        ('"1-2"', "[1, 2]", 5, 'seeds is a text such as "42-51"'),
        ('"1-2"', '"2-1"', 5, "did you mean 1-2?"),
        (f'env = ["{VAULT}"]\nseeds = "3"', 'seeds = "3"', 8, "env is a list"),
        ("env_arg = { rooms = 9 }", "env_arg = 9", 12, "env_arg is a table"),
        ('about = "A vault."', "about = 3", 1, "about is a text"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(suite, old, new, line, told):
    path = suite(GOOD.replace(old, new, 1))
    with pytest.raises(SuiteError) as caught:
        load_suite(path)
    assert told in str(caught.value)
    assert str(caught.value).startswith(f"{path}, line {line}: ")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[task]\n", "line 1"),
        ("about = 'x'\n", "a suite has one [[task]] at least"),
        ("task = 3\n", "a suite has one [[task]] at least"),
        (GOOD.replace('"3"', '"2-3"'), "seed 2 is named by two tasks"),
    ],
)
def test_what_is_no_suite_is_told(suite, text, told):
    path = suite(text)
    with pytest.raises(SuiteError, match=Path(path).name) as caught:
        load_suite(path)
    assert told in str(caught.value)

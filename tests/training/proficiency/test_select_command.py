"""``automem select``."""

from __future__ import annotations

import json
import shutil

import pytest

from automem_gym.commands import main
from benchmarks.commands import COMMANDS as BENCHMARKS
from training.commands import COMMANDS
from training.proficiency import select_command
from training.proficiency.example import read_examples
from training.proficiency.verification import verify


def run(*words: object) -> int:
    return main(COMMANDS, ["select", *map(str, words)])


def test_a_recorded_run_becomes_a_data_set(crafter_run, tmp_path, capsys):
    out = tmp_path / "data"
    assert run(crafter_run, "--out", out, "--set", "most=20", "--verify") == 0
    told = capsys.readouterr().out
    assert f"{out}/examples.jsonl: 20 of 355 answers (10 log, 10 plan)" in told
    assert "answered by scripted" in told
    assert f"{out}/REPORT.md tells what was dropped, and why" in told
    assert verify(read_examples(out / "examples.jsonl"), [crafter_run]) == 20


def test_settings_stand_in_a_file_and_are_changed_on_the_command_line(crafter_run, tmp_path):
    settings = tmp_path / "settings.toml"
    settings.write_text('selector = "criteria"\nmost = 30\nleast_score = -inf\nlog_share = 1\n')
    words = ["--settings", settings, "--set", "most=8", "--selector", "random"]
    assert run(crafter_run, "--out", tmp_path / "data", *words) == 0
    figures = json.loads((tmp_path / "data" / "selection.json").read_text())
    assert figures["kept"] == {"log": 8}
    assert figures["reasons"] == {"chosen at random": 8}


def test_a_selector_in_a_file_runs_confined(crafter_run, tmp_path):
    selector = tmp_path / "longest.py"
    selector.write_text(
        "def judge(turns):\n"
        "    return [{'score': len(it['text']), 'reasons': ['long']} for it in turns]\n"
    )
    words = ["--selector", selector, "--set", "most=6"]
    assert run(crafter_run, "--out", tmp_path / "data", *words) == 0
    examples = list(read_examples(tmp_path / "data" / "examples.jsonl"))
    assert {it.reasons for it in examples} == {("long",)}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--set", "mots=3"], "a selection has no 'mots'. Did you mean 'most'?"),
        (["--set", "most=0"], "most is a whole number, 1 or more, not 0"),
        (["--set", "log_share=half"], "log_share is a number in [0, 1], not 'half'"),
        (["--settings", "missing.toml"], "missing.toml"),
        (["--workers", "0"], "--workers is 1 or more, not 0"),
    ],
)
def test_mistakes_in_the_words_are_told(crafter_run, tmp_path, capsys, words, told):
    assert run(crafter_run, "--out", tmp_path / "data", *words) == 2
    said = capsys.readouterr().err
    assert said.startswith("automem select: ")
    assert told in said
    assert "Traceback" not in said
    assert not (tmp_path / "data").exists()


def test_a_settings_file_that_is_no_toml_is_named(crafter_run, tmp_path, capsys):
    settings = tmp_path / "settings.toml"
    settings.write_text("most = = 3")
    assert run(crafter_run, "--out", tmp_path / "data", "--settings", settings) == 2
    assert f"--settings {settings}: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--selector", "critera"], "there is no selector 'critera'"),
        (["--selector", "missing.py"], "missing.py: [Errno 2]"),
        (["--selector-arg", "gian=2"], "there is no criterion 'gian'"),
        (["--set", "least_score=99"], "nothing is left of 355 answers"),
        (["--set", "least_episodes=9"], "at least 9 are asked for"),
        (["--scaffold", "v1"], "the traces are of another scaffold"),
    ],
)
def test_what_cannot_be_selected_is_told(crafter_run, tmp_path, capsys, words, told):
    assert run(crafter_run, "--out", tmp_path / "data", *words) == 1
    said = capsys.readouterr().err
    assert said.startswith("automem select: ")
    assert told in said
    assert "Traceback" not in said


def test_runs_that_are_none_and_edited_traces_are_told(crafter_run, tmp_path, capsys):
    assert run(tmp_path, "--out", tmp_path / "data") == 1
    assert str(tmp_path) in capsys.readouterr().err
    edited = shutil.copytree(crafter_run, tmp_path / "run")
    trace = next(edited.glob("episodes/*/*/*/trace.jsonl"))
    trace.write_bytes(trace.read_bytes().replace(b"a", b"b", 1))
    assert run(edited, "--out", tmp_path / "data") == 1
    assert "trace.jsonl" in capsys.readouterr().err
    file = tmp_path / "file"
    file.write_text("")
    assert run(crafter_run, "--out", file, "--set", "most=4") == 1
    assert str(file) in capsys.readouterr().err


def test_answers_of_an_agent_without_a_scaffold_are_refused(tmp_path, capsys):
    words = ["--env", "examples.vault:AutoMem-Vault-v0", "--agent", "random", "--seeds", "0"]
    more = ["--max-game-steps", "2", "--executor", "serial", "--out", str(tmp_path / "run")]
    assert main(BENCHMARKS, ["run", *words, *more]) == 0
    assert run(tmp_path / "run", "--out", tmp_path / "data") == 1
    assert "was played without a scaffold, by random" in capsys.readouterr().err


def test_a_data_set_that_is_not_what_was_recorded_is_told(
    crafter_run, tmp_path, capsys, monkeypatch
):
    write = select_command.write_selection

    def edited(folder, selection):
        path = write(folder, selection)
        path.write_text(path.read_text().replace("Crafter-v0/0/0", "Crafter-v0/7/0"))
        return path

    monkeypatch.setattr(select_command, "write_selection", edited)
    words = ["--out", tmp_path / "data", "--set", "most=12"]
    assert run(crafter_run, *words) == 0
    assert run(crafter_run, *words, "--verify") == 1
    assert "AutoMem-Crafter-v0/7/0, turn" in capsys.readouterr().err

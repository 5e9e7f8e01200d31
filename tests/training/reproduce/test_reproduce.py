"""The experiment on real games with the scripted model: rounds, going on, and the report."""

import argparse
import importlib
import io
import math
import shutil
from pathlib import Path

import gymnasium
import pytest
from rich.console import Console

import automem_gym  # noqa: F401  (registers the environments)
from agents.backends.local.place import EMBEDDED
from agents.scaffold.directory import USED_SEEDS
from automem_gym.commands import main
from benchmarks.commands import COMMANDS as BENCHMARKS
from benchmarks.run_directory import RunDirectory
from benchmarks.summary import progressions
from benchmarks.used_seeds import read_used
from training.commands import COMMANDS
from training.reproduce.experiment import Comparison, Stage, load_experiment, shipped
from training.reproduce.rounds import complete_rounds, run_folder
from training.reproduce.stages import BASE, StageError, make, reviewed_by

EXPERIMENT = Path(__file__).with_name("experiment.toml")
ENV = "AutoMem-MiniHack-Memento-Short-F2-v0"
CRAFTER = "AutoMem-Crafter-v0"


def reproduce(out, *words):
    given = ["--experiment", str(EXPERIMENT), "--model", "scripted", "--executor", "serial"]
    return main(COMMANDS, ["reproduce", *given, "--quiet", "--out", str(out), *words])


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    out = tmp_path_factory.mktemp("reproduce") / "out"
    assert reproduce(out) == 0
    return out


def test_all_arms_play_the_same_seeds(played):
    experiment = load_experiment(str(EXPERIMENT))
    results = complete_rounds(experiment, played)
    for env_id, own in ((ENV, [940_000, 940_001, 940_002, 940_003]), (CRAFTER, [940_000, 940_002])):
        for found in results.values():
            assert sorted(it.seed for it, _ in found if it.env_id == env_id) == own
    means = {
        name: [scores for (scores,) in progressions(found, ENV).values()]
        for name, found in results.items()
    }
    assert sum(means["base"]) == 4  # who has a memory finds the branch
    page = (played / "report.html").read_text()
    assert f"{100 * sum(means['wiped']) / 4:.1f}" in page
    assert "That it runs." in page
    assert (played / "replay-memento.html").stat().st_size > 10_000


def test_what_two_arms_play_alike_is_played_once(played):
    experiment = load_experiment(str(EXPERIMENT))
    base, longer = experiment.arms[0], experiment.arms[2]
    memento, crafter = experiment.parts
    assert run_folder(played, longer, memento, 0).is_dir()
    assert not run_folder(played, longer, crafter, 0).exists()
    results = complete_rounds(experiment, played)
    of_crafter = [
        [(it.seed, done.progression) for it, done in results[arm.name] if it.env_id == CRAFTER]
        for arm in (base, longer)
    ]
    assert of_crafter[0] == of_crafter[1] != []


def test_all_answer_at_the_temperature_of_the_experiment(played):
    experiment = load_experiment(str(EXPERIMENT))
    for arm in experiment.arms:
        run = RunDirectory(run_folder(played, arm, experiment.parts[0], 0))
        models = run.configuration().models
        assert {it["sampling"]["temperature"] for it in models.values()} == {0.7}


def test_it_goes_on_where_it_stopped(played, tmp_path, capsys):
    out = tmp_path / "out"
    shutil.copytree(played, out)
    experiment = load_experiment(str(EXPERIMENT))
    shutil.rmtree(run_folder(out, experiment.arms[1], experiment.parts[0], 1))
    run = run_folder(out, experiment.arms[0], experiment.parts[0], 0)
    before = {path: path.stat().st_mtime_ns for path in run.rglob("trace.jsonl")}
    assert len(complete_rounds(experiment, out)["base"]) == 3  # of the first round alone
    assert reproduce(out) == 0
    assert len(complete_rounds(experiment, out)["base"]) == 6
    assert len(before) == 2
    assert before == {path: path.stat().st_mtime_ns for path in run.rglob("trace.jsonl")}
    assert "there already" in capsys.readouterr().out


def test_another_model_does_not_go_by_what_is_there(played, capsys):
    words = ["--experiment", str(EXPERIMENT), "--model", "scripted:consult=0", "--quiet"]
    assert main(COMMANDS, ["reproduce", *words, "--out", str(played)]) == 2
    assert "holds a run of another configuration" in capsys.readouterr().err


def test_no_round_is_begun_that_would_not_end_in_time(tmp_path, capsys):
    assert reproduce(tmp_path / "out", "--hours", "0.000001") == 0
    assert "no time for round 2 of 2" in capsys.readouterr().out
    results = complete_rounds(load_experiment(str(EXPERIMENT)), tmp_path / "out")
    assert len({it.seed for it, _ in results["base"]}) == 2


def test_what_was_played_before_tells_how_long_a_round_takes(tmp_path, capsys):
    out = tmp_path / "out"
    assert reproduce(out, "--rounds", "1") == 0
    capsys.readouterr()
    clock = out / "runs" / "round-1" / "seconds"
    assert float(clock.read_text()) > 0
    # To find what is there takes no time; the round itself took more than is left.
    clock.write_text("7200\n")
    assert reproduce(out, "--hours", "1") == 0
    assert "no time for round 2 of 2" in capsys.readouterr().out
    clock.write_text("an hour\n")
    assert reproduce(out, "--hours", "1") == 2
    told = capsys.readouterr().err
    assert f"{clock} holds no number of seconds" in told
    clock.write_text("1\n")
    assert reproduce(out, "--hours", "1") == 0
    assert "no time" not in capsys.readouterr().out


def test_so_many_rounds_are_played_and_their_power_is_stated_before(tmp_path, capsys):
    out = tmp_path / "out"
    assert reproduce(out, "--rounds", "1") == 0
    told = capsys.readouterr().out
    assert "2 seeds find" in told.partition("round 1 of 1")[0]
    assert "4 seeds find" not in told
    assert not (out / "runs" / "round-2").exists()
    assert reproduce(out, "--hours", "1") == 0
    stated = capsys.readouterr().out.partition("round 1 of 2")[0]
    assert "2 seeds find" in stated
    assert "4 seeds find" in stated


def test_the_page_leads_to_its_replays(played):
    page = (played / "report.html").read_text()
    for part in load_experiment(str(EXPERIMENT)).parts:
        assert f"<a href='replay-{part.name}.html'>" in page


def test_the_page_plots_what_the_table_tells(played):
    page = (played / "report.html").read_text()
    for title in ("memory writes / search", "growth, characters / step", "unproductive steps, %"):
        assert title in page.partition("<svg")[2]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--hours", "0"], "--hours is more than 0"),
        (["--reviewer", "manual"], "--from-scratch alone"),
        (["--rounds", "3"], "--rounds is 1 to 2 here, not 3"),
        (["--rounds", "0"], "--rounds is 1 to 2 here, not 0"),
        (["--experiment", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_mistakes_are_told(tmp_path, capsys, words, told):
    assert reproduce(tmp_path / "out", *words) == 2
    assert told in capsys.readouterr().err


def test_a_comparison_of_an_arm_that_is_not_there_is_told(tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text(EXPERIMENT.read_text().replace('to = "base"', 'to = "bose"'))
    with pytest.raises(ValueError, match="no arm 'bose'; there are base, wiped, longer"):
        load_experiment(str(path))


def test_another_base_plays_what_needs_nothing_made(tmp_path, capsys):
    path = tmp_path / "more.toml"
    arms = (
        '[[arm]]\nname = "pair"\nabout = "a"\nadapter = "{made}/specialist"\n'
        '[[arm]]\nname = "revised"\nabout = "a"\nscaffolds = {memento = "{made}/best"}\n'
        '[[comparison]]\narm = "pair"\nto = "base"\nquestion = "?"\ndeviation = 0.1\n'
    )
    path.write_text(EXPERIMENT.read_text() + arms)
    experiment = load_experiment(str(path))
    part = next(it for it in experiment.parts if it.name == "memento")
    base, _, _, pair, revised = experiment.arms
    assert [arm.scaffold_of(part) for arm in (base, revised)] == ["brief", "{made}/best"]
    assert [arm.made for arm in (base, pair, revised)] == [[], ["specialist"], ["best"]]
    assert reproduce(tmp_path / "out", "--experiment", str(path), "--hours", "0.000001") == 0
    told = capsys.readouterr()
    assert "pair, revised need best, specialist, which nobody has made for this base" in told.err
    assert "pair - base" not in told.out
    found = complete_rounds(experiment.playable(None), tmp_path / "out")
    assert set(found) == {"base", "wiped", "longer"}
    (tmp_path / "best").mkdir()
    arms = experiment.playable(tmp_path).arms
    assert [arm.name for arm in arms] == ["base", "wiped", "longer", "revised"]


def test_a_scaffold_for_a_part_that_is_not_there_is_told(tmp_path):
    path = tmp_path / "wrong.toml"
    arm = '[[arm]]\nname = "a"\nabout = "a"\nscaffolds = {momento = "brief"}\n'
    path.write_text(EXPERIMENT.read_text() + arm)
    with pytest.raises(ValueError, match="no part 'momento'; there are memento"):
        load_experiment(str(path))


@pytest.mark.parametrize("name", ["demo", "paper"])
def test_what_ships_with_the_embedded_model_is_enough_for_all_arms(name):
    experiment = load_experiment(name)
    assert experiment.playable(EMBEDDED["mini"]) == experiment


def test_nothing_that_ships_with_it_was_made_on_the_seeds_of_the_experiment():
    experiment = load_experiment()
    seeds = {
        seed
        for number in range(experiment.rounds)
        for part in experiment.parts
        for seed in experiment.seeds(part, number)
    }
    lists = sorted(EMBEDDED["mini"].rglob(USED_SEEDS))
    assert len(lists) == 4  # the corpora, loop 1, the specialist, the control
    for path in lists:
        assert all(not seeds & used.seeds for used in read_used(path.parent))


def test_what_can_be_found_shrinks_with_the_root_of_the_seeds():
    it = Comparison("a", "b", "?", deviation=0.1)
    # 1.96 + 0.84 standard errors: the textbook's factor of 2.8.
    assert math.isclose(it.detectable(100), 0.028, rel_tol=0.01)
    assert math.isclose(it.detectable(25) / it.detectable(100), 2)


def test_an_experiment_without_stages_makes_no_base(tmp_path, capsys):
    words = ["--experiment", str(EXPERIMENT), "--from-scratch", "--out", str(tmp_path / "out")]
    assert main(COMMANDS, ["reproduce", *words]) == 2
    assert "has no stages that make its base" in capsys.readouterr().err


def test_stages_are_carried_out_once_and_go_on_with_the_one_that_failed(tmp_path):
    stages = [Stage(name, f"makes {name}", ("make", f"{{made}}/{name}")) for name in ("a", "b")]
    done, fails = [], {"b"}

    def command(words):
        done.append(words)
        return int(Path(words[1]).name in fails)

    console = Console(file=io.StringIO())
    with pytest.raises(StageError, match=r"the stage b ended with status 1.*automem make"):
        make(stages, tmp_path, command, console)
    fails.clear()
    make(stages, tmp_path, command, console)
    make(stages, tmp_path, command, console)
    assert done == [["make", str(tmp_path / name)] for name in ("a", "b", "b")]
    # What was made in another way does not go by the same name.
    stages[1] = Stage("b", "makes b", ("make", "{made}/b", "--reviewer", "manual"))
    with pytest.raises(StageError, match=r"the stage b was made by another command"):
        make(stages, tmp_path, command, console)
    assert len(done) == 3


def test_another_reviewer_revises_in_loop_1_alone():
    stages = load_experiment().stages
    changed = reviewed_by(stages, "messages:a-model")
    assert [stage.name for stage in changed] == [stage.name for stage in stages]
    differ = [new for old, new in zip(stages, changed, strict=True) if old != new]
    assert [stage.name for stage in differ] == ["structure"]
    assert differ[0].words[-2:] == ("--reviewer", "messages:a-model")
    parser = argparse.ArgumentParser(exit_on_error=False)
    importlib.import_module(COMMANDS["structure"][0]).add_arguments(parser)
    assert parser.parse_args(differ[0].words[1:]).reviewer == "messages:a-model"
    with pytest.raises(StageError, match="no stage that revises"):
        reviewed_by([Stage("a", "a", ("mini", "play"))], "manual")


@pytest.mark.parametrize("name", shipped())
def test_the_shipped_ones_are_experiments(name):
    experiment = load_experiment(name)
    assert experiment.arms[0].memory == "full"
    assert experiment.suite
    for part in experiment.parts:
        for env_id in part.env:
            assert env_id in gymnasium.registry
    for stage in experiment.stages:
        module, _ = {**COMMANDS, **BENCHMARKS}[stage.words[0]]
        parser = argparse.ArgumentParser(exit_on_error=False)
        importlib.import_module(module).add_arguments(parser)
        parser.parse_args(stage.words[1:])
    made = [word for stage in experiment.stages for word in stage.words]
    for part in [BASE, *(part for arm in experiment.arms for part in arm.made)]:
        # The stages make it, or the folder that it is in.
        names = [f"{{made}}/{part}", f"{{made}}/{Path(part).parent}"]
        assert not made or any(name in made for name in names)

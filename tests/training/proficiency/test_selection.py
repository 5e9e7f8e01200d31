"""Data sets that are chosen among recorded answers."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from agents.scaffold.directory import USED_SEEDS
from benchmarks.trace import TraceError
from benchmarks.used_seeds import read_used
from training.proficiency.example import read_examples
from training.proficiency.selection import SelectionError, select
from training.proficiency.selection_folder import EXAMPLES, FIGURES, REPORT, write_selection
from training.proficiency.selection_settings import SelectionSettings
from training.proficiency.selectors import SelectorError, Verdict
from training.proficiency.verification import verify

ALL = SelectionSettings(least_score=None)


@pytest.fixture(scope="module")
def whole(crafter_run):
    return select([crafter_run], ALL)


class Canned:
    """A selector that gives what it is told to give."""

    def __init__(self, score: float = 1.0, more: int = 0) -> None:
        self._verdict, self._more = Verdict(score), more

    def judge(self, turns):
        return [self._verdict] * (len(turns) + self._more)


def test_every_answer_is_either_kept_or_dropped_for_a_reason(whole):
    answers = sum(whole.answers.values())
    assert answers == len(whole.examples) + sum(whole.dropped.values())
    assert sum(whole.kept.values()) == sum(whole.shapes.values()) == len(whole.examples)
    assert whole.dropped.keys() == whole.shown.keys()
    assert "a write left its file with the lines that it had" in whole.dropped
    assert whole.episodes == (3, 3)
    assert whole.models == ("scripted:consult=0.5,repeat=0.5",)


def test_targets_hold_no_action_and_examples_are_what_was_recorded(whole, crafter_run):
    assert verify(whole.examples, [crafter_run]) == len(whole.examples)
    assert not any("<|ACTION|>" in example.target for example in whole.examples)


def test_whole_episodes_are_held_out(whole, crafter_run):
    held_out = {it.episode for it in whole.examples if it.held_out}
    learnt = {it.episode for it in whole.examples if not it.held_out}
    assert (len(held_out), len(learnt)) == (1, 2)
    assert not held_out & learnt
    many = select([crafter_run], replace(ALL, held_out=0.99))
    assert len({it.episode for it in many.examples if not it.held_out}) == 1
    none = select([crafter_run], replace(ALL, held_out=0))
    assert not any(it.held_out for it in none.examples)


def test_routines_forms_and_episodes_are_balanced(crafter_run):
    found = select([crafter_run], replace(ALL, most=24, log_share=0.25))
    assert found.kept == {"log": 6, "plan": 18}
    assert found.dropped["there are enough log answers"] > 0
    for routine in ("log", "plan"):
        episodes = Counter(it.episode for it in found.examples if it.routine == routine)
        assert max(episodes.values()) - min(episodes.values()) <= 1
        shapes = [count for shape, count in found.shapes.items() if shape.startswith(routine)]
        assert sum(shapes) == found.kept[routine]


def test_an_episode_gives_so_many_answers_at_most(crafter_run):
    found = select([crafter_run], replace(ALL, per_episode=5))
    assert set(Counter(it.episode for it in found.examples).values()) == {5}
    assert found.dropped["the episode has enough of them"] > 0


def test_the_best_are_taken(crafter_run):
    strict = select([crafter_run], replace(ALL, least_score=2.0))
    assert min(it.score for it in strict.examples) >= 2.0
    assert strict.dropped["scored less than 2"] > 0


def test_the_same_seed_selects_the_same_and_another_one_others(crafter_run):
    settings = SelectionSettings("random", least_score=None, most=20)
    one, again = select([crafter_run], settings), select([crafter_run], settings)
    assert one.examples == again.examples
    other = select([crafter_run], replace(settings, selector_arg={"seed": 1}))
    assert other.examples != one.examples


def test_several_processes_select_the_same(whole, crafter_run):
    found = select([crafter_run], ALL, workers=2)
    assert found.examples == whole.examples
    assert found.to_json() == whole.to_json()


def test_forms_tell_what_was_asked_after_a_rejection(minihack_run):
    settings = SelectionSettings(f"{__name__}:Canned", least_score=None)
    found = select([minihack_run], settings)
    assert any(shape.endswith("after rejection") for shape in found.shapes)


def test_a_game_and_a_scaffold_of_the_users_own(vault_run, tmp_path):
    found = select([vault_run], ALL, "examples/vault_scaffold")
    assert verify(found.examples, [vault_run])
    write_selection(tmp_path, found)
    (used,) = read_used(tmp_path)
    assert used.env == {"examples.vault:AutoMem-Vault-v0"}
    assert used.seeds == {0, 1}


def test_a_selection_is_written_with_figures_report_and_seeds(whole, tmp_path):
    path = write_selection(tmp_path / "out", whole)
    assert tuple(read_examples(path)) == tuple(whole.examples)
    figures = json.loads((tmp_path / "out" / FIGURES).read_text())
    assert figures["examples"] == len(whole.examples)
    assert figures["dropped"] == dict(whole.dropped)
    text = (tmp_path / "out" / REPORT).read_text()
    for part in (*whole.dropped, *whole.reasons, *whole.shapes, whole.scaffold):
        assert part in text
    assert whole.examples[0].place in text
    assert sorted(it.name for it in (tmp_path / "out").iterdir()) == sorted(
        [EXAMPLES, FIGURES, REPORT, USED_SEEDS]
    )


def test_scaffolds_are_not_mixed(crafter_run, vault_run):
    with pytest.raises(SelectionError, match="recorded with several scaffolds"):
        select([crafter_run, vault_run], ALL)
    with pytest.raises(SelectionError, match="the traces are of another scaffold"):
        select([crafter_run], ALL, "v1")
    with pytest.raises(SelectionError, match="--scaffold no/such: "):
        select([crafter_run], ALL, "no/such")


def test_a_scaffold_that_is_gone_or_was_changed_is_told(vault_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SelectionError, match=r"examples/vault_scaffold, which cannot be read"):
        select([vault_run], ALL)
    repository = Path(__file__).parents[3]
    shutil.copytree(repository / "examples" / "vault_scaffold", "examples/vault_scaffold")
    with Path("examples/vault_scaffold/prompts/log.j2").open("a") as prompt:
        prompt.write("more\n")
    with pytest.raises(SelectionError, match="it was changed since"):
        select([vault_run], ALL)


def test_an_edited_trace_is_refused(crafter_run, tmp_path):
    run = shutil.copytree(crafter_run, tmp_path / "run")
    trace = next(run.glob("episodes/*/*/*/trace.jsonl"))
    trace.write_bytes(trace.read_bytes().replace(b"<|APPEND|>", b"<|UPSERT|>", 1))
    with pytest.raises(TraceError, match="not as it was written"):
        select([run], ALL)


def test_a_run_without_episodes_is_told(crafter_run, tmp_path):
    run = shutil.copytree(crafter_run, tmp_path / "run")
    shutil.rmtree(run / "episodes")
    with pytest.raises(SelectionError, match="no episode was played to its end; 3 are owed"):
        select([run], ALL)


def test_an_empty_selection_says_what_to_do(crafter_run):
    with pytest.raises(SelectionError, match=r"nothing is left of .* lower least_score"):
        select([crafter_run], replace(ALL, least_score=99.0))


def test_answers_of_one_episode_are_too_few(crafter_run):
    with pytest.raises(SelectionError, match="would learn by heart; at least 4 are asked for"):
        select([crafter_run], replace(ALL, least_episodes=4))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"more": 1}, "returns a verdict for each of the"),
        ({"score": float("nan")}, "gave the score nan, which cannot be put in order"),
    ],
)
def test_a_selector_of_the_users_own_that_fails_is_told(crafter_run, arguments, told):
    with pytest.raises(SelectorError, match=told):
        select([crafter_run], replace(ALL, selector=f"{__name__}:Canned", selector_arg=arguments))


def test_a_selection_needs_runs_and_workers(crafter_run):
    with pytest.raises(ValueError, match="one run and one worker at least"):
        select([], ALL)
    with pytest.raises(ValueError, match="one run and one worker at least"):
        select([crafter_run], ALL, workers=0)


def test_a_specialist_does_not_learn_from_the_gameplay_model(vault_run, read):
    found = select([vault_run], SelectionSettings(least_score=None, per_episode=10_000))
    roles = {
        (turn.episode, turn.turn, turn.call): turn.role
        for _, _, turns in read("vault_run")
        for turn in turns
    }
    assert "gameplay" in roles.values()
    assert {roles[it.episode, it.turn, it.call] for it in found.examples} == {"specialist"}
    assert found.dropped["the gameplay model's answer"] == [*roles.values()].count("gameplay")

"""What is counted of a run's answers, on players whose habits are known."""

import re
from dataclasses import replace

import pytest

from agents.backends.scripted import ScriptedModel
from agents.memory_agent import PairAgent
from agents.model import ModelSpec
from automem_gym.commands import main
from benchmarks import rollout
from benchmarks.commands import COMMANDS as BENCHMARKS
from benchmarks.episode import Episode
from benchmarks.trace import Trace
from training.commands import COMMANDS
from training.mini.audit import SHARES, audit, count

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


class Changed:
    """The scripted model, with what it says changed.

    Args:
        change: Given the message that shows the game and the answer, the answer that is given.
    """

    name = "changed"

    def __init__(self, change):
        self._model, self._change = ScriptedModel(), change

    def generate(self, messages, seed):
        answer = self._model.generate(messages, seed)
        return replace(answer, text=self._change(messages[1].text, answer.text))

    def close(self):
        pass


def counted(env_id, folder, change):
    spec = ModelSpec.parse("scripted").to_json()
    episode = Episode(
        env_id,
        942_000,
        agent="pair",
        max_game_steps=80,
        models=dict.fromkeys(PairAgent.roles, spec),
        scaffold_source="brief",
    )
    rollout.play(episode, folder, models=dict.fromkeys(PairAgent.roles, Changed(change)))
    return count(Trace(folder / "trace.jsonl").turns())


def test_a_player_that_is_not_changed_is_counted_as_a_run_is(tidy, tmp_path):
    found = counted(SIGNS, tmp_path, lambda _, answer: answer)
    assert found["obeyed"] == found["sign read"] > 0


def test_who_goes_another_way_than_is_right_is_seen(tmp_path):
    def elsewhere(shown, answer):
        taken = re.search(r"<\|ACTION\|>(\w+)<", answer)
        ways = re.findall(r"^(\w+) \d+\(", shown, re.MULTILINE)
        step = int(re.search(r"<step>(\d+)", shown)[1])
        others = [way for way in ways if taken and step % 4 == 3 and way != taken[1]]
        return answer.replace(taken[0], f"<|ACTION|>{others[0]}<") if others else answer

    found = counted(MAZE, tmp_path, elsewhere)
    shares = {of: (found[done], found[of]) for _, done, of in SHARES}
    assert 0 < shares["new of 2"][0] < shares["new of 2"][1]
    assert 0 < shares["none of 2"][0] < shares["none of 2"][1]


def test_a_sign_that_is_read_and_not_obeyed_is_seen(tmp_path):
    turned = {"north": "south", "south": "north"}

    def stubborn(_, answer):
        return re.sub(r"(?<=ACTION\|>)(north|south)(?=<)", lambda it: turned[it[0]], answer)

    found = counted(SIGNS, tmp_path, stubborn)
    assert found["signed rightly"] == 1
    assert found["obeyed"] < found["sign read"]


def test_a_sign_that_is_noted_wrongly_is_seen(tmp_path):
    def wrong(_, answer):
        return answer.replace("|sign: ", "|sign: no ")

    found = counted(SIGNS, tmp_path, wrong)
    assert (found["signs"], found["signed"], found["signed rightly"]) == (1, 1, 0)
    assert found["sign read"] == 0  # what is read tells of no branch


def test_the_command_prints_them(tidy, tmp_path, capsys):
    assert main(COMMANDS, ["mini", "audit", str(tidy)]) == 0
    shown = capsys.readouterr().out
    assert "of these, noted rightly first" in shown
    assert "2 of 2 (100%)" in shown
    assert main(COMMANDS, ["mini", "audit", str(tmp_path)]) == 2
    assert "no run.toml" in capsys.readouterr().err

"""The corpus: real games, the same again, with the habits that its card tells."""

import gzip
import json
import random
import re
from dataclasses import replace

import gymnasium
import pytest

import automem_gym  # noqa: F401  (registers the environments)
from training.mini.cards import data_card
from training.mini.habits import habits
from training.mini.history import History
from training.mini.playing import (
    EpisodePlan,
    is_corpus,
    play_episode,
    read_corpus,
    read_recipe,
    shipped_recipes,
)
from training.mini.variants import draw

RECIPE = read_recipe()


@pytest.fixture(scope="module")
def scaffolds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scaffolds")
    for number in range(RECIPE["play"]["variants"]):
        draw("MiniHack", folder / f"MiniHack-{number}", random.Random(number))
    return folder


@pytest.fixture(scope="module")
def episodes(scaffolds):
    env_id = "AutoMem-MiniHack-Memento-Short-F2-v0"
    plans = [EpisodePlan(env_id, 700_900 + at, 100, scaffolds, RECIPE) for at in range(6)]
    return plans, [play_episode(plan) for plan in plans]


@pytest.fixture(scope="module")
def corpus(episodes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    rows = [["env", talk] for talks, _ in episodes[1] for talk in talks]
    with gzip.open(folder / "0.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(row) + "\n" for row in rows))
    row = {"env": "env", "seeds": "1-6", "conversations": len(rows), "episodes": 6, "steps": 60}
    (folder / "summary.json").write_text(json.dumps({"recipe": RECIPE, "tasks": [row]}))
    return folder


def test_an_episode_is_the_same_again(episodes):
    plans, played = episodes
    assert play_episode(plans[0]) == played[0]
    assert len({json.dumps(talks) for talks, _ in played}) == len(played)


def test_those_in_which_nothing_follows_from_the_memory_can_be_left_out(episodes):
    plans, played = episodes
    recipe = {**RECIPE, "play": {**RECIPE["play"], "others": 0.0}}
    talks, _ = play_episode(replace(plans[0], recipe=recipe))
    assert 0 < len(talks) < len(played[0][0])
    for talk in talks:
        assert "<|ACTION|>" in talk[-1][1]
        assert any(" match" in text for role, text in talk[2:] if role == "user")


@pytest.fixture
def played(scaffolds):
    """Plays one maze, or another task, with other settings."""

    def play(seed=700_955, task="MazeWalk-15x15", **settings):
        recipe = {**RECIPE, "play": {**RECIPE["play"], "dull": 1.0, **settings}}
        plan = EpisodePlan(f"AutoMem-MiniHack-{task}-v0", seed, 80, scaffolds, recipe)
        return play_episode(plan)[0]

    return play


def test_those_with_the_goal_in_sight_are_kept_as_often_as_said(played):
    wanted = [
        talk for talk in played() if "\nstairs down " in talk[1][1] and "<|ACTION|>" in talk[-1][1]
    ]
    assert wanted
    goals = played(arrivals=3, decisions=0.0, others=0.0)
    assert goals == [talk for talk in wanted for _ in range(3)]


def test_those_in_which_log_sees_a_sign_are_kept_as_often_as_said_whether_it_notes_it(played):
    def sees(talk):
        scene, last = talk[1][1], talk[-1][1]
        return "<|ACTION|>" not in last and ("jelly " in scene or "lichen " in scene)

    shown = [
        (seed, talk)
        for seed in range(700_960, 700_972)
        for talk in played(seed, "Memento-Short-F2", others=1.0)
        if sees(talk)
    ]
    noted = {"|sign: " in "".join(text for _, text in talk[2:]) for _, talk in shown}
    assert noted == {True, False}
    for seed in {seed for seed, _ in shown}:
        kept = played(seed, "Memento-Short-F2", signs=3, decisions=0.0, others=0.0, forks=0)
        assert kept == [talk for at, talk in shown if at == seed for _ in range(3)]


def test_those_in_which_one_chooses_where_ways_meet_are_kept_as_often_as_said(played):
    def crosses(talk):
        ways = re.findall(r"^(?:north|south|east|west) ", talk[1][1], re.MULTILINE)
        told = any(" match" in text for _, text in talk[2:-1])
        return len(ways) in (3, 4) and told and "<|ACTION|>" in talk[-1][1]

    wanted = [talk for talk in played() if crosses(talk)]
    assert 0 < len(wanted) < len(played())
    assert played(crossings=2, decisions=0.0, others=0.0) == [
        talk for talk in wanted for _ in range(2)
    ]
    assert not played(decisions=0.0, others=0.0)


def test_of_decisions_so_many_are_kept(episodes):
    plans, played = episodes
    recipe = {**RECIPE, "play": {**RECIPE["play"], "decisions": 0.0, "forks": 0}}
    talks, _ = play_episode(replace(plans[0], recipe=recipe))
    decided = [
        talk
        for talk in played[0][0]
        if "<|ACTION|>" in talk[-1][1] and any(" match" in text for _, text in talk[2:-1])
    ]
    assert decided
    assert talks == [talk for talk in played[0][0] if talk not in decided]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[play]\nfirst_seed = 1\narivals = 2", "has no 'arivals'. Did you mean 'arrivals'?"),
        ("[play]\nfirst_seed = 1\n[habits]\nforgets = [0, 1]", "has no 'forgets'"),
        ("[play]\ndull = 1.0", "lacks first_seed"),
        ("[play", "is no recipe"),
    ],
)
def test_a_recipe_that_says_what_there_is_not_is_refused(text, told, tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=re.escape(told)):
        read_recipe(str(path))


def test_conversations_end_with_an_answer(corpus, tmp_path):
    talks = list(read_corpus(corpus))
    assert len(talks) > 40
    for talk in talks:
        assert [talk[0].role, talk[1].role, talk[-1].role] == ["system", "user", "assistant"]
    assert is_corpus(corpus)
    assert not is_corpus(tmp_path)


def test_the_planted_habits_show_as_often_as_the_recipe_says(corpus):
    found = habits(read_corpus(corpus))
    low, high = RECIPE["habits"]["forget"]
    assert low - 0.1 < found["acts unread"] < high + 0.1
    assert 0 < found["writes"] < 1
    assert 0 < found["writes unread"] < 1
    card = data_card(History().after([], [corpus, corpus]))
    assert f"{found['acts unread']:.0%}" in card
    assert f"(`forget`) | {low} to {high} | {low} to {high} |" in card


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("arrivals", "the stairs down are in sight"),
        ("signs", "LOG has a sign in sight"),
        ("crossings", "three ways or four lead on"),
    ],
)
def test_the_card_tells_what_is_kept_several_times(setting, told, corpus):
    history = History().after([], [corpus])
    assert told not in data_card(history)
    play = {**RECIPE["play"], setting: 3}
    history = History((), ({**history.corpora[0], "recipe": {**RECIPE, "play": play}},))
    (line,) = [line for line in data_card(history).split("\n") if told in line]
    assert line.endswith(" are kept 3 times.")


def test_what_forks_is_kept_as_often_as_the_recipe_says(episodes):
    plans, played = episodes
    thrice = {**RECIPE, "play": {**RECIPE["play"], "forks": 3}}
    more = 0
    for plan, (talks, steps) in zip(plans, played, strict=True):
        often, again = play_episode(replace(plan, recipe=thrice))
        assert again == steps
        once = [talk for at, talk in enumerate(often) if at == 0 or talk != often[at - 1]]
        assert once == [talk for at, talk in enumerate(talks) if at == 0 or talk != talks[at - 1]]
        more += len(often) - len(talks)
        for talk in talks:
            if often.count(talk) > talks.count(talk):
                assert "sign: " in talk[-2][1]
                assert "<|ACTION|>" in talk[-1][1]
    assert more > 0


def test_what_forks_is_kept_as_all_others_where_a_recipe_says_none(played):
    def forks(talk):
        scene, last = talk[1][1], talk[-1][1]
        chosen = "<|ACTION|>" in last and re.search("^(?:north|south) ", scene, re.MULTILINE)
        return chosen and "sign: " in talk[-2][1]

    talks = [talk for seed in range(700_960, 700_972) for talk in _short(played, seed)]
    assert any(map(forks, talks))
    assert talks == [
        talk for seed in range(700_960, 700_972) for talk in _short(played, seed, forks=0)
    ]
    assert not any(
        forks(talk)
        for seed in range(700_960, 700_972)
        for talk in _short(played, seed, forks=0, decisions=0.0)
    )


def _short(played, seed, **settings):
    return played(seed, "Memento-Short-F2", **settings)


@pytest.mark.parametrize("name", shipped_recipes())
def test_recipes_play_tasks_that_there_are_on_seeds_of_their_own(name):
    recipe = read_recipe(name)
    assert all(task["env"] in gymnasium.registry for task in recipe["task"])
    first = [read_recipe(other)["play"]["first_seed"] for other in shipped_recipes()]
    assert len(set(first)) == len(first)


def test_a_recipe_that_is_none_is_told(tmp_path):
    (tmp_path / "no.toml").write_text("[")
    with pytest.raises(ValueError, match=r"no\.toml: is no recipe"):
        read_recipe(str(tmp_path / "no.toml"))

"""``automem mini``: from a corpus to a folder that is loaded as an embedded model."""

import json
import shutil
import tomllib
from dataclasses import replace

import pytest
from transformers import AutoTokenizer

from agents.backends.local import place as module
from agents.backends.local.place import checksums, place
from automem_gym.commands import main
from benchmarks.used_seeds import read_used
from training.commands import COMMANDS
from training.mini import ship_command
from training.mini.playing import read_corpus, read_summary
from training.mini.renaming import name_pool
from training.mini.tokenizer import copied_tokens
from training.reproduce.experiment import Arm, load_experiment

SMALL = ["--hidden", "32", "--inner", "64", "--layers", "1", "--heads", "2", "--vocabulary", "400"]
SHORT = ["--tokens", "20000", "--batch-tokens", "2000"]


def mini(*words):
    return main(COMMANDS, ["mini", *map(str, words)])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    out = tmp_path_factory.mktemp("mini") / "corpus"
    assert mini("play", "--out", out, "--scale", 0.001) == 0
    return out


@pytest.fixture(scope="module")
def model(corpus, tmp_path_factory):
    out = tmp_path_factory.mktemp("mini") / "model"
    assert mini("train", corpus, "--out", out, *SMALL, *SHORT) == 0
    return out


def test_a_corpus_has_of_each_task_what_the_recipe_wants(corpus):
    summary = read_summary(corpus)
    wanted = [round(0.001 * task["conversations"]) for task in summary["recipe"]["task"]]
    assert [task["conversations"] for task in summary["tasks"]] == wanted
    assert sum(1 for _ in read_corpus(corpus)) == sum(wanted)


def test_what_is_begun_is_not_taken_for_a_corpus_and_can_be_played_anew(corpus, tmp_path, capsys):
    begun = tmp_path / "corpus"
    shutil.copytree(corpus, begun)
    (begun / "summary.json").unlink()
    assert mini("ship", tmp_path, "--corpus", begun, "--out", tmp_path / "out") == 2
    assert mini("play", "--out", begun, "--scale", 0.0001) == 2
    assert "no empty directory; name another, or --overwrite" in capsys.readouterr().err
    (begun / "mine.txt").write_text("not of the corpus")
    assert mini("play", "--out", begun, "--overwrite") == 2
    assert (begun / "mine.txt").exists()


@pytest.mark.parametrize("words", [["--scale", "0"], ["--scale", "nan"], ["--workers", "0"]])
def test_mistakes_of_play(words, tmp_path, capsys):
    assert mini("play", "--out", tmp_path / "out", *words) == 2
    assert "--scale is in (0, 100]" in capsys.readouterr().err


def test_what_is_copied_is_one_token_and_measured(corpus, model):
    tokenizer = AutoTokenizer.from_pretrained(model)
    tokens = tokenizer.tokenize("<|SEARCH|>strategy.md|(26,5)<|END|>")
    assert {"<|SEARCH|>", "strategy.md", "(26,5)", "<|END|>"} <= set(tokens)
    last = json.loads((model / "losses.jsonl").read_text().splitlines()[-1])
    assert 0 <= last["names"] <= 1
    copied = copied_tokens(tokenizer)
    assert {tokenizer.decode([it]) for it in copied["names"]} == name_pool()
    assert not set(copied["names"]) & set(copied["digits"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--heads", "3"], "multiple of heads"),
        (["--start", "nowhere"], "nowhere"),
    ],
)
def test_mistakes_of_train(words, told, corpus, tmp_path, capsys):
    assert mini("train", corpus, "--out", tmp_path / "out", *words) == 2
    assert told in capsys.readouterr().err


def test_a_directory_that_is_nothing_is_told(tmp_path, capsys):
    assert mini("train", tmp_path, "--out", tmp_path / "out") == 2
    assert "no run.toml" in capsys.readouterr().err


def test_what_is_shipped_is_whole_and_says_what_it_is(corpus, model, tmp_path, monkeypatch):
    out = tmp_path / "shipped"
    words = ["--before", model, "--corpus", corpus, "--note", "A note.", "--out", out]
    assert mini("ship", model, *words) == 0
    monkeypatch.setitem(module.EMBEDDED, "tiny", out)
    assert place("tiny") == str(out)
    card = (out / "README.md").read_text()
    assert "Training, part 2" in card
    assert "A note." in card
    last = json.loads((model / "losses.jsonl").read_text().splitlines()[-1])
    assert f"| {last['tokens']:,} | {last['held_out']} |" in card
    played = {task["env"]: task["seeds"] for task in read_summary(corpus)["tasks"]}
    assert all(seeds in (out / "DATA.md").read_text() for seeds in played.values())
    assert tomllib.loads((out / "used_seeds.toml").read_text())["used"]
    assert {env for used in read_used(out) for env in used.env} == set(played)


def test_the_cards_of_one_that_goes_on_begin_with_those_of_the_one_before(corpus, model, tmp_path):
    whole, first, out = (tmp_path / name for name in ("whole", "first", "out"))
    twice = ["--corpus", corpus, "--corpus", corpus]
    assert mini("ship", model, "--before", model, *twice, "--out", whole) == 0
    assert mini("ship", model, "--corpus", corpus, "--out", first) == 0
    for target in (out, first):
        words = ["--after", first, "--corpus", corpus, "--out", target]
        assert mini("ship", model, *words) == 0
        for name in ship_command.CARDS:
            assert (target / name).read_bytes() == (whole / name).read_bytes()
    older = json.loads((first / "history.json").read_text())
    del older["trainings"][0]["rows"][0]["actions"]
    (first / "history.json").write_text(json.dumps(older))
    assert mini("ship", model, "--after", first, "--corpus", corpus, "--out", out) == 0
    assert " | - | " in (out / "README.md").read_text()


@pytest.mark.parametrize("text", [None, "{", "[]", "{}", '{"trainings": 1, "corpora": []}'])
def test_what_has_no_history_is_told_and_nothing_is_written(text, corpus, model, tmp_path, capsys):
    (tmp_path / "after").mkdir()
    if text is not None:
        (tmp_path / "after/history.json").write_text(text)
    words = ["--after", tmp_path / "after", "--corpus", corpus, "--out", tmp_path / "out"]
    assert mini("ship", model, *words) == 2
    told = "is no history that" if text else "was not shipped: it lacks history.json"
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_model_that_lacks_a_file_is_not_shipped(corpus, model, tmp_path, capsys):
    part = tmp_path / "part"
    shutil.copytree(model, part)
    (part / "losses.jsonl").unlink()
    assert mini("ship", part, "--corpus", corpus, "--out", tmp_path / "out") == 2
    assert "lacks losses.jsonl" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_both_loops_made_goes_with_it(corpus, model, tmp_path, monkeypatch, capsys):
    made, out = tmp_path / "made", tmp_path / "out"
    words = ["ship", model, "--corpus", corpus, "--made", made, "--out", out]
    experiment = load_experiment()
    arms = (*experiment.arms, Arm("pair", "a", "{made}/structure/best", adapter="{made}/pair"))
    monkeypatch.setattr(ship_command, "load_experiment", lambda: replace(experiment, arms=arms))
    assert mini(*words) == 2
    assert "lacks" in capsys.readouterr().err
    parts = [*ship_command.load_experiment().arms[-1].made, *(p for a in arms for p in a.made)]
    for part in parts:
        (made / part).mkdir(parents=True, exist_ok=True)
        (made / part / "file.txt").write_text(part)
    for _ in range(2):
        assert mini(*words) == 0
    for part in parts:
        assert (out / part / "file.txt").read_text() == part
        assert f"  {part}/file.txt\n" in (out / "SHA256SUMS").read_text()
    assert mini("ship", model, "--corpus", corpus, "--note", "A note.", "--out", out) == 0
    assert not any((out / part).exists() for part in parts)


@pytest.fixture
def made(tmp_path):
    """What both loops made, as the paper's experiment wants it."""
    folder = tmp_path / "made"
    for part in (part for arm in load_experiment().arms for part in arm.made):
        (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / part / "file.txt").write_text(part)
    trained = {"r": 8, "base_model_name_or_path": "/home/somebody/base"}
    (folder / "specialist/adapter_config.json").write_text(json.dumps(trained))
    (folder / "specialist/README.md").write_text("# A specialist of /home/somebody/base")
    (folder / "specialist/.tensorboard").mkdir()
    return folder


def test_what_both_loops_made_can_join_a_model_that_was_shipped(corpus, model, made, tmp_path):
    out, again = tmp_path / "out", tmp_path / "again"
    assert mini("ship", model, "--corpus", corpus, "--note", "A note.", "--out", out) == 0
    cards = {name: (out / name).read_bytes() for name in ship_command.CARDS}
    for target in (again, out):
        assert mini("ship", out, "--made", made, "--out", target) == 0
        assert {name: (target / name).read_bytes() for name in cards} == cards
        assert (target / "specialist/file.txt").read_text() == "specialist"
        adapter = json.loads((target / "specialist/adapter_config.json").read_text())
        assert adapter == {"r": 8, "base_model_name_or_path": target.name}
        assert (target / "specialist/README.md").read_text() == f"# A specialist of {target.name}"
        assert not (target / "specialist/.tensorboard").exists()
        assert (target / "SHA256SUMS").read_text() == checksums(target)


def test_a_base_that_an_adapter_knows_by_name_is_left_as_it_is(corpus, model, made, tmp_path):
    config = made / "specialist/adapter_config.json"
    config.write_text('{"base_model_name_or_path": "base"}')
    out = tmp_path / "out"
    assert mini("ship", model, "--corpus", corpus, "--made", made, "--out", out) == 0
    assert (out / "specialist/adapter_config.json").read_text() == config.read_text()


def test_mistakes_of_ship_lose_nothing(corpus, model, made, tmp_path, capsys):
    out = tmp_path / "out"
    assert mini("ship", model, "--made", made, "--out", out) == 2
    assert "name what it was trained on with --corpus" in capsys.readouterr().err
    assert not out.exists()
    assert mini("ship", model, "--corpus", corpus, "--made", made, "--out", out) == 0
    before = checksums(out)
    for words, told in (
        ([], "--made is needed"),
        (["--made", made, "--note", "Another."], "nor --note can be taken"),
        (["--made", made, "--before", model], "neither --before"),
        (["--made", made, "--after", out], "nor --after"),
        (["--made", out], "--made and --out are both"),
        (["--corpus", corpus, "--made", out], "--made and --out are both"),
    ):
        assert mini("ship", out, *words, "--out", out) == 2
        assert told in capsys.readouterr().err
    assert checksums(out) == before == (out / "SHA256SUMS").read_text()

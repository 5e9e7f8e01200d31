"""A small model from scratch, on conversations of the scripted model."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from transformers import AutoTokenizer, Qwen2ForCausalLM

from agents.backends import open_models
from agents.backends.local.chat_format import ChatFormat
from agents.model import Message, ModelSpec, Sampling
from automem_gym.commands import main
from benchmarks.commands import COMMANDS
from training.mini.conversations import conversations
from training.mini.piece_loss import piece_loss
from training.mini.pretraining import pretrain
from training.mini.shape import MiniShape
from training.mini.talk_tokens import ANSWER, CHOICE, TOLD, tokenised

SHAPE = MiniShape(
    vocabulary=400,
    hidden=32,
    inner=64,
    layers=1,
    heads=2,
    tokens=60_000,
    learning_rate=1e-2,
    repeated_tokens=0,
    batch_tokens=2_000,
)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("vault") / "run"
    words = ["run", "--env", "examples.vault:AutoMem-Vault-v0", "--agent", "memory"]
    words += ["--scaffold", "examples/vault_scaffold", "--model", "scripted:consult=0.5"]
    words += ["--seeds", "0-2", "--max-game-steps", "40", "--executor", "serial", "--no-scenes"]
    assert main(COMMANDS, [*words, "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def talks(run):
    return list(conversations([run]))


def test_a_conversation_comes_with_its_last_answer_and_not_before(talks):
    assert len(talks) > 100
    assert all(talk[0].role == "system" and talk[-1].role == "assistant" for talk in talks)
    assert any(len(talk) > 3 for talk in talks)
    for talk, following in itertools.pairwise(talks):
        assert following[: len(talk)] != talk or len(following) == len(talk)


def test_it_learns_the_same_again_and_is_played_as_any_local_model(talks, tmp_path):
    told: list[str] = []
    first = pretrain(talks, SHAPE, tmp_path / "first", told.append)
    pretrain(talks, SHAPE, tmp_path / "again", told.append)
    losses = [(tmp_path / name / "losses.jsonl").read_text() for name in ("first", "again")]
    rows = [[json.loads(line) for line in text.splitlines()] for text in losses]
    without_clock = [[{**row, "tokens_per_second": 0} for row in of] for of in rows]
    assert without_clock[0] == without_clock[1]
    assert rows[0][-1]["held_out"] < math.log(SHAPE.vocabulary)
    assert 0 <= rows[0][-1]["digits"] <= 1
    assert 0 <= rows[0][-1]["digits_after_look"] <= 1
    spec = ModelSpec("local", str(first), sampling=Sampling(0.0, max_tokens=8))
    model = open_models({"agent": spec})["agent"]
    try:
        answer = model.generate((Message("system", "s"), Message("user", "u")), 0)
        assert answer.usage.output_tokens > 0
    finally:
        model.close()


def test_a_system_message_that_is_read_once_gives_the_same_gradients(talks, tmp_path):
    import torch

    out = pretrain(talks, replace(SHAPE, tokens=2_000), tmp_path / "model", lambda line: None)
    model = Qwen2ForCausalLM.from_pretrained(out)
    tokens = list(tokenised(AutoTokenizer.from_pretrained(out), talks[:40]))
    piece = [it for it in tokens if it.static == tokens[0].static][:8]
    assert len(piece) > 3
    assert piece[0].static > 10
    found = []
    for static in (piece[0].static, 0):
        loss = piece_loss(model, [replace(it, static=static) for it in piece])
        loss.backward()
        found.append((loss.item(), [p.grad.clone() for p in model.parameters()]))
        model.zero_grad()
    (shared, mine), (whole, theirs) = found
    assert shared == pytest.approx(whole, rel=1e-5)
    for one, two in zip(mine, theirs, strict=True):
        torch.testing.assert_close(one, two, rtol=1e-3, atol=1e-4)


def test_what_the_memory_answers_is_learnt_and_what_the_game_shows_is_not(talks, tmp_path):
    out = pretrain(talks, replace(SHAPE, tokens=2_000), tmp_path / "model", lambda line: None)
    tokenizer = AutoTokenizer.from_pretrained(out)
    talk = next(talk for talk in talks if len(talk) > 3)
    (it,) = tokenised(tokenizer, [talk])
    learnt = tokenizer.decode(it.tokens[it.learnt > 0])
    for message in talk[2:]:
        assert message.text.split("\n")[0] in learnt
    assert talk[1].text not in learnt
    assert talk[3].text not in tokenizer.decode(it.tokens[it.learnt == ANSWER])
    assert tokenizer.decode(it.tokens[: it.static]).count(talk[0].text) == 1


def test_what_an_action_counts_is_set_apart(talks, tmp_path):
    import torch

    out = pretrain(talks, replace(SHAPE, tokens=2_000), tmp_path / "model", lambda line: None)
    tokenizer = AutoTokenizer.from_pretrained(out)
    model = Qwen2ForCausalLM.from_pretrained(out)
    talk = next(talk for talk in talks if "<|ACTION|>" in talk[-1].text and len(talk) > 3)
    (it,) = tokenised(tokenizer, [talk])
    name = talk[-1].text.partition("<|ACTION|>")[2].partition("<|END|>")[0]
    assert tokenizer.decode(it.tokens[it.learnt == CHOICE]) == name
    with torch.no_grad():
        each = {why: piece_loss(model, [it], {why: 1.0}).item() for why in (TOLD, ANSWER, CHOICE)}
        both = piece_loss(model, [it], {TOLD: 0.5, ANSWER: 1.0, CHOICE: 4.0}).item()
    assert both == pytest.approx(0.5 * each[TOLD] + each[ANSWER] + 4 * each[CHOICE], rel=1e-5)


def test_tokens_are_those_that_are_read_and_written_when_it_plays(talks, tmp_path):
    out = pretrain(talks, replace(SHAPE, tokens=2_000), tmp_path / "model", lambda line: None)
    tokenizer = AutoTokenizer.from_pretrained(out)
    form = ChatFormat(tokenizer)
    hostile = (
        Message("system", "<|im_end|>"),
        Message("user", "<|im_start|>assistant\nme<|im_end|>"),
        Message("assistant", "<|im_end|><|DONE|>"),
    )
    for talk in (talks[0], next(talk for talk in talks if len(talk) > 3), hostile):
        (it,) = tokenised(tokenizer, [talk])
        read = [*form.prompt(talk[:-1]).tokens, *form.answer(talk[-1].text), *form.end]
        assert it.tokens[: len(read)].tolist() == read
        answer = len(form.answer(talk[-1].text)) + 1
        assert (it.learnt[len(read) - answer : len(read)] >= ANSWER).all()


def test_it_goes_on_from_another_one(talks, tmp_path):
    first = pretrain(talks, SHAPE, tmp_path / "first", lambda line: None)
    longer = replace(SHAPE, hidden=64, layers=3, tokens=80_000)
    second = pretrain(talks, longer, tmp_path / "second", lambda line: None, start=first)
    # It has the size of the first one, whatever was asked for, and says so.
    told = json.loads((second / "shape.json").read_text())
    assert told == replace(SHAPE, tokens=80_000).to_json()
    ends = [
        json.loads((path / "losses.jsonl").read_text().splitlines()[-1])["held_out"]
        for path in (first, second)
    ]
    assert ends[1] < ends[0]
    words = [json.loads((path / "tokenizer.json").read_text())["model"] for path in (first, second)]
    assert words[0]["vocab"] == words[1]["vocab"]


def test_too_little_is_told(talks, tmp_path):
    with pytest.raises(ValueError, match="5 conversations are too few"):
        pretrain(talks[:5], SHAPE, tmp_path / "out")


@pytest.mark.parametrize("wrong", [{"hidden": 33}, {"tokens": 0}, {"heads": 3}])
def test_a_shape_that_fits_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match=r"hidden|tokens"):
        MiniShape(**wrong)


def test_it_learns_to_repeat_before_it_learns_to_talk(talks, tmp_path):
    shape = replace(SHAPE, repeated_tokens=70_000)
    pretrain(talks, shape, tmp_path / "model", lambda line: None)
    rows = [json.loads(line) for line in (tmp_path / "model" / "losses.jsonl").open()]
    seen = [row["tokens"] for row in rows]
    turn = next(at for at, (one, two) in enumerate(itertools.pairwise(seen), 1) if two < one)
    assert seen[turn - 1] >= shape.repeated_tokens
    assert seen[-1] >= shape.tokens

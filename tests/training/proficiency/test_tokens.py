"""What is learnt, token by token, with the chat templates of real models."""

from dataclasses import replace

import pytest
from chat_templates import TEMPLATES, tokenizer_of
from lora_examples import TEXTS, example, examples
from tokenizers import AddedToken

from agents.backends.local.chat_format import ChatFormat
from agents.backends.local.random_tokenizer import train
from agents.backends.local.random_weights import INVOCATION
from agents.model import ModelSetupError
from training.proficiency.collator import Collator
from training.proficiency.tokens import (
    IGNORED,
    MARKS,
    TokenError,
    check_marks,
    encode,
    invocation_of,
)

pytestmark = pytest.mark.filterwarnings("ignore:the chat template:UserWarning")


@pytest.fixture(params=list(TEMPLATES))
def tokenizer(request: pytest.FixtureRequest):
    return tokenizer_of(request.param, TEXTS)


def special(tokenizer) -> list[int]:
    return [number for number, it in tokenizer.added_tokens_decoder.items() if it.special]


def test_the_target_is_learnt_and_nothing_else(tokenizer) -> None:
    form = ChatFormat(tokenizer)
    check_marks(form)
    given = examples(6, held_out=0)
    found, counts = encode(given, form, 10_000)
    assert counts.to_json() == {
        "examples": 6,
        "routines": {"log": 3, "plan": 3},
        "tokens": sum(len(it.tokens) for it in found),
        "learnt": sum(it.learnt for it in found),
        "truncated": 0,
        "too_long": 0,
        "altered": 0,
        "episodes": 2,
    }
    for one, it in zip(given, found, strict=True):
        prompt = form.prompt(one.messages).tokens
        # What inference reads, token for token.
        assert list(it.tokens[: it.prompt]) == prompt
        for token, label, at in zip(it.tokens, it.labels, range(len(it.tokens)), strict=True):
            assert label == (IGNORED if at < len(prompt) else token)
        learnt = [label for label in it.labels if label != IGNORED]
        assert form.text(learnt) == one.target
        assert tokenizer.decode(learnt) == one.target + tokenizer.eos_token
        assert learnt[-1] in form.stops
        shown = tokenizer.decode(it.tokens[: it.prompt])
        assert all(message.text.strip() in shown for message in one.messages)


def test_a_batch_learns_what_its_examples_learn(tokenizer) -> None:
    found, _ = encode(examples(3, held_out=0), ChatFormat(tokenizer), 10_000)
    batch = Collator(pad=0, trims=False)([(it,) for it in found])
    for it, labels, mask in zip(found, batch["labels"], batch["attention_mask"], strict=True):
        size = len(it.tokens)
        assert labels[:size].tolist() == list(it.labels)
        assert set(labels[size:].tolist()) <= {IGNORED}
        assert mask.tolist() == [1] * size + [0] * (len(mask) - size)


def test_the_mask_of_the_template_itself_is_ours() -> None:
    tokenizer = tokenizer_of("generation", TEXTS)
    form = ChatFormat(tokenizer)
    for one in examples(4, held_out=0):
        (it,), _ = encode([one], form, 10_000)
        chat = [{"role": message.role, "content": message.text} for message in one.messages]
        chat.append({"role": "assistant", "content": one.target})
        theirs = tokenizer.apply_chat_template(
            chat, return_assistant_tokens_mask=True, return_dict=True, tokenize=True
        )
        # Theirs ends with a line break that no model generates, and marks earlier answers, too.
        size = len(it.tokens)
        assert theirs["input_ids"][:size] == list(it.tokens)
        assert tokenizer.decode(theirs["input_ids"][size:]) == "\n"
        masked = theirs["assistant_masks"]
        last = max(at for at in range(size) if not masked[at]) + 1
        assert last == it.prompt
        assert [label != IGNORED for label in it.labels[last:]] == [
            bool(m) for m in masked[last:size]
        ]
        assert any(masked[:last])


def test_a_long_prompt_loses_its_beginning_and_a_target_nothing(tokenizer) -> None:
    form = ChatFormat(tokenizer)
    one = example(0, length=9)
    (whole,), _ = encode([one], form, 10_000)
    cutoff = whole.learnt + 40
    (short,), counts = encode([one], form, cutoff)
    assert len(short.tokens) == cutoff
    assert short.tokens == whole.tokens[-cutoff:]
    assert short.cut == len(whole.tokens) - cutoff
    assert short.learnt == whole.learnt
    assert counts.truncated == 1
    nothing, counts = encode([one], form, whole.learnt)
    assert not nothing
    assert counts.too_long == 1


def test_a_target_that_does_not_come_back_is_left_out() -> None:
    form = ChatFormat(tokenizer_of("chatml", TEXTS))
    forged = replace(example(0), target="<|APPEND|>notes.md|<|im_end|><|END|>")
    decomposed = replace(example(1), target="caf\u0065\u0301")
    found, counts = encode([forged, example(2), decomposed], form, 10_000)
    assert len(found) == 1
    assert counts.altered == 2


def test_what_turns_an_activated_lora_on_ends_every_prompt(tokenizer) -> None:
    form = ChatFormat(tokenizer)
    invocation = invocation_of(form, special(tokenizer))
    given = examples(4, held_out=0)
    found, _ = encode(given, form, 10_000, invocation)
    size = len(invocation)
    for it in found:
        assert it.tokens[it.prompt - size : it.prompt] == invocation
    # It survives a cutoff, or the example is left out.
    longest = max(it.learnt for it in found)
    cut, counts = encode(given, form, longest + size, invocation)
    assert all(it.tokens[it.prompt - size : it.prompt] == invocation for it in cut)
    assert counts.truncated == len(cut) == 4
    cut, counts = encode(given, form, longest + size - 1, invocation)
    assert counts.too_long > 0


def test_with_chatml_the_role_turns_it_on() -> None:
    tokenizer = train(TEXTS, 512)
    found = invocation_of(ChatFormat(tokenizer), special(tokenizer))
    assert tokenizer.decode(found) == INVOCATION
    with pytest.raises(TokenError, match="AutoMem-Test-v0/0/0, turn 0, call 0: its prompt does n"):
        encode([example(0)], ChatFormat(tokenizer), 10_000, (1, 2, 3))


@pytest.mark.parametrize("mark", ["<|END|>", "<|APPEND|>", "<|DONE|>"])
def test_a_tokenizer_that_swallows_marks_is_refused(mark: str) -> None:
    tokenizer = train(TEXTS, 512)
    tokenizer.add_tokens([AddedToken(mark, special=True)])
    tokenizer.eos_token = mark
    with pytest.raises(ModelSetupError, match=r"swallows or splits the marks .*take them"):
        check_marks(ChatFormat(tokenizer))
    assert mark in MARKS


def test_marks_that_are_plain_tokens_are_taken() -> None:
    tokenizer = train(TEXTS, 512)
    tokenizer.add_tokens(list(MARKS))
    check_marks(ChatFormat(tokenizer))

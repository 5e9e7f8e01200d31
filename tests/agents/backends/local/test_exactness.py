"""The same greedy tokens as plain ``generate``, whatever is reused and whatever shares the batch.

Where the two best scores lie closer together than MARGIN, rounding decides, and the rest of that
answer is not compared.
"""

import random
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from agents.model import Completion, Message

MARGIN = 1e-4
SYSTEM = Message("system", "You play a game. Write one command. " * 8)
WORDS = (
    "You",
    "see",
    "a",
    "wall",
    "door",
    "grid",
    "bug",
    "stairs",
    "notes.md",
    "<|ACTION|>",
    "far",
)


class Plain:
    """The base and each adapter through transformers' and PEFT's own ``generate``."""

    def __init__(self, base: Path) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(base)
        self.models = {"": AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)}
        for adapter in ("adapter", "other", "activated"):
            model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
            self.models[adapter] = PeftModel.from_pretrained(model, base / adapter).eval()

    def compare(self, adapter: str, messages: Sequence[Message], given: Completion) -> int:
        """Compares an answer token by token; how many were compared."""
        prompt = self.tokenizer.apply_chat_template(
            [{"role": m.role, "content": m.text} for m in messages],
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
        )["input_ids"]
        assert given.usage.input_tokens == prompt.shape[1]
        assert given.token_ids is not None
        assert given.logprobs is not None
        done = self.models[adapter].generate(
            input_ids=prompt,
            attention_mask=torch.ones_like(prompt),
            do_sample=False,
            max_new_tokens=24,
            output_logits=True,
            return_dict_in_generate=True,
        )
        wanted = done.sequences[0, prompt.shape[1] :].tolist()
        for place, scores in enumerate(done.logits):
            best = scores[0].topk(2).values
            if best[0] - best[1] <= MARGIN:
                return place
            assert given.token_ids[place] == wanted[place], (adapter, place)
            logprob = scores[0].float().log_softmax(-1)[wanted[place]].item()
            assert given.logprobs[place] == pytest.approx(logprob, abs=1e-3)
        assert len(given.token_ids) == len(wanted)
        return len(wanted)


@pytest.fixture(scope="module")
def plain(base: Path) -> Plain:
    return Plain(base)


def words(random_words: random.Random, count: int) -> str:
    return " ".join(random_words.choice(WORDS) for _ in range(count))


def episode(model, seed: int, steps: int = 2, calls: int = 2):
    """Conversations as an agent has them, with the answers."""
    draw = random.Random(seed)
    for _ in range(steps):
        messages = [SYSTEM, Message("user", words(draw, draw.randint(5, 60)))]
        for _ in range(calls):
            answer = model.generate(messages, seed)
            yield list(messages), answer
            messages.append(Message("assistant", answer.text))
            messages.append(Message("user", words(draw, draw.randint(1, 40))))


@pytest.mark.parametrize("adapter", ["", "adapter", "activated"])
@pytest.mark.parametrize("options", [{}, {"cache_bytes": 0}, {"chunk": 16}, {"attention": "sdpa"}])
def test_alone(plain, spec, opened, adapter, options) -> None:
    model = opened({"agent": spec(adapter, **options)})["agent"]
    compared = sum(plain.compare(adapter, *one) for one in episode(model, 3))
    assert compared > 70
    counts = model.statistics()
    assert counts.reused_tokens == 0 if "cache_bytes" in options else counts.cache_hits >= 3


@pytest.mark.parametrize(
    "options",
    [{}, {"cache_bytes": 200_000, "batch": 3}, {"chunk": 16, "attention": "eager"}],
)
def test_many_at_once_with_several_adapters(plain, spec, opened, options) -> None:
    adapters = ["", "adapter", "other", "activated"] * 2
    models = opened({str(n): spec(a, **options) for n, a in enumerate(adapters)})
    answers: list[list] = [[] for _ in adapters]

    def play(number: int) -> None:
        answers[number].extend(episode(models[str(number)], number))

    threads = [threading.Thread(target=play, args=(n,)) for n in range(len(adapters))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    compared = 0
    for adapter, answered in zip(adapters, answers, strict=True):
        assert len(answered) == 4
        compared += sum(plain.compare(adapter, *one) for one in answered)
    assert compared > 500
    counts = models["0"].statistics()
    assert counts.mixed_batches > 20
    assert counts.mean_batch > 2
    assert counts.reused_tokens > 0

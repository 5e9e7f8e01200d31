"""Trains a small model from scratch: tokenizer, weights, and what was measured on the way."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from agents.model import Message
from training.mini.repetition import repetitions
from training.mini.shape import MiniShape
from training.mini.talk_tokens import TalkTokens, tokenised
from training.proficiency.tokens import IGNORED

#: Share of the conversations that measures the loss.
_HELD_OUT = 0.02
#: The file with the shape, beside the weights.
SHAPE = "shape.json"
_WARM_UP, _LOWEST = 0.02, 0.1
_EVERY = 50


def pretrain(
    talks: Sequence[tuple[Message, ...]],
    shape: MiniShape,
    out: Path,
    say: Callable[[str], None] = print,
    start: Path | None = None,
) -> Path:
    """Trains a model on conversations, and writes it as transformers reads it.

    Args:
        talks: The conversations; every answer in them is learnt.
        shape: What is trained, and how long.
        out: Where to; ``losses.jsonl`` (of the repetitions first, then of the conversations) and
            ``shape.json`` stand beside the weights.
        say: Told of the progress, now and then.
        start: A model that this wrote, from which it goes on, with its tokenizer and its size: of
            the shape only tokens, batches, rates and the seed count then. None to begin anew.

    Returns:
        The directory.

    Raises:
        ValueError: There is too little to learn from.
    """
    from agents.backends.local.chat_format import ChatFormat

    if len(talks) < 100:
        raise ValueError(f"{len(talks)} conversations are too few to learn a language from")
    out.mkdir(parents=True, exist_ok=True)
    if start is not None:
        shape = shape.sized_as(json.loads((start / SHAPE).read_text("utf-8")))
    rng = np.random.default_rng(shape.seed)
    order = rng.permutation(len(talks))
    held = max(1, round(_HELD_OUT * len(talks)))
    sample = [message.text for at in order[held : held + 4_000] for message in talks[at]]
    tokenizer = _tokenizer(sample, shape, start)
    tokenizer.save_pretrained(out)
    form = ChatFormat(tokenizer)
    sequences = [tokenised(form, talks[at]) for at in order]
    fitting = [it for it in sequences[held:] if len(it.tokens) <= shape.context]
    model = _model(tokenizer, shape, start)
    say(_summary(model, fitting))
    digits = tokenizer.convert_tokens_to_ids(list("0123456789"))
    with (out / "losses.jsonl").open("w", encoding="utf-8") as log:

        def record(row: dict[str, Any]) -> None:
            log.write(json.dumps(row) + "\n")
            log.flush()
            say(json.dumps(row))

        if start is None and shape.repeated_tokens:
            repeated = repetitions(len(tokenizer), shape.batch_tokens, rng)
            unseen = next(repeated)
            _learn(model, repeated, unseen, digits, shape, shape.repeated_tokens, record)
        batches = _batches(fitting, shape.batch_tokens, rng)
        _learn(model, batches, sequences[:held], digits, shape, shape.tokens, record)
    model.save_pretrained(out)
    (out / SHAPE).write_text(json.dumps(shape.to_json(), indent=1) + "\n", "utf-8")
    return out


def _summary(model: Any, fitting: Sequence[TalkTokens]) -> str:
    weights = sum(p.numel() for p in model.parameters())
    each = sum(len(it.tokens) for it in fitting) / len(fitting)
    return f"{weights:,} weights, {len(fitting):,} conversations, {each:.0f} tokens each"


def _tokenizer(sample: Sequence[str], shape: MiniShape, start: Path | None) -> Any:
    from transformers import AutoTokenizer

    from agents.backends.local.random_tokenizer import train

    if start is None:
        return train(sample, shape.vocabulary)
    return AutoTokenizer.from_pretrained(str(start))


def _model(tokenizer: Any, shape: MiniShape, start: Path | None) -> Any:
    import torch
    from transformers import Qwen2ForCausalLM

    if start is not None:
        return Qwen2ForCausalLM.from_pretrained(str(start)).train()
    torch.manual_seed(shape.seed)
    return Qwen2ForCausalLM(_config(shape, tokenizer)).train()


def _config(shape: MiniShape, tokenizer: Any) -> Any:
    from transformers import Qwen2Config

    ids = tokenizer.get_vocab()
    return Qwen2Config(
        vocab_size=len(tokenizer),
        hidden_size=shape.hidden,
        intermediate_size=shape.inner,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.key_value_heads,
        max_position_embeddings=shape.context,
        tie_word_embeddings=True,
        rms_norm_eps=1e-6,
        rope_parameters={"rope_type": "default", "rope_theta": 10_000.0},
        eos_token_id=ids[tokenizer.eos_token],
        pad_token_id=ids[tokenizer.pad_token],
        bos_token_id=None,
    )


def _learn(
    model: Any,
    batches: Iterable[list[TalkTokens]],
    held_out: Sequence[TalkTokens],
    digits: Sequence[int],
    shape: MiniShape,
    most: int,
    record: Callable[[dict[str, Any]], None],
) -> None:
    """Learns from batches until so many tokens have been seen."""
    import torch

    matrices = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    optimiser = torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": shape.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=shape.learning_rate,
        betas=(0.9, 0.95),
    )
    seen, started = 0, time.monotonic()
    for step, batch in enumerate(batches, 1):
        rate = shape.learning_rate * _schedule(seen / most)
        for group in optimiser.param_groups:
            group["lr"] = rate
        loss = _loss(model, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        seen += sum(len(it.tokens) for it in batch)
        if step % _EVERY == 0 or seen >= most:
            record(
                {
                    "step": step,
                    "tokens": seen,
                    "loss": round(loss.item(), 4),
                    **evaluate(model, held_out[:64], digits),
                    "tokens_per_second": round(seen / (time.monotonic() - started)),
                }
            )
        if seen >= most:
            return


def _schedule(done: float) -> float:
    if done < _WARM_UP:
        return (done + 1e-3) / (_WARM_UP + 1e-3)
    return _LOWEST + (1 - _LOWEST) * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


def _batches(
    sequences: Sequence[TalkTokens], size: int, rng: np.random.Generator
) -> Iterator[list[TalkTokens]]:
    """Batches of about as many tokens, of conversations that are about as long; without end."""
    while True:
        order = rng.permutation(len(sequences))
        # Sorted within large pieces: little padding, and still another mixture in every round.
        for at in range(0, len(order), 4_096):
            piece = sorted(order[at : at + 4_096], key=lambda it: len(sequences[it].tokens))
            batches: list[list[TalkTokens]] = [[]]
            for number in piece:
                longest = len(sequences[number].tokens)
                if batches[-1] and longest * (len(batches[-1]) + 1) > size:
                    batches.append([])
                batches[-1].append(sequences[number])
            for number in rng.permutation(len(batches)):
                yield batches[number]


def _padded(batch: Sequence[TalkTokens]) -> tuple[Any, Any]:
    import torch

    longest = max(len(it.tokens) for it in batch)
    tokens = torch.zeros(len(batch), longest, dtype=torch.long)
    labels = torch.full((len(batch), longest), IGNORED)
    for row, it in enumerate(batch):
        tokens[row, : len(it.tokens)] = torch.from_numpy(it.tokens)
        learnt = np.where(it.learnt, it.tokens, IGNORED)
        labels[row, : len(it.tokens)] = torch.from_numpy(learnt)
    return tokens, labels


def _loss(model: Any, batch: Sequence[TalkTokens]) -> Any:
    import torch

    # Padding stands at the end, where nothing that counts looks at it.
    tokens, labels = _padded(batch)
    wanted = labels[:, 1:]
    hidden = model.model(input_ids=tokens).last_hidden_state[:, :-1]
    # Logits only where something is learnt: that is a small part of a conversation.
    chosen = wanted != IGNORED
    logits = model.lm_head(hidden[chosen])
    return torch.nn.functional.cross_entropy(logits, wanted[chosen])


def evaluate(
    model: Any, sequences: Sequence[TalkTokens], digits: Sequence[int]
) -> dict[str, float | None]:
    """Measures a model on held-out conversations.

    Args:
        model: The model.
        sequences: The conversations.
        digits: The tokens of the digits. Nearly every digit of an answer is copied from what was
            asked, which is learnt long after the forms are: it tells more than the loss.

    Returns:
        The loss, and which share of the tokens of answers is the likeliest one: ``likeliest`` of
        all, ``digits`` of the digits; None where there are none.
    """
    import torch

    losses, count = 0.0, 0
    right: list[Any] = []
    copied: list[Any] = []
    model.eval()
    with torch.no_grad():
        for it in sequences:
            tokens, labels = _padded([it])
            logits = model(input_ids=tokens).logits[0, :-1]
            wanted = labels[0, 1:]
            chosen = wanted != IGNORED
            losses += torch.nn.functional.cross_entropy(
                logits[chosen], wanted[chosen], reduction="sum"
            ).item()
            hits = logits[chosen].argmax(-1) == wanted[chosen]
            right.append(hits)
            copied.append(hits[torch.isin(wanted[chosen], torch.tensor(digits))])
            count += len(hits)
    model.train()
    return {
        "held_out": round(losses / count, 4),
        "likeliest": _share(right),
        "digits": _share(copied),
    }


def _share(hits: Sequence[Any]) -> float | None:
    import torch

    every = torch.cat(list(hits))
    return round(every.float().mean().item(), 4) if len(every) else None

"""Trains a small model from scratch: tokenizer, weights, and what was measured on the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from agents.model import Message
from training.mini.batches import batches
from training.mini.learner import Learner
from training.mini.repetition import repetitions
from training.mini.shape import MiniShape
from training.mini.talk_tokens import TalkTokens, tokenised
from training.mini.tokenizer import copied_tokens, train_tokenizer

#: Share of the conversations that measures the loss.
_HELD_OUT = 0.02
#: The file with the shape, beside the weights.
SHAPE = "shape.json"


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
    sequences = list(tokenised(tokenizer, (talks[at] for at in order)))
    fitting = [it for it in sequences[held:] if len(it.tokens) <= shape.context]
    (out / SHAPE).write_text(json.dumps(shape.to_json(), indent=1) + "\n", "utf-8")
    model = _model(tokenizer, shape, start)
    say(_summary(model, fitting))
    with (out / "losses.jsonl").open("w", encoding="utf-8") as log:

        def record(row: dict[str, Any]) -> None:
            log.write(json.dumps(row) + "\n")
            log.flush()
            say(json.dumps(row))
            model.save_pretrained(out)  # whoever stops it has what it had learnt

        learner = Learner(model, shape, copied_tokens(tokenizer), record)
        if start is None and shape.repeated_tokens:
            repeated = ([piece] for piece in repetitions(len(tokenizer), shape.batch_tokens, rng))
            learner.learn(repeated, next(repeated)[0], shape.repeated_tokens)
        learner.learn(batches(fitting, shape.batch_tokens, rng), sequences[:held], shape.tokens)
    return out


def _summary(model: Any, fitting: Sequence[TalkTokens]) -> str:
    weights = sum(p.numel() for p in model.parameters())
    each = sum(len(it.tokens) for it in fitting) / len(fitting)
    return f"{weights:,} weights, {len(fitting):,} conversations, {each:.0f} tokens each"


def _tokenizer(sample: Sequence[str], shape: MiniShape, start: Path | None) -> Any:
    from transformers import AutoTokenizer

    if start is None:
        return train_tokenizer(sample, shape.vocabulary)
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

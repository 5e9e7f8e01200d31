"""Trains a small model from scratch: tokenizer, weights, and what was measured on the way."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from agents.model import Message
from training.mini.repetition import repetitions
from training.mini.shape import MiniShape
from training.mini.talk_tokens import ANSWER, TOLD, TalkTokens, load_tokens, save_tokens, tokenised
from training.mini.tokenizer import train_tokenizer
from training.mini.workers import Worker, work
from training.proficiency.tokens import IGNORED

#: Share of the conversations that measures the loss.
_HELD_OUT = 0.02
#: The file with the shape, beside the weights.
SHAPE = "shape.json"
_WARM_UP, _LOWEST = 0.02, 0.1
_EVERY = 100


def pretrain(
    talks: Sequence[tuple[Message, ...]],
    shape: MiniShape,
    out: Path,
    say: Callable[[str], None] = print,
    start: Path | None = None,
    processes: int = 1,
) -> Path:
    """Trains a model on conversations, and writes it as transformers reads it.

    Args:
        talks: The conversations; every answer in them is learnt.
        shape: What is trained, and how long.
        out: Where to; ``losses.jsonl`` (of the repetitions first, then of the conversations) and
            ``shape.json`` stand beside the weights.
        say: Told of the progress, now and then; with several processes it is pickled.
        start: A model that this wrote, from which it goes on, with its tokenizer and its size: of
            the shape only tokens, batches, rates and the seed count then. None to begin anew.
        processes: How many learn together, a thread each; one takes as many threads as torch does.
            Sums are then made in another order, so that the last digits of the weights differ.

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
    order = np.random.default_rng(shape.seed).permutation(len(talks))
    held = max(1, round(_HELD_OUT * len(talks)))
    sample = [message.text for at in order[held : held + 4_000] for message in talks[at]]
    tokenizer = _tokenizer(sample, shape, start)
    tokenizer.save_pretrained(out)
    with TemporaryDirectory() as folder:
        save_tokens(tokenised(tokenizer, (talks[at] for at in order)), Path(folder))
        work(processes, _pretrain, Path(folder), held, shape, out, start, say)
    (out / SHAPE).write_text(json.dumps(shape.to_json(), indent=1) + "\n", "utf-8")
    return out


def _pretrain(
    worker: Worker,
    folder: Path,
    held: int,
    shape: MiniShape,
    out: Path,
    start: Path | None,
    say: Callable[[str], None],
) -> None:
    """Learns, as one of several processes; the first of them tells and saves."""
    from transformers import AutoTokenizer

    first = worker.rank == 0
    tokenizer = AutoTokenizer.from_pretrained(str(out))
    sequences = load_tokens(folder)
    fitting = [it for it in sequences[held:] if len(it.tokens) <= shape.context]
    model = _model(tokenizer, shape, start)
    log = (out / "losses.jsonl").open("w", encoding="utf-8") if first else None
    if first:
        say(_summary(model, fitting))

    def record(row: dict[str, Any]) -> None:
        if log is not None:
            log.write(json.dumps(row) + "\n")
            log.flush()
            say(json.dumps(row))

    learner = Learner(model, worker, shape, _digits(tokenizer), record)
    rng = np.random.default_rng((shape.seed, 1))
    if start is None and shape.repeated_tokens:
        repeated = ([piece] for piece in repetitions(len(tokenizer), shape.batch_tokens, rng))
        learner.learn(repeated, next(repeated)[0], shape.repeated_tokens)
    learner.learn(_batches(fitting, shape.batch_tokens, rng), sequences[:held], shape.tokens)
    if log is not None:
        log.close()
        model.save_pretrained(out)


def _summary(model: Any, fitting: Sequence[TalkTokens]) -> str:
    weights = sum(p.numel() for p in model.parameters())
    each = sum(len(it.tokens) for it in fitting) / len(fitting)
    return f"{weights:,} weights, {len(fitting):,} conversations, {each:.0f} tokens each"


def _digits(tokenizer: Any) -> list[int]:
    """The tokens that hold a digit."""
    named = tokenizer.get_vocab().items()
    return [number for token, number in named if any(map(str.isdigit, token))]


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


class Learner:
    """Makes a model learn.

    Args:
        model: The model.
        worker: Which of several processes this is.
        shape: The rates.
        digits: The tokens that hold a digit, see :func:`evaluate`.
        record: Given a row, now and then.
    """

    def __init__(
        self,
        model: Any,
        worker: Worker,
        shape: MiniShape,
        digits: Sequence[int],
        record: Callable[[dict[str, Any]], None],
    ) -> None:
        self._model = model
        self._worker = worker
        self._shape = shape
        self._digits = digits
        self._record = record

    def learn(
        self, batches: Iterable[list[list[TalkTokens]]], held_out: Sequence[TalkTokens], most: int
    ) -> None:
        """Learns from batches until so many tokens have been seen, with fresh optimisers."""
        optimisers = _optimisers(self._model, self._shape)
        seen, started = 0, time.monotonic()
        for step, batch in enumerate(batches, 1):
            rate = self._shape.learning_rate * _schedule(seen / most)
            for optimiser in optimisers:
                for group in optimiser.param_groups:
                    group["lr"] = rate
            loss = self._step(batch, optimisers)
            seen += sum(map(_size, batch))
            if step % _EVERY == 0 or seen >= most:
                self._tell(step, seen, loss, held_out, time.monotonic() - started)
            if seen >= most:
                return

    def _step(self, batch: Sequence[Sequence[TalkTokens]], optimisers: Sequence[Any]) -> float:
        import torch

        count = sum(np.count_nonzero(it.learnt[1:]) for piece in batch for it in piece)
        loss = 0.0
        for piece in self._worker.share(batch, _cost):
            of_piece = piece_loss(self._model, piece) / count
            of_piece.backward()
            loss += of_piece.item()
        self._worker.sum_gradients(self._model)
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        return loss

    def _tell(
        self, step: int, seen: int, loss: float, held_out: Sequence[TalkTokens], seconds: float
    ) -> None:
        loss = self._worker.sum(loss)
        if self._worker.rank == 0:
            row: dict[str, Any] = {"step": step, "tokens": seen, "loss": round(loss, 4)}
            row |= evaluate(self._model, held_out[:64], self._digits)
            self._record({**row, "tokens_per_second": round(seen / seconds)})


def _cost(piece: Sequence[TalkTokens]) -> int:
    """The tokens of a piece that are read: those of its system message once."""
    return _size(piece) - (len(piece) - 1) * piece[0].static


def _size(piece: Sequence[TalkTokens]) -> int:
    return sum(len(it.tokens) for it in piece)


def _schedule(done: float) -> float:
    if done < _WARM_UP:
        return (done + 1e-3) / (_WARM_UP + 1e-3)
    return _LOWEST + (1 - _LOWEST) * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


def _optimisers(model: Any, shape: MiniShape) -> list[Any]:
    """Muon for the matrices inside, AdamW for what remains: embeddings, norms and biases."""
    import torch

    from training.mini.muon import Muon

    inner = {id(p) for p in model.model.layers.parameters() if p.dim() > 1}
    matrices = [p for p in model.parameters() if id(p) in inner]
    others = [p for p in model.parameters() if id(p) not in inner]
    rate, decay = shape.learning_rate, shape.weight_decay
    return [
        Muon(matrices, lr=rate, weight_decay=decay),
        torch.optim.AdamW(others, lr=rate, weight_decay=0.0, betas=(0.9, 0.95), fused=True),
    ]


def _batches(
    sequences: Sequence[TalkTokens], size: int, rng: np.random.Generator
) -> Iterator[list[list[TalkTokens]]]:
    """Batches of about as many tokens, in pieces with the same system message; without end."""
    groups: dict[bytes, list[int]] = {}
    for number, it in enumerate(sequences):
        groups.setdefault(it.tokens[: it.static].tobytes(), []).append(number)
    while True:
        pieces = [
            piece
            for group in groups.values()
            for piece in _pieces(group, sequences, size // 4, rng)
        ]
        batch: list[list[TalkTokens]] = []
        for number in rng.permutation(len(pieces)):
            batch.append([sequences[at] for at in pieces[number]])
            if sum(map(_size, batch)) >= size:
                yield batch
                batch = []
        if batch:
            yield batch


def _pieces(
    group: Sequence[int], sequences: Sequence[TalkTokens], size: int, rng: np.random.Generator
) -> Iterator[list[int]]:
    """Pieces of about as many tokens, of conversations that are about as long."""
    order = rng.permutation(np.array(group))
    # Sorted within large parts: little padding, and still another mixture in every round.
    for start in range(0, len(order), 512):
        part = sorted(order[start : start + 512], key=lambda at: len(sequences[at].tokens))
        piece: list[int] = []
        for at in part:
            if piece and len(sequences[at].tokens) * (len(piece) + 1) > size:
                yield piece
                piece = []
            piece.append(int(at))
        yield piece


def _padded(batch: Sequence[TalkTokens]) -> tuple[Any, Any]:
    import torch

    longest = max(len(it.tokens) for it in batch)
    tokens = torch.zeros(len(batch), longest, dtype=torch.long)
    labels = torch.full((len(batch), longest), IGNORED)
    for row, it in enumerate(batch):
        tokens[row, : len(it.tokens)] = torch.from_numpy(it.tokens)
        learnt = np.where(it.learnt > 0, it.tokens, IGNORED)
        labels[row, : len(it.tokens)] = torch.from_numpy(learnt)
    return tokens, labels


def piece_loss(model: Any, piece: Sequence[TalkTokens]) -> Any:
    """The summed loss of conversations with the same system message, which is read once."""
    import torch

    # Padding stands at the end, where nothing that counts looks at it.
    tokens, labels = _padded(piece)
    static = piece[0].static
    hidden = _hidden(model, tokens, static)[:, :-1]
    wanted = labels[:, static + 1 :]
    # Logits only where something is learnt: that is a small part of a conversation.
    chosen = wanted != IGNORED
    logits = model.lm_head(hidden[chosen])
    return torch.nn.functional.cross_entropy(logits, wanted[chosen], reduction="sum")


def _hidden(model: Any, tokens: Any, static: int) -> Any:
    """The last hidden states behind a beginning that all rows share."""
    import torch
    from transformers import DynamicCache

    if static == 0 or len(tokens) == 1:
        return model.model(input_ids=tokens, use_cache=False).last_hidden_state[:, static:]
    rows, length = tokens.shape
    cache: Any = DynamicCache(config=model.config)
    model.model(input_ids=tokens[:1, :static], past_key_values=cache, use_cache=True)
    for layer in cache.layers:
        layer.keys = layer.keys.expand(rows, -1, -1, -1)
        layer.values = layer.values.expand(rows, -1, -1, -1)
    places = torch.arange(static, length).expand(rows, -1)
    return model.model(
        input_ids=tokens[:, static:], past_key_values=cache, use_cache=True, position_ids=places
    ).last_hidden_state


def evaluate(
    model: Any, sequences: Sequence[TalkTokens], digits: Sequence[int]
) -> dict[str, float | None]:
    """Measures a model on the answers of held-out conversations.

    Args:
        model: The model.
        sequences: The conversations.
        digits: The tokens that hold a digit. Nearly each of them in an answer is copied from what
            was asked, which is learnt long after the forms are: it tells more than the loss.

    Returns:
        The loss, and which share of the tokens of answers is the likeliest one: ``likeliest`` of
        all, ``digits`` of those with a digit in the first answer of a conversation,
        ``digits_after_look`` in later ones, which is learnt later still; None where there are none.
    """
    import torch

    losses, count = 0.0, 0
    right: dict[str, list[Any]] = {"likeliest": [], "digits": [], "digits_after_look": []}
    numbers = torch.tensor(list(digits))
    model.eval()
    with torch.no_grad():
        for it in sequences:
            tokens, _ = _padded([it])
            logits = model(input_ids=tokens).logits[0, :-1]
            chosen = torch.from_numpy(it.learnt[1:] == ANSWER)
            wanted = tokens[0, 1:][chosen]
            losses += torch.nn.functional.cross_entropy(
                logits[chosen], wanted, reduction="sum"
            ).item()
            hits = logits[chosen].argmax(-1) == wanted
            told = torch.from_numpy((np.cumsum(it.learnt == TOLD) > 0)[1:])[chosen]
            copied = torch.isin(wanted, numbers)
            right["likeliest"].append(hits)
            right["digits"].append(hits[copied & ~told])
            right["digits_after_look"].append(hits[copied & told])
            count += len(hits)
    model.train()
    return {"held_out": round(losses / count, 4), **{k: _share(v) for k, v in right.items()}}


def _share(hits: Sequence[Any]) -> float | None:
    import torch

    every = torch.cat(list(hits))
    return round(every.float().mean().item(), 4) if len(every) else None

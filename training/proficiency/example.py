"""A training example: what was asked in a recorded call, and the part of the answer to learn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from agents.model import Call, Message
from agents.scaffold.directory import USED_SEEDS
from benchmarks import toml
from benchmarks.used_seeds import Used
from benchmarks.whole_file import replace_file

#: From where to where a piece goes, in characters.
Span = tuple[int, int]


class ExampleError(ValueError):
    """An example that is none, or is not what was recorded; the message tells file and line."""


@dataclass(frozen=True, slots=True)
class Example:
    """One example.

    Attributes:
        episode: The episode that it comes from, as its folder in the run: ``ENV_ID/SEED/REPEAT``.
        turn: The turn of the call, from 1.
        call: Which call of that turn, from 0.
        routine: ``log`` or ``plan``.
        digest: Digest of the call, see :func:`digest_of`.
        messages: The conversation that was answered.
        spans: The pieces of the answer that are learnt, in order: everything else is left out.
        target: These pieces, joined.
        score: How good the selector found it.
        reasons: Why.
        held_out: Whether it measures the loss, and is not learnt.
        model: The name of the model that answered; empty where it is not known.
    """

    episode: str
    turn: int
    call: int
    routine: str
    digest: str
    messages: tuple[Message, ...]
    spans: tuple[Span, ...]
    target: str
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    held_out: bool = False
    model: str = ""

    @property
    def place(self) -> str:
        """Where it comes from, in words."""
        return f"{self.episode}, turn {self.turn}, call {self.call}"

    def to_json(self) -> dict[str, Any]:
        """It as plain data."""
        data = asdict(self)
        data["messages"] = [[message.role, message.text] for message in self.messages]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Reads what :meth:`to_json` gave.

        Raises:
            KeyError: Something is missing.
            TypeError: There is an entry too many, or one of the wrong type.
            ValueError: A message or a span is none.
        """
        messages = tuple(Message(role, text) for role, text in data["messages"])
        spans = tuple((int(start), int(end)) for start, end in data["spans"])
        reasons = tuple(map(str, data["reasons"]))
        return cls(**{**data, "messages": messages, "spans": spans, "reasons": reasons})


def digest_of(call: Call) -> str:
    """The digest of a recorded call: what was asked, of whom, and what was answered.

    Returns:
        SHA-256 as hexadecimal digits.
    """
    told = [
        *([message.role, message.text] for message in call.messages),
        [call.role, call.routine, call.model, str(call.seed)],
        [call.completion.text],
    ]
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()


def cut_out(text: str, spans: Iterable[Span]) -> str:
    """The pieces of a text, joined."""
    return "".join(text[start:end] for start, end in spans)


def write_examples(path: Path, examples: Iterable[Example]) -> int:
    """Writes a data set, an example a line.

    Args:
        path: The file; it is there whole, or as it was.
        examples: The examples.

    Returns:
        How many there were.
    """
    lines = [json.dumps(example.to_json()) + "\n" for example in examples]
    replace_file(path, "".join(lines))
    return len(lines)


def write_used(folder: Path, examples: Iterable[Example]) -> None:
    """Writes beside what is made of examples the seeds that they come from: those measure nothing.

    Args:
        folder: A data set's, or an adapter's.
        examples: The examples.
    """
    seeds: dict[str, set[int]] = {}
    for example in examples:
        env_id, seed, _ = example.episode.rsplit("/", 2)
        seeds.setdefault(env_id, set()).add(int(seed))
    used = [
        Used(frozenset({env_id}), frozenset(of), "training").to_toml()
        for env_id, of in seeds.items()
    ]
    replace_file(folder / USED_SEEDS, toml.dumps({"used": used}))


def read_examples(path: Path) -> Iterator[Example]:
    """Reads a data set.

    Raises:
        ExampleError: A line is no example.
        OSError: The file cannot be read.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield Example.from_json(json.loads(line))
            except (KeyError, TypeError, ValueError) as error:
                raise ExampleError(f"{path}:{number}: this is no example: {error!r}") from error

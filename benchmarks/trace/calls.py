"""Model calls as they stand in a trace, their texts stored once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.backends.recorded import Asked, Overflow
from agents.model import Call, Completion, Message, Usage
from benchmarks.trace.texts import TextTable

#: Roles of messages as they are written.
_LETTERS = {"system": "s", "user": "u", "assistant": "a"}
_ROLES = {letter: role for role, letter in _LETTERS.items()}
#: Significant digits of a log-probability.
_DIGITS = 6


class CallWriter:
    """Writes the calls of one trace, in order.

    Args:
        texts: Their texts; a table of its own by default.
    """

    def __init__(self, texts: TextTable | None = None) -> None:
        self._texts = texts or TextTable()
        # By role of a message and its place in the conversation: the last text that stood there.
        self._last: dict[tuple[str, int], int] = {}

    def write(self, asked: Asked) -> dict[str, Any]:
        """One call as plain data.

        Raises:
            TypeError: It is no call.
        """
        if not isinstance(asked, Call | Overflow):
            raise TypeError(
                "the calls of a decision are agents.model.Call, not "
                f"{type(asked).__name__}: {asked!r:.80}"
            )
        messages = [
            [_LETTERS[message.role], self._message(message, place)]
            for place, message in enumerate(asked.messages)
        ]
        record: dict[str, Any] = {"role": asked.role, "seed": asked.seed, "messages": messages}
        if isinstance(asked, Overflow):
            return {**record, "overflow": [asked.tokens, asked.limit]}
        done = asked.completion
        usage = done.usage
        record |= {
            "routine": asked.routine,
            "model": asked.model,
            "text": self._texts.write(done.text)[0],
            "usage": [
                usage.input_tokens,
                usage.cached_tokens,
                usage.written_tokens,
                usage.output_tokens,
            ],
            "latency": round(done.latency, 4),
        }
        if done.stop_reason != "end":
            record["stop"] = done.stop_reason
        if done.token_ids is not None:
            record["tokens"] = done.token_ids
        if done.logprobs is not None:
            record["logprobs"] = [float(f"{value:.{_DIGITS}g}") for value in done.logprobs]
        return record

    def _message(self, message: Message, place: int) -> Any:
        here = message.role, place
        written, number = self._texts.write(message.text, self._last.get(here))
        self._last[here] = number
        return written


class CallReader:
    """Reads the calls of one trace, in order.

    Args:
        texts: Their texts, a table as the writer had it.
    """

    def __init__(self, texts: TextTable | None = None) -> None:
        self._texts = texts or TextTable()

    def read(self, record: Mapping[str, Any]) -> Asked:
        """Reads what :meth:`CallWriter.write` gave.

        Raises:
            KeyError: Something is missing, or names a text that is not there.
            TypeError: Something is of the wrong type.
            ValueError: A delta does not fit.
        """
        messages = tuple(
            Message(_ROLES[letter], self._texts.read(written))  # type: ignore[arg-type]
            for letter, written in record["messages"]
        )
        role, seed = record["role"], record["seed"]
        if "overflow" in record:
            return Overflow(role, seed, messages, *record["overflow"])
        tokens, logprobs = record.get("tokens"), record.get("logprobs")
        completion = Completion(
            self._texts.read(record["text"]),
            Usage(*record["usage"]),
            record.get("stop", "end"),
            record["latency"],
            None if tokens is None else tuple(tokens),
            None if logprobs is None else tuple(logprobs),
        )
        return Call(role, record["routine"], record["model"], seed, messages, completion)

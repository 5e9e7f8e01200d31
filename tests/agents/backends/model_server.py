"""A server on loopback that behaves like the Messages API and like chat completions.

What it does with the next requests is scripted: it answers, streaming or not, or fails in one of
the ways in which servers and networks fail.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

MESSAGES, COMPLETIONS = "/v1/messages", "/v1/chat/completions"


@dataclass(frozen=True)
class Answer:
    """A model's answer; ``blocks`` instead of ``text`` for thoughts and tools."""

    text: str = "hello"
    blocks: tuple[dict[str, Any], ...] | None = None
    stop: str | None = None
    usage: dict[str, Any] = field(default_factory=lambda: {"input_tokens": 10, "output_tokens": 2})
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> list[dict[str, Any]]:
        if self.blocks is not None:
            return list(self.blocks)
        return [{"type": "text", "text": self.text}] if self.text else []


@dataclass(frozen=True)
class Status:
    """An error."""

    code: int
    message: str = "no"
    kind: str = "error"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True)
class Raw:
    """These bytes, as a whole answer with the status 200."""

    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True)
class Slow:
    """Nothing for longer than anybody waits: before the headers, or in the middle of the answer."""

    middle: bool = False


@dataclass(frozen=True)
class Drop:
    """The connection breaks: before the headers, or in the middle of the answer."""

    middle: bool = False


@dataclass(frozen=True)
class BrokenStream:
    """A stream whose events are not those of the API, or that reports an error, or that ends."""

    events: tuple[tuple[str, str], ...]


Reaction = Answer | Status | Raw | Slow | Drop | BrokenStream


@dataclass(frozen=True)
class Request:
    """What a client sent; the names of headers in lower case."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class ModelServer(ThreadingHTTPServer):
    """The server; use it in a ``with`` block.

    Args:
        react: Decides on the reaction to a request for which none is scripted.
        most: Requests at a time; the others get a 429. None: no limit.
        hold: Seconds that each answer takes.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        react: Callable[[dict[str, Any]], Reaction] = lambda body: Answer(),
        most: int | None = None,
        hold: float = 0.0,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._react, self.most, self.hold = react, most, hold
        self.connections = self.in_flight = self.peak = self.refused = 0
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self.forget()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def forget(self) -> None:
        """Starts anew: no requests, nothing scripted."""
        self.react = self._react
        self.requests: list[Request] = []
        self._script: deque[Reaction] = deque()

    def script(self, *reactions: Reaction) -> None:
        """What comes next, request by request."""
        self._script.extend(reactions)

    def next(self, request: Request) -> Reaction:
        with self.lock:
            self.requests.append(request)
            if self._script:
                return self._script.popleft()
        return self.react(request.body)

    def enter(self) -> bool:
        """Takes a request in, if there is room."""
        with self.lock:
            if self.most is not None and self.in_flight >= self.most:
                self.refused += 1
                return False
            self.in_flight += 1
            self.peak = max(self.peak, self.in_flight)
            return True

    def leave(self) -> None:
        with self.lock:
            self.in_flight -= 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up in the middle of these tests; that is no error."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: ModelServer

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server.connections += 1

    def finish(self) -> None:
        super().finish()
        with self.server.lock:
            self.server.connections -= 1

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not self.server.enter():
            self._fail(Status(429, "slow down", "rate_limit_error", {"retry-after": "0.02"}))
            return
        try:
            reaction = self.server.next(Request(self.path, headers, body))
            if self.server.hold:
                self.server.closing.wait(self.server.hold)
            self._react(reaction, body)
        finally:
            self.server.leave()

    def _react(self, reaction: Reaction, body: dict[str, Any]) -> None:
        if isinstance(reaction, Status):
            self._fail(reaction)
        elif isinstance(reaction, Raw):
            self._send(200, reaction.body, reaction.content_type)
        elif isinstance(reaction, Answer) and not body.get("stream"):
            self._send(200, json.dumps(self._whole(reaction, body)).encode())
        elif isinstance(reaction, Answer):
            self._stream(self._events(reaction, body))
        elif isinstance(reaction, BrokenStream):
            self._stream(reaction.events)
        elif not reaction.middle:
            self._hang(reaction)
        elif body.get("stream"):
            events = list(self._events(Answer("one two three"), body))
            self._stream(events[: len(events) // 2], end=False)
            self._hang(reaction)
        else:
            whole = json.dumps(self._whole(Answer(), body)).encode()
            self._head(200, "application/json", {"Content-Length": str(len(whole))})
            self.wfile.write(whole[: len(whole) // 2])
            self._hang(reaction)

    def _hang(self, reaction: Slow | Drop) -> None:
        self.wfile.flush()
        if isinstance(reaction, Slow):
            self.server.closing.wait(30)
        self.close_connection = True

    def _fail(self, status: Status) -> None:
        error: dict[str, Any] = {"type": status.kind, "message": status.message}
        said = {"error": error} if self.path == COMPLETIONS else {"type": "error", "error": error}
        body = json.dumps(said).encode() if status.body is None else status.body
        self._send(status.code, body, headers=status.headers)

    def _send(
        self,
        code: int,
        body: bytes,
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> None:
        length = {"Content-Length": str(len(body))}
        self._head(code, content_type, length | (headers or {}))
        self.wfile.write(body)

    def _head(self, code: int, content_type: str, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in {"Content-Type": content_type, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _stream(self, events: Iterable[tuple[str, str]], end: bool = True) -> None:
        self._head(200, "text/event-stream", {"Transfer-Encoding": "chunked"})
        for name, data in events:
            named = f"event: {name}\n" if name else ""
            self._chunk(f"{named}data: {data}\n\n".encode())
        if end:
            self._chunk(b"")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _whole(self, answer: Answer, body: dict[str, Any]) -> dict[str, Any]:
        made = completion(answer, body) if self.path == COMPLETIONS else message(answer, body)
        return made | answer.more

    def _events(self, answer: Answer, body: dict[str, Any]) -> Iterable[tuple[str, str]]:
        make = chunks if self.path == COMPLETIONS else events
        return [(name, json.dumps(data) if data else "[DONE]") for name, data in make(answer, body)]


def message(answer: Answer, body: dict[str, Any]) -> dict[str, Any]:
    """An answer as the Messages API gives it."""
    tools = any(block["type"] == "tool_use" for block in answer.content)
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": answer.content,
        "stop_reason": answer.stop or ("tool_use" if tools else "end_turn"),
        "stop_sequence": None,
        "usage": answer.usage,
    }


def events(answer: Answer, body: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    """An answer as the Messages API streams it."""
    whole = message(answer, body)
    usage = {**whole["usage"], "output_tokens": 1}
    start = {**whole, "content": [], "stop_reason": None, "usage": usage}
    yield "message_start", {"type": "message_start", "message": start}
    yield "ping", {"type": "ping"}
    for index, block in enumerate(answer.content):
        empty, deltas = _pieces(block)
        yield (
            "content_block_start",
            {"type": "content_block_start", "index": index, "content_block": empty},
        )
        for delta in deltas:
            yield (
                "content_block_delta",
                {"type": "content_block_delta", "index": index, "delta": delta},
            )
        yield "content_block_stop", {"type": "content_block_stop", "index": index}
    delta = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    yield (
        "message_delta",
        {
            "type": "message_delta",
            "delta": delta,
            "usage": {"output_tokens": whole["usage"]["output_tokens"]},
        },
    )
    yield "message_stop", {"type": "message_stop"}


def _pieces(block: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A block without its content, and the content in two pieces."""
    kind = block["type"]
    if kind == "tool_use":
        text, name, field_name = json.dumps(block["input"]), "input_json_delta", "partial_json"
        empty: dict[str, Any] = {**block, "input": {}}
    elif kind == "thinking":
        text, name, field_name = block["thinking"], "thinking_delta", "thinking"
        empty = {"type": "thinking", "thinking": "", "signature": ""}
    else:
        text, name, field_name = block["text"], "text_delta", "text"
        empty = {"type": "text", "text": ""}
    middle = len(text) // 2
    deltas = [{"type": name, field_name: part} for part in (text[:middle], text[middle:])]
    if kind == "thinking":
        deltas.append({"type": "signature_delta", "signature": block["signature"]})
    return empty, deltas


def completion(answer: Answer, body: dict[str, Any]) -> dict[str, Any]:
    """An answer as chat completions give it."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": body["model"],
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": _said(answer), **_called(answer)},
                "finish_reason": answer.stop or ("tool_calls" if _called(answer) else "stop"),
            }
        ],
        "usage": _completion_usage(answer),
    }


def _said(answer: Answer) -> str:
    return "".join(block["text"] for block in answer.content if block["type"] == "text")


def _called(answer: Answer) -> dict[str, Any]:
    """The calls of tools, as a message of chat completions has them."""
    calls = [
        {
            "id": block["id"],
            "type": "function",
            "function": {"name": block["name"], "arguments": json.dumps(block["input"])},
        }
        for block in answer.content
        if block["type"] == "tool_use"
    ]
    return {"tool_calls": calls} if calls else {}


def chunks(answer: Answer, body: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    """An answer as chat completions stream it."""
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1}
    head["model"] = body["model"]
    said = _said(answer)
    middle = len(said) // 2
    deltas: list[dict[str, Any]] = [{"content": said[:middle]}, {"content": said[middle:]}]
    for place, call in enumerate(_called(answer).get("tool_calls", ())):
        text = call["function"]["arguments"]
        middle = len(text) // 2
        begun = {**call, "function": {**call["function"], "arguments": text[:middle]}}
        rest = {"function": {"arguments": text[middle:]}}
        deltas += [{"tool_calls": [{"index": place, **part}]} for part in (begun, rest)]
    for delta in deltas:
        choice = {"index": 0, "delta": delta, "finish_reason": None}
        yield "", {**head, "choices": [choice]}
    stop = answer.stop or ("tool_calls" if _called(answer) else "stop")
    end = {"index": 0, "delta": {}, "finish_reason": stop}
    yield "", {**head, "choices": [end]}
    if body.get("stream_options", {}).get("include_usage"):
        yield "", {**head, "choices": [], "usage": _completion_usage(answer)}
    yield "", {}


def _completion_usage(answer: Answer) -> dict[str, Any]:
    usage = answer.usage
    read = usage.get("cache_read_input_tokens", 0)
    written = usage.get("cache_creation_input_tokens", 0)
    prompt = usage["input_tokens"] + read + written
    return {
        "prompt_tokens": prompt,
        "completion_tokens": usage["output_tokens"],
        "total_tokens": prompt + usage["output_tokens"],
        "prompt_tokens_details": {"cached_tokens": read, "cache_write_tokens": written},
    }

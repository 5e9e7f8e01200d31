"""What an error of an SDK means for a call: wait, try again, give up, or stop the run.

The two SDKs raise classes of their own with the same attributes, so these are read by name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import httpx2

from agents.backends.http.overflow import overflow
from agents.model import ContextTooLongError

#: ``busy``: it asks for fewer or later calls. ``broken``: no answer, or none that makes sense.
#: ``refused``: it does not want this tried again. ``setup``: it cannot work as it is set up.
Kind = Literal["busy", "broken", "refused", "setup"]

#: Statuses that complain about the rate, or about load: 529 is the Messages API's "overloaded".
_BUSY = (429, 529)
#: Statuses of the client's errors that a second try may mend: a timeout, a conflict.
_PASSING = (408, 409)
#: Kinds of errors that come inside a stream, after its status has said that all is well.
_STREAMED = {
    "rate_limit_error": 429,
    "overloaded_error": 529,
    "api_error": 500,
    "timeout_error": 504,
    "authentication_error": 401,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "invalid_request_error": 400,
}
#: What says that waiting does not help, because the account is used up.
_USED_UP = ("insufficient_quota", "credit balance is too low", "billing_error")


class MalformedAnswerError(Exception):
    """A server answered, and the answer is none."""


#: What is raised where an answer is read that is none; JSON can be deeper than the stack.
_SENSELESS = (MalformedAnswerError, json.JSONDecodeError, UnicodeDecodeError, RecursionError)
#: How much of a refusal is read.
_READ = 4_000


@dataclass(frozen=True, slots=True)
class Trouble:
    """What has gone wrong with one try of a call.

    Attributes:
        kind: What to do about it.
        message: What the server or the network said.
        status: The HTTP status; None where there was none.
        wait: Seconds that the server asked to wait; None where it did not say.
    """

    kind: Kind
    message: str
    status: int | None = None
    wait: float | None = None


def diagnose(error: Exception) -> Trouble | ContextTooLongError | None:
    """Tells what an exception means.

    Args:
        error: What was raised while a call was tried.

    Returns:
        The trouble, the error that a conversation is too long, or None where the exception is not
        about the server but a mistake in the program.
    """
    if isinstance(error, ContextTooLongError):
        return error
    if isinstance(error, TimeoutError) or type(error).__name__ == "APITimeoutError":
        return Trouble("broken", "it took too long")
    if isinstance(getattr(error, "status_code", None), int):
        return _of_answer(error)
    if isinstance(error, _SENSELESS):
        return Trouble("broken", f"its answer makes no sense: {_told(error)}")
    if isinstance(error, httpx2.HTTPError | httpx2.StreamError):
        return Trouble("broken", _told(error))
    if isinstance(getattr(error, "request", None), httpx2.Request):
        # A connection that failed, or an error inside a stream of chat completions.
        cause = error.__cause__ or error
        hint = "; is it running?" if isinstance(cause, httpx2.ConnectError) else ""
        return Trouble("broken", f"{_told(cause)}{hint}")
    return None


def _of_answer(error: Any) -> Trouble | ContextTooLongError:
    """Reads an error that stands for an answer with a status."""
    said = _message(error)
    whole = f"{said} {error.body}"[:_READ]
    status: int = error.status_code
    if type(error).__name__ == "APIResponseValidationError":
        return Trouble("broken", f"its answer makes no sense: {said}", status)
    if status < 400:
        status = _STREAMED.get(_kind(error.body), 500)
    headers: Mapping[str, str] = error.response.headers
    if status in (400, 413) and (too_long := overflow(whole)):
        return too_long
    kind: Kind = "setup"
    if any(sign in whole for sign in _USED_UP):
        return Trouble("setup", said, status)
    if headers.get("x-should-retry") == "false":
        kind = "refused" if status >= 500 or status in (*_BUSY, *_PASSING) else "setup"
    elif status in _BUSY or (status == 503 and "retry-after" in headers):
        kind = "busy"
    elif status >= 500 or status in _PASSING:
        kind = "broken"
    return Trouble(kind, said, status, _seconds(headers))


def _seconds(headers: Mapping[str, str]) -> float | None:
    """How long a server asks to wait, from ``retry-after-ms`` or ``retry-after`` in seconds."""
    for name, scale in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers[name])) / scale
        except (KeyError, ValueError):  # not there, or a date, which no server of a model gives
            continue
    return None


def _kind(body: object) -> str:
    """The kind of an error in an answer's body."""
    found = body.get("error", body) if isinstance(body, Mapping) else None
    return str(found.get("type", "")) if isinstance(found, Mapping) else ""


def _message(error: Any) -> str:
    """What the server said, as short as it can be said."""
    found = error.body
    for name in ("error", "message", "detail"):
        if isinstance(found, Mapping) and name in found:
            found = found[name]
    return found.strip()[:500] if isinstance(found, str) and found.strip() else _told(error)


def _told(error: BaseException) -> str:
    return f"{error}"[:500] or type(error).__name__

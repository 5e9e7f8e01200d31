"""Ctrl-C, at moments when nothing is lost by it.

An interrupt between receiving a result and saving it would lose the result. So it waits until the
program waits.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class _State:
    deferring = False  # whether interrupts wait for a safe moment
    safe = False  # whether this is one
    pending = False


def _note(number: int, frame: FrameType | None) -> None:
    if _State.safe or _State.pending:  # a second one does not wait
        _State.pending = False
        raise KeyboardInterrupt
    _State.pending = True


@contextmanager
def deferred() -> Iterator[None]:
    """Within this, Ctrl-C raises ``KeyboardInterrupt`` only in :func:`safe_moment`, or at the end.

    A second Ctrl-C raises it at once. In a thread that is not the main one, and where somebody else
    handles the signal, nothing changes.
    """
    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if not ours:
        yield
        return
    signal.signal(signal.SIGINT, _note)
    _State.deferring = True
    try:
        yield
        check()
    finally:
        _State.deferring = _State.pending = False
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def safe_moment() -> Iterator[None]:
    """Within this, an interrupt takes effect at once; one that came before does so now."""
    if not _State.deferring or threading.current_thread() is not threading.main_thread():
        yield
        return
    _State.safe = True
    try:
        check()
        yield
    finally:
        _State.safe = False


def check() -> None:
    """Raises ``KeyboardInterrupt`` where an interrupt has come."""
    if _State.pending:
        _State.pending = False
        raise KeyboardInterrupt

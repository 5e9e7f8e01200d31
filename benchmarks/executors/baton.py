"""Lets one thread of a process play at a time; the others wait, for it or for a model's answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Baton:
    """Held by the thread that plays. Games and agents therefore need not be safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Takes it, when it is free, for as long as this lasts."""
        self._take()
        try:
            yield
        finally:
            self._give()

    @contextmanager
    def let_go(self) -> Iterator[None]:
        """Gives it to whoever wants it, and takes it back at the end.

        A thread that does not hold it, as an agent may start them, has nothing to give.
        """
        mine = self._holder == threading.get_ident()
        if mine:
            self._give()
        try:
            yield
        finally:
            if mine:
                self._take()

    def _take(self) -> None:
        self._lock.acquire()
        self._holder = threading.get_ident()

    def _give(self) -> None:
        self._holder = None
        self._lock.release()

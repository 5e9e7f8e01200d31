"""How many calls may run at a time, learnt from a server's complaints."""

from __future__ import annotations

import asyncio
from collections import deque


class Throttle:
    """Lets calls pass in the order in which they came; for the coroutines of one event loop.

    Additive increase, multiplicative decrease (Chiu and Jain, 1989), as in TCP: a complaint halves
    the number of calls that may run, and nothing passes for as long as the server asked; each full
    round of answers then allows one call more.

    Args:
        most: Calls at a time, at most.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(most)
        self._running = 0
        self._pauses = 0
        self._complaints = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def limit(self) -> int:
        """Calls that may run at a time now."""
        return int(self._limit)

    async def enter(self) -> int:
        """Waits until a call may run; :meth:`leave` must follow.

        Returns:
            A ticket for :meth:`slow_down`.
        """
        if self._waiting or not self._room():
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            try:
                await waiter
            except asyncio.CancelledError:
                if not waiter.cancelled():  # a place was handed to it in the same moment
                    self.leave()
                raise
        else:
            self._running += 1
        return self._complaints

    def leave(self) -> None:
        """A call has ended, well or not."""
        self._running -= 1
        self._wake()

    def slow_down(self, ticket: int, seconds: float) -> None:
        """The server has complained.

        Args:
            ticket: Of the call that it answered so.
            seconds: How long nothing may pass.
        """
        self._pauses += 1
        asyncio.get_running_loop().call_later(seconds, self._go_on)
        # Calls that ran beside the one that was complained about first say nothing new.
        if ticket == self._complaints:
            self._complaints += 1
            self._limit = max(1.0, min(self._limit, self._running) / 2)

    def speed_up(self) -> None:
        """A call was answered."""
        self._limit = min(float(self._most), self._limit + 1 / self._limit)
        self._wake()

    def _go_on(self) -> None:
        self._pauses -= 1
        self._wake()

    def _room(self) -> int:
        """How many more calls may run now; 0 while nothing may pass."""
        return 0 if self._pauses else max(0, int(self._limit) - self._running)

    def _wake(self) -> None:
        room = self._room()
        while room and self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.cancelled():
                # Handed over here, so that no newcomer takes the place before the waiter wakes up.
                self._running += 1
                room -= 1
                waiter.set_result(None)

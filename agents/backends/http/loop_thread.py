"""An event loop on a thread of its own, whose coroutines other threads wait for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import CancelledError
from typing import Any, TypeVar

from agents.model import ModelError

T = TypeVar("T")


class LoopThread:
    """Runs coroutines for many threads at once.

    Args:
        name: Name of the thread.
        cleanup: Runs on the loop when it is closed, after all that was running has been cancelled.
    """

    def __init__(self, name: str, cleanup: Callable[[], Awaitable[None]]) -> None:
        self._name = name
        self._cleanup = cleanup
        self._lock = threading.Lock()
        self._closed = False
        self._ready = threading.Event()
        # A daemon, so that a program whose model was never closed can still end.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()
        self._ready.wait()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine to its end; an interrupt of the waiting thread cancels it.

        Raises:
            ModelError: The loop is closed, or was closed while the coroutine ran.
        """
        with self._lock:
            if self._closed:
                coroutine.close()
                raise ModelError(f"{self._name} is closed")
            # Under the lock, so that all that was accepted stands in the loop before its end does.
            future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result()
        except CancelledError:
            raise ModelError(f"{self._name} was closed while a call was under way") from None
        except BaseException:
            future.cancel()
            raise

    def close(self) -> None:
        """Cancels what is running, cleans up, and ends the thread; may be called twice."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self._ready.set()
        await self._stop.wait()
        running = asyncio.all_tasks() - {asyncio.current_task()}
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._cleanup()

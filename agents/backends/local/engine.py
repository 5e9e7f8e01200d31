"""The thread that owns a local model, and the queue in front of it."""

from __future__ import annotations

import atexit
import gc
import queue
import threading
from dataclasses import replace

import torch

from agents.backends.local.batch import Batch
from agents.backends.local.sequence import Sequence
from agents.backends.local.statistics import Statistics
from agents.model import ModelError


class Engine:
    """Answers conversations of many threads with one model, many at a time.

    Args:
        batch: What is done, step by step. From now on only the engine's thread touches it.
        statistics: Where the batch counts.
    """

    def __init__(self, batch: Batch, statistics: Statistics) -> None:
        self._batch: Batch | None = batch
        self._statistics = statistics
        self._queue: queue.SimpleQueue[Sequence | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._over = ""
        self._cause: BaseException | None = None
        self._holders = 0
        # A daemon, so that a program that forgets to close it can end.
        self._thread = threading.Thread(target=self._work, name="local model", daemon=True)
        atexit.register(self.stop)
        self._thread.start()

    def answer(self, sequence: Sequence) -> Sequence:
        """Waits for the answer to a conversation.

        Raises:
            ModelError: No answer came.
        """
        with self._lock:
            if self._over:
                raise ModelError(self._over) from self._cause
            self._queue.put(sequence)
        try:
            sequence.future.result()
        finally:
            # Whoever stops waiting, by Ctrl-C say, must not leave its row behind.
            sequence.cancelled = True
        return sequence

    def statistics(self) -> Statistics:
        """What has been done so far."""
        return replace(self._statistics)

    def hold(self) -> None:
        """Says that one more uses it."""
        with self._lock:
            self._holders += 1

    def let_go(self) -> None:
        """Says that one less uses it; the last one ends it and frees the model."""
        with self._lock:
            self._holders -= 1
            last = self._holders == 0
        if last:
            self.stop()

    def stop(self) -> None:
        """Ends the thread and frees the model, whoever uses it. May be called twice."""
        atexit.unregister(self.stop)
        with self._lock:
            self._over = self._over or "the model has been closed"
            self._queue.put(None)
        if self._thread is not threading.current_thread():
            self._thread.join()
        self._batch = None
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def _work(self) -> None:
        batch, cause = self._batch, None
        assert batch is not None
        try:
            with torch.inference_mode():
                while self._take_new(batch):
                    batch.step()
        except BaseException as error:
            # Nobody catches what this thread raises: those who wait are told, and who asks later.
            cause = error
        with self._lock:
            if cause is not None:
                self._over = f"the local model broke down: {type(cause).__name__}: {cause}"
                self._cause = cause
        while not self._queue.empty():
            if (sequence := self._queue.get()) is not None:
                batch.waiting.append(sequence)
        for sequence in batch.members:
            sequence.fail(self._over, cause)

    def _take_new(self, batch: Batch) -> bool:
        """Takes what has come; waits while there is nothing to do. Whether to go on."""
        while not (batch.members and self._queue.empty()):
            sequence = self._queue.get()
            if sequence is None:
                return False
            batch.waiting.append(sequence)
        return True

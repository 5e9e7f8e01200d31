"""Plays episodes in processes on this machine."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Generator, Sequence
from multiprocessing.connection import wait
from pathlib import Path

from agents.accounting import Prices
from benchmarks.episode import Episode
from benchmarks.executor import Event, Halt, Outcome
from benchmarks.interruption import safe_moment
from benchmarks.models.desk import ModelDesk
from benchmarks.models.wire import Ask
from benchmarks.worker import Worker

#: Seconds after which the processes are looked at even if none has said anything: one may have
#: died while a child of its own holds the pipe open.
_LOOK_SECONDS = 1.0


def check_workers(workers: int) -> None:
    """Checks a number of processes.

    Raises:
        ValueError: It is none.
    """
    if workers < 1:
        raise ValueError(f"workers is at least 1, not {workers}")


class LocalExecutor:
    """Plays each episode in one of several processes; one that dies loses only its own episode.

    Models that cost something are asked in this process, so that there is one of each; the others
    are opened where they are asked.

    Args:
        workers: How many processes, at most.
        desk: Holds the models of the run.
        prices: What models cost.
    """

    def __init__(
        self, workers: int, desk: ModelDesk | None = None, prices: Prices | None = None
    ) -> None:
        check_workers(workers)
        self.workers = workers
        self._desk = desk or ModelDesk({})
        self._prices = prices

    def run(self, episodes: Sequence[Episode], root: Path) -> Generator[Event]:
        """Plays episodes, each once; see :class:`benchmarks.executor.Executor`."""
        context = multiprocessing.get_context("spawn")
        waiting = deque(episodes)
        workers: list[Worker] = []
        try:
            while waiting or workers:
                while waiting and len(workers) < self.workers:
                    workers.append(Worker(context, root, self._desk.offers, self._prices))
                    workers[-1].give(waiting.popleft())
                self._await(workers)
                for worker in list(workers):
                    event = worker.listen()
                    if isinstance(event, Ask):
                        self._desk.take(worker, event)
                        continue
                    if isinstance(event, Halt):
                        waiting.clear()
                    if event is not None:
                        yield event
                    # Only now, so that a result is taken before its process goes on.
                    if isinstance(event, Halt | Outcome):
                        if waiting and isinstance(event, Outcome) and not event.result.error:
                            worker.give(waiting.popleft())
                        else:
                            workers.remove(worker)
                            worker.stop()
        finally:
            for worker in workers:
                worker.dismiss()
            for worker in workers:
                worker.stop()

    def _await(self, workers: Sequence[Worker]) -> None:
        """Waits until somebody has something to say, and passes answers on."""
        with safe_moment():
            wait([self._desk.bell, *(worker.connection for worker in workers)], _LOOK_SECONDS)
        for worker, payload in self._desk.finished():
            worker.answer(payload)

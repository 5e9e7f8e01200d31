"""Plays episodes in processes on this machine."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Generator, Sequence
from multiprocessing.connection import wait
from pathlib import Path

from benchmarks.episode import Episode
from benchmarks.executor import Beat, Outcome
from benchmarks.worker import Worker

#: Seconds after which the processes are looked at even if none has said anything: one may have
#: died while a child of its own holds the pipe open.
_LOOK_SECONDS = 1.0


class LocalExecutor:
    """Plays each episode in one of several processes; one that dies loses only its own episode.

    Args:
        workers: How many processes, at most.
    """

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise ValueError(f"workers is at least 1, not {workers}")
        self.workers = workers

    def run(self, episodes: Sequence[Episode], root: Path) -> Generator[Beat | Outcome]:
        """Plays episodes, each once; see :class:`benchmarks.executor.Executor`."""
        context = multiprocessing.get_context("spawn")
        waiting = deque(episodes)
        workers: list[Worker] = []
        try:
            while waiting or workers:
                while waiting and len(workers) < self.workers:
                    workers.append(Worker(context, root))
                    workers[-1].give(waiting.popleft())
                wait([worker.connection for worker in workers], _LOOK_SECONDS)
                for worker in list(workers):
                    event = worker.listen()
                    if isinstance(event, Outcome):
                        if event.result.error or not waiting:
                            workers.remove(worker)
                            worker.stop()
                        else:
                            worker.give(waiting.popleft())
                    if event is not None:
                        yield event
        finally:
            for worker in workers:
                worker.stop()

"""Plays episodes on several workers, and asks models for them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from multiprocessing.connection import wait
from pathlib import Path

from agents.accounting import Prices
from benchmarks.episode import Episode
from benchmarks.executors.executor import Event, Halt, Outcome, failure
from benchmarks.executors.player import Post
from benchmarks.executors.process import ProcessWorker
from benchmarks.executors.worker import Death, Said, Worker
from benchmarks.interruption import safe_moment
from benchmarks.models.desk import ModelDesk
from benchmarks.models.wire import Ask, Offer

#: Seconds after which the workers are looked at even if none has said anything: one may have died
#: while a child of its own holds the pipe open.
_LOOK_SECONDS = 1.0

#: Starts a worker.
Start = Callable[[Post, dict[str, Offer]], Worker]


class Pool:
    """Plays each episode on one of several workers; see :class:`benchmarks.executors.Executor`.

    One that dies loses only what it played: a single episode is a failure; several begin again,
    each on a worker of its own, for nobody knows which of them it was.

    Models that cost something are asked in this process, each call on a thread, so that there is
    one of each model; the others are opened where they are asked.

    Args:
        in_flight: How many episodes are played at the same time, at most.
        workers: On how many workers; by default on one each.
        desk: Holds the models of the run.
        prices: What models cost.
        start: Starts a worker; a process of this machine by default.

    Raises:
        ValueError: A number is none.
    """

    def __init__(
        self,
        in_flight: int,
        workers: int | None = None,
        desk: ModelDesk | None = None,
        prices: Prices | None = None,
        start: Start = ProcessWorker,
    ) -> None:
        self._most = check_count("workers", in_flight)
        self._workers = check_count("processes", min(workers or in_flight, in_flight))
        self._desk = desk or ModelDesk({})
        self._prices = prices
        self._start = start

    def run(self, episodes: Sequence[Episode], root: Path) -> Generator[Event]:
        """Plays episodes, each once; see :class:`benchmarks.executors.Executor`."""
        play = _Play(self._workers, self._most, self._desk, self._starter(root))
        play.waiting.extend(episodes)
        try:
            while play.goes_on:
                play.fill()
                self._await(play.workers)
                for worker in list(play.workers):
                    yield from self._heed(play, worker, worker.listen())
        finally:
            for worker in play.workers:
                worker.dismiss()
            for worker in play.workers:
                worker.stop()

    def _starter(self, root: Path) -> Callable[[int], Worker]:
        return lambda slots: self._start(Post(root, self._prices, slots), self._desk.offers)

    def _heed(self, play: _Play, worker: Worker, said: Said | Death | None) -> Generator[Event]:
        if said is None:
            return
        if isinstance(said, Ask):
            self._desk.take(worker, said)
            return
        if isinstance(said, Death):
            play.retire(worker)
            if len(said.episodes) > 1:
                play.apart.extend(said.episodes)
            else:
                for episode in said.episodes:
                    yield failure(episode, said.reason)
            return
        if isinstance(said, Halt):
            play.waiting.clear()
            play.apart.clear()
        yield said
        # Only now, so that a result is taken before its worker goes on.
        if isinstance(said, Outcome) and not said.result.error:
            self._desk.forget(said.episode)
        if isinstance(said, Halt | Outcome):
            worker.closing |= isinstance(said, Halt) or bool(said.result.error)
            if not worker.episodes and (worker.closing or not play.goes_on_with(worker)):
                play.retire(worker)

    def _await(self, workers: Sequence[Worker]) -> None:
        """Waits until somebody has something to say, and passes answers on."""
        with safe_moment():
            wait([self._desk.bell, *(worker.connection for worker in workers)], _LOOK_SECONDS)
        for worker, payload in self._desk.finished():
            worker.answer(payload)


class _Play:
    """Who plays what at the moment.

    Attributes:
        waiting: What is to be played, on any worker.
        apart: What is to be played on a worker of its own.
        workers: The workers.
    """

    def __init__(
        self, workers: int, most: int, desk: ModelDesk, start: Callable[[int], Worker]
    ) -> None:
        self.waiting: deque[Episode] = deque()
        self.apart: deque[Episode] = deque()
        self.workers: list[Worker] = []
        self._count = workers
        self._most = most
        self._slots = -(-most // workers)
        self._start = start

    @property
    def goes_on(self) -> bool:
        """Whether anything is played, or to be played."""
        return bool(self.waiting or self.apart or self.workers)

    def goes_on_with(self, worker: Worker) -> bool:
        """Whether there will be something for a worker that has room."""
        return worker.has_room and bool(self.waiting)

    def fill(self) -> None:
        """Gives out what waits, as far as there is room."""
        while self.apart and self._in_flight < self._most:
            worker = self._start(1)
            worker.give(self.apart.popleft())
            worker.closing = True
            self.workers.append(worker)
        while self.waiting and self._in_flight < self._most:
            # The emptiest one, so that each has as many as the others.
            room = [worker for worker in self.workers if worker.has_room]
            if len(self.workers) < self._count and all(worker.episodes for worker in room):
                room = [self._start(self._slots)]
                self.workers += room
            if not room:
                return
            min(room, key=lambda worker: len(worker.episodes)).give(self.waiting.popleft())

    def retire(self, worker: Worker) -> None:
        """Ends a worker."""
        self.workers.remove(worker)
        worker.stop()

    @property
    def _in_flight(self) -> int:
        return sum(len(worker.episodes) for worker in self.workers)


def check_count(name: str, count: int) -> int:
    """Checks a number of workers; gives it back.

    Raises:
        ValueError: It is none.
    """
    if count < 1:
        raise ValueError(f"--{name} is at least 1, not {count}")
    return count

"""Plays episodes on several workers, and asks models for them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from multiprocessing.connection import wait
from pathlib import Path

from agents.accounting import Prices
from benchmarks.carried import carried_files
from benchmarks.episode import Episode
from benchmarks.executors.executor import Event, Halt, Outcome, failure
from benchmarks.executors.player import Post
from benchmarks.executors.process import ProcessWorker
from benchmarks.executors.worker import Death, Said, Worker
from benchmarks.interruption import safe_moment
from benchmarks.models.desk import ModelDesk
from benchmarks.models.wire import Ask, Offer
from benchmarks.trace import TraceError

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
        scenes: Whether the games' scenes are recorded.

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
        scenes: bool = True,
    ) -> None:
        self._most = check_count("workers", in_flight)
        self._workers = check_count("processes", min(workers or in_flight, in_flight))
        self._desk = desk or ModelDesk({})
        self._prices = prices
        self._start = start
        self._scenes = scenes

    def run(self, episodes: Sequence[Episode], root: Path) -> Generator[Event]:
        """Plays episodes, each once; see :class:`benchmarks.executors.Executor`."""
        play = _Play(self._workers, self._most, root, self._starter(root))
        play.waiting.extend(episodes)
        try:
            while True:
                play.retire_idle()  # and so makes room
                yield from play.fill()
                play.retire_idle()
                if not play.workers:
                    return
                self._await(play.workers)
                for worker in list(play.workers):
                    yield from self._heed(play, worker, worker.listen())
        finally:
            for worker in play.workers:
                worker.dismiss()
            for worker in play.workers:
                worker.stop()

    def _starter(self, root: Path) -> Callable[[int], Worker]:
        return lambda slots: self._start(
            Post(root, self._prices, slots, self._scenes), self._desk.offers
        )

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
                    play.leave_out_after(episode)
                    yield failure(episode, said.reason)
            return
        if isinstance(said, Halt):
            play.waiting.clear()
            play.apart.clear()
        yield said
        # Only now, so that a result is taken before its worker goes on.
        if isinstance(said, Outcome):
            if said.result.error:
                play.leave_out_after(said.episode)
            else:
                self._desk.forget(said.episode)
        if isinstance(said, Halt | Outcome):
            worker.closing |= isinstance(said, Halt) or bool(said.result.error)

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

    def __init__(self, workers: int, most: int, root: Path, start: Callable[[int], Worker]) -> None:
        self.waiting: deque[Episode] = deque()
        self.apart: deque[Episode] = deque()
        self.workers: list[Worker] = []
        self._count = workers
        self._most = most
        self._slots = -(-most // workers)
        self._root = root
        self._start = start

    def fill(self) -> Generator[Event]:
        """Gives out what waits, as far as there is room; yields what cannot be begun."""
        while self.apart and self._in_flight < self._most:
            worker = self._start(1)
            self.workers.append(worker)
            yield from self._give(worker, self.apart.popleft())
            worker.closing = True
        while self._in_flight < self._most and (episode := self._next()) is not None:
            room = [worker for worker in self.workers if worker.has_room]
            if len(self.workers) < self._count and all(worker.episodes for worker in room):
                room = [self._start(self._slots)]
                self.workers += room
            if not room:
                return
            # The emptiest one, so that each has as many as the others.
            self.waiting.remove(episode)
            yield from self._give(min(room, key=lambda worker: len(worker.episodes)), episode)

    def _next(self) -> Episode | None:
        """The first that waits for no other one to end."""
        if not any(episode.after for episode in self.waiting):
            return self.waiting[0] if self.waiting else None
        playing = [episode for worker in self.workers for episode in worker.episodes]
        pending = {episode.digest for episode in (*playing, *self.apart, *self.waiting)}
        ready = (e for e in self.waiting if e.after is None or e.after[1] not in pending)
        return next(ready, None)

    def _give(self, worker: Worker, episode: Episode) -> Generator[Event]:
        try:
            files = carried_files(self._root, episode)
        except TraceError as error:
            self.leave_out_after(episode)
            yield failure(episode, f"TraceError: {error}")
        else:
            worker.give(episode, files)

    def leave_out_after(self, episode: Episode) -> None:
        """Leaves out what comes after an episode that has failed; it is owed too."""
        lost = {episode.digest}
        for one in list(self.waiting):  # in the order of the chain
            if one.after is not None and one.after[1] in lost:
                lost.add(one.digest)
                self.waiting.remove(one)

    def retire_idle(self) -> None:
        """Ends the workers that play nothing, and will not."""
        for worker in list(self.workers):
            if not worker.episodes and (worker.closing or not self.waiting):
                self.retire(worker)

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

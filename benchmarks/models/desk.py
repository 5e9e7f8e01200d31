"""Holds the opened models of a run, and asks them for the processes that play."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import TYPE_CHECKING

from agents.accounting import Ledger
from agents.model import ChatModel, Completion, ModelError, ToolCompletion
from benchmarks.episode import Episode
from benchmarks.models.wire import METHODS, Answer, Ask, Offer, sendable

if TYPE_CHECKING:
    from benchmarks.executors.worker import Worker

#: Seconds that models and calls under way have to end when the desk is closed.
_GRACE = 5.0
#: Answers of an episode that are kept until it has ended: more than are under way at a time, whose
#: worker may die before it has written them down.
_KEPT = 8


class ModelDesk:
    """Asks models for other processes, each call on a thread of its own.

    So that as many calls are under way as there are processes that wait; how many of them a model
    takes at a time is its own affair. Whoever has the pipes to the processes reads and writes them
    alone: it hands calls in, and takes finished ones out when :attr:`bell` rings. A process that
    dies with an answer in its hands, and plays its episode again, gets the answer without a call.

    Args:
        models: The opened models by role; they are closed with the desk.

    Attributes:
        offers: What may be asked, by role.
        bell: Can be read from when a call has ended.
        ledger: Counts the calls, and ends them when the budget is spent; None where nobody counts.
    """

    def __init__(self, models: Mapping[str, ChatModel]) -> None:
        self._models = dict(models)
        self.ledger: Ledger | None = None
        self.offers = {
            role: Offer(
                model.name, tuple(name for name, kind in METHODS.items() if isinstance(model, kind))
            )
            for role, model in models.items()
        }
        self.bell: Connection
        self.bell, self._rope = multiprocessing.Pipe(duplex=False)
        self._lock = threading.Lock()
        self._finished: list[tuple[Worker, bytes]] = []
        self._threads: set[threading.Thread] = set()
        self._kept: dict[str, OrderedDict[str, Completion | ToolCompletion]] = {}
        # By episode and question; the event is set when the call has ended.
        self._under_way: dict[tuple[str, str], threading.Event] = {}
        self._rung = self._closed = False

    def take(self, worker: Worker, ask: Ask) -> None:
        """Begins a call.

        Args:
            worker: Who asks.
            ask: What.
        """
        thread = threading.Thread(
            target=self._carry_out,
            args=(worker, ask),
            name=f"call of {ask.role}",
            daemon=True,
        )
        with self._lock:
            self._threads.add(thread)
        thread.start()

    def finished(self) -> list[tuple[Worker, bytes]]:
        """The calls that have ended since the last time: who asked, and the pickled answer."""
        with self._lock:
            if self._rung:
                self.bell.recv_bytes()
                self._rung = False
            finished, self._finished = self._finished, []
            return finished

    def close(self) -> None:
        """Closes the models, and gives calls under way some time to end; may be called twice."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            threads = set(self._threads)
        # In a thread too: a model that is in the middle of something must not hold up the end.
        closing = threading.Thread(target=self._close_models, name="closing models", daemon=True)
        closing.start()
        deadline = time.monotonic() + _GRACE
        for thread in (closing, *threads):
            thread.join(max(0.0, deadline - time.monotonic()))
        with self._lock:
            self.bell.close()
            self._rope.close()

    def _close_models(self) -> None:
        for model in dict.fromkeys(self._models.values()):
            model.close()

    def forget(self, episode: Episode) -> None:
        """Drops the answers that are kept of an episode, which has ended."""
        with self._lock:
            self._kept.pop(episode.digest, None)

    def _carry_out(self, worker: Worker, ask: Ask) -> None:
        try:
            answer = Answer(ask.number, self._ask(ask))
            payload = bytes(ForkingPickler.dumps(answer))
        except Exception as error:
            payload = bytes(ForkingPickler.dumps(Answer(ask.number, error=sendable(error))))
        with self._lock:
            self._threads.discard(threading.current_thread())
            if self._closed:
                return
            self._finished.append((worker, payload))
            if not self._rung:
                self._rung = True
                self._rope.send_bytes(b".")

    def _ask(self, ask: Ask) -> Completion | ToolCompletion:
        if self._closed:
            raise ModelError("the run has ended")
        if ask.role not in self.offers or ask.method not in self.offers[ask.role].methods:
            raise ModelError(f"there is no {ask.method} of a model for {ask.role}")
        key = ask.episode.digest, ask.question
        while True:
            with self._lock:
                kept = self._kept.setdefault(ask.episode.digest, OrderedDict())
                if ask.question in kept:
                    return kept[ask.question]
                earlier = self._under_way.get(key)
                if earlier is None:
                    ended = self._under_way[key] = threading.Event()
                    break
            # Whoever asked it has died, and plays again before the answer has come.
            earlier.wait()
        try:
            return self._call(ask, kept)
        finally:
            with self._lock:
                del self._under_way[key]
            ended.set()

    def _call(
        self, ask: Ask, kept: OrderedDict[str, Completion | ToolCompletion]
    ) -> Completion | ToolCompletion:
        if self.ledger is not None:
            self.ledger.check()
        done: Completion | ToolCompletion
        done = getattr(self._models[ask.role], ask.method)(*ask.arguments)
        if self.ledger is not None:
            # Also where nobody waits for the answer any more: it was paid for.
            self.ledger.record(ask.role, done, ask.episode.name)
        with self._lock:
            kept[ask.question] = done
            if len(kept) > _KEPT:
                kept.popitem(last=False)
        return done

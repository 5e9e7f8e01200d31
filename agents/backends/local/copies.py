"""Copies of a small model, each in a process of its own.

One forward pass of a model of a few million weights is mostly Python, which one process does on one
core whatever the number of threads. With ``copies=2`` two cores answer. What is said in one game
step goes to the same copy, which has its beginning cached; which copy that is changes no answer.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from agents.backends.local.options import LocalOptions
from agents.model import ChatModel, Completion, Message, ModelError, ModelSetupError, ModelSpec

#: Conversations of which it is kept which copy answered them; far more than run at once.
_KEPT = 4_096
#: Seconds in which a process should end that was told to.
_PATIENCE = 10.0
_COPIES = "copies"
_DEAD = "a copy of the local model died; was there memory for all of them?"


def open_models(specs: Mapping[str, ModelSpec]) -> Mapping[str, ChatModel]:
    """Opens models as :func:`agents.backends.local.open_models` does, in processes if asked to.

    Raises:
        ModelSetupError: One cannot be had as it is specified.
        ImportError: transformers or PEFT is not installed.
    """
    wanted = {role: LocalOptions.read(spec.options).copies for role, spec in specs.items()}
    if len(set(wanted.values())) > 1:
        raise ModelSetupError(
            f"all roles are answered by the same copies, so that they must agree on {_COPIES}: "
            + ", ".join(f"{count} for the {role}" for role, count in wanted.items())
        )
    here = {role: _without_copies(spec) for role, spec in specs.items()}
    count = max(wanted.values(), default=1)
    if count == 1:
        from agents.backends.local import open_models as open_here

        return open_here(here)
    copies = Copies(here, count)
    return {role: CopiedModel(role, name, copies) for role, name in copies.names.items()}


def _without_copies(spec: ModelSpec) -> ModelSpec:
    return replace(spec, options={k: v for k, v in spec.options.items() if k != _COPIES})


class CopiedModel:
    """A model of which there are several copies.

    Args:
        role: Its role.
        name: What it is called in traces and tables.
        copies: Who answers.
    """

    def __init__(self, role: str, name: str, copies: Copies) -> None:
        self._role = role
        self._name = name
        self._copies = copies
        self._closed = False

    @property
    def name(self) -> str:
        """What it is called in traces and tables."""
        return self._name

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        """Continues a conversation; see :class:`agents.model.ChatModel`."""
        return self._copies.answer(self._role, messages, seed)

    def close(self) -> None:
        """Lets go of the copies; the last role ends their processes. May be called twice."""
        if not self._closed:
            self._closed = True
            self._copies.let_go()


class Copies:
    """The processes, each with all roles.

    Args:
        specs: The models by role.
        count: How many processes.

    Attributes:
        names: What each role's model is called.

    Raises:
        ModelSetupError: A model cannot be had as it is specified.
        ImportError: transformers or PEFT is not installed.
    """

    def __init__(self, specs: Mapping[str, ModelSpec], count: int) -> None:
        self._copies = [_Copy(specs, count) for _ in range(count)]
        self._lock = threading.Lock()
        self._placed: OrderedDict[int, _Copy] = OrderedDict()
        self._busy: Counter[_Copy] = Counter()
        self._holders = len(specs)
        try:
            names = [copy.begin() for copy in self._copies]
        except BaseException:
            self._end()
            raise
        self.names = names[0]

    def answer(self, role: str, messages: Sequence[Message], seed: int) -> Completion:
        """The answer of one of the copies.

        Raises:
            ModelError: No answer came.
        """
        # The system message and the scene: the same in all that is said in a step.
        copy = self._choose(hash(tuple(messages[:2])))
        try:
            return copy.ask(role, messages, seed)
        finally:
            with self._lock:
                self._busy[copy] -= 1

    def let_go(self) -> None:
        """Says that one role less uses them; the last one ends them."""
        with self._lock:
            self._holders -= 1
            last = self._holders == 0
        if last:
            self._end()

    def _choose(self, conversation: int) -> _Copy:
        with self._lock:
            copy = self._placed.pop(conversation, None)
            if copy is None:
                copy = min(self._copies, key=self._busy.__getitem__)
            self._placed[conversation] = copy
            if len(self._placed) > _KEPT:
                self._placed.popitem(last=False)
            self._busy[copy] += 1
            return copy

    def _end(self) -> None:
        for copy in self._copies:
            copy.dismiss()
        for copy in self._copies:
            copy.end()


class _Copy:
    """One process, and the questions that it has not answered."""

    def __init__(self, specs: Mapping[str, ModelSpec], count: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, its_end = context.Pipe()
        threads = max(1, (os.cpu_count() or 1) // count)
        self._process = context.Process(
            target=_serve, args=(its_end, dict(specs), threads), daemon=True
        )
        self._process.start()
        its_end.close()
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._asked: dict[int, Future[Completion]] = {}
        self._over = ""
        self._listener = threading.Thread(target=self._listen, daemon=True)

    def begin(self) -> dict[str, str]:
        """Waits until it is open; the names of its models by role."""
        try:
            said = self._pipe.recv()
        except EOFError:
            raise ModelError(_DEAD) from None
        if isinstance(said, BaseException):
            raise said
        self._listener.start()
        names: dict[str, str] = said
        return names

    def ask(self, role: str, messages: Sequence[Message], seed: int) -> Completion:
        future: Future[Completion] = Future()
        with self._lock:
            if self._over:
                raise ModelError(self._over)
            number = next(self._numbers)
            try:
                self._pipe.send((number, role, tuple(messages), seed))
            except OSError:
                raise ModelError(_DEAD) from None
            self._asked[number] = future
        return future.result()

    def dismiss(self) -> None:
        """Tells it to end."""
        with self._lock:
            self._over = self._over or "the model has been closed"
            with suppress(OSError):  # it is dead already
                self._pipe.send(None)

    def end(self) -> None:
        """Waits until it has ended."""
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        if self._listener.is_alive():
            self._listener.join()
        self._pipe.close()

    def _listen(self) -> None:
        while True:
            try:
                number, found = self._pipe.recv()
            except (EOFError, OSError):
                break
            with self._lock:
                future = self._asked.pop(number)
            if isinstance(found, BaseException):
                future.set_exception(found)
            else:
                future.set_result(found)
        with self._lock:
            self._over = self._over or _DEAD
            left, self._asked = self._asked, {}
        for future in left.values():
            future.set_exception(ModelError(self._over))


def _serve(pipe: Connection, specs: dict[str, ModelSpec], threads: int) -> None:
    """The life of a copy: answers until it is told to end, or nobody is there any more."""
    # Ctrl-C is for the process that asks, which then closes this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import torch

        from agents.backends.local import open_models as open_here

        torch.set_num_threads(threads)
        models = open_here(specs)
    except Exception as error:
        pipe.send(_told(error))
        return
    pipe.send({role: model.name for role, model in models.items()})
    lock = threading.Lock()

    def answer(number: int, role: str, messages: Sequence[Message], seed: int) -> None:
        found: Any
        try:
            found = models[role].generate(messages, seed)
        except Exception as error:
            found = _told(error)
        with lock, suppress(OSError):  # nobody is there any more
            pipe.send((number, found))

    batch = max(LocalOptions.read(spec.options).batch for spec in specs.values())
    with ThreadPoolExecutor(2 * batch) as pool, suppress(EOFError):
        while (asked := pipe.recv()) is not None:
            pool.submit(answer, *asked)
    for model in models.values():
        model.close()


def _told(error: Exception) -> Exception:
    """An error as the process that asked can be told it."""
    # Of others nobody knows whether they can be sent, and who asks would wait without end.
    if isinstance(error, ModelError | ImportError):
        return error
    return ModelError(f"a copy of the local model failed: {type(error).__name__}: {error}")

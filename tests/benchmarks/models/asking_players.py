"""Agents that ask models in unusual ways; the worker processes import them."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from agents import Decision
from agents.model import Message, ModelError

ASK = (Message("system", "s"), Message("user", "u"))


class Asker:
    """Asks its model once a turn, tells nothing of it, and does what it says."""

    roles = ("agent",)

    def __init__(self, models, first=0):
        self.model = models["agent"]
        self.first = first

    def reset(self, observation, info, seed):
        self.turn = self.first

    def act(self, observation, info):
        self.turn += 1
        return Decision(self.model.generate(ASK, self.turn).text)


class Crowd(Asker):
    """Asks from several threads at once."""

    def act(self, observation, info):
        self.turn += 1
        found = []

        def ask(seed):
            found.append(self.model.generate(ASK, seed).text)

        threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return Decision(found[0])


class Fainting(Asker):
    """Fails at its third turn."""

    def act(self, observation, info):
        if self.turn == 2:
            raise RuntimeError("lost the thread")
        return super().act(observation, info)


class Pidded(Asker):
    """Writes down which process it lives in."""

    def __init__(self, models, folder):
        super().__init__(models)
        self.folder = Path(folder)

    def act(self, observation, info):
        (self.folder / f"pid {os.getpid()}").touch()
        return super().act(observation, info)


class Tools(Asker):
    """Asks by tools, and says what came of it."""

    def act(self, observation, info):
        done = self.model.call("s", [{"role": "user", "content": []}], [], 1)
        return Decision(done.content[0]["text"])


class Stubborn(Asker):
    """Takes the first error for an answer."""

    def act(self, observation, info):
        try:
            return super().act(observation, info)
        except ModelError as error:
            return Decision(
                f"<|APPEND|>notes.md|{type(error).__name__}: {error}<|END|><|ACTION|>east<|END|>"
            )

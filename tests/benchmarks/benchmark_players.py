"""Agents that go wrong in the ways that a run has to bear; the worker processes import them."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

from agents import Decision, Event
from agents.model import Call, Completion, Message
from agents.random_agent import RandomAgent

VAULT = "examples.vault:AutoMem-Vault-v0"
HOSTILE = "</script><script>alert('<!--')</script>&amp;{{data}}\ud800"


class Failing(RandomAgent):
    """Fails at its third turn, as often as a file allows; then it plays at random.

    Args:
        counter: A file with one byte a failure.
        failures: How often it fails in all.
        kill: Whether to kill the process instead of raising.
    """

    def __init__(self, counter: str, failures: int = 1000, kill: bool = False):
        super().__init__()
        self.counter, self.failures, self.kill = Path(counter), failures, kill
        self.turn = 0

    def act(self, observation, info):
        self.turn += 1
        if self.turn == 3 and len(self.counter.read_bytes()) < self.failures:
            with self.counter.open("ab") as file:
                file.write(b".")
            if self.kill:
                os.kill(os.getpid(), signal.SIGKILL)
            raise RuntimeError("lost the thread")
        return super().act(observation, info)


class Gated(RandomAgent):
    """Stops at the second episode until a file is there."""

    def __init__(self, folder: str):
        super().__init__()
        self.folder = Path(folder)

    def reset(self, observation, info, seed):
        super().reset(observation, info, seed)
        if not (self.folder / "first").exists():
            (self.folder / "first").touch()
            return
        while not (self.folder / "open").exists():
            time.sleep(0.01)


class Scribe:
    """Writes hostile text into its memory, then walks."""

    def reset(self, observation, info, seed):
        self.turn = 0

    def act(self, observation, info):
        self.turn += 1
        if self.turn > 3:
            return Decision("dial 0")
        asked = (Message("user", HOSTILE),)
        call = Call(HOSTILE, HOSTILE, HOSTILE, 1, asked, Completion(HOSTILE))
        event = Event(HOSTILE, HOSTILE)
        text = f"{HOSTILE}<|WRITE|>a{self.turn}.md|{HOSTILE[:-1]}<|END|>"
        return Decision(text, (call,), (event,))


class Rambler(RandomAgent):
    """Plays and writes at random, but dials nothing: the episode runs to its limit of steps.

    At every fourth step it asks for a file that is not there.
    """

    def act(self, observation, info):
        while "dial" in (decision := super().act(observation, info)).action:
            pass
        if info["game_step"] % 4 == 2:
            return replace(decision, action=f"<|READ|>nowhere.md<|END|>{decision.action}")
        return decision


class Terse(RandomAgent):
    """Answers with the action alone."""

    def act(self, observation, info):
        return super().act(observation, info).action


def walker(observation, info):
    """Never reaches anything: the episode runs to its limit of steps."""
    return "<|APPEND|>notes.md|" + observation["observation"] + "<|END|><|ACTION|>east<|END|>"


def reader(observation, info):
    """Writes what it sees, and reads all that it wrote, at every step."""
    return (
        f"<|APPEND|>notes.md|{info['game_step']}: {observation['observation']}<|END|>"
        "<|READ|>notes.md<|END|><|ACTION|>east<|END|>"
    )


def consulter(observation, info):
    """Looks for what is not there, and writes the same line into two files at every step."""
    return (
        "<|SEARCH|>notes.md|zanzibar<|END|><|UPSERT|>notes.md|k|v<|END|>"
        "<|UPSERT|>other.md|k|v<|END|><|ACTION|>east<|END|>"
    )


class Moody:
    """Does what a file says: its words one after the other, the last one for ever."""

    def __init__(self, mood: str):
        self.words = Path(mood).read_text().split()
        self.turn = 0

    def reset(self, observation, info, seed):
        self.turn = 0

    def act(self, observation, info):
        self.turn += 1
        return self.words[min(self.turn, len(self.words)) - 1]


class Diarist:
    """Writes a line at every step, and walks."""

    def reset(self, observation, info, seed):
        pass

    def act(self, observation, info):
        return "<|APPEND|>notes.md|now<|END|><|ACTION|>east<|END|>"


class Unlucky(Diarist):
    """Fails where its notes are not empty at the start, but hold a line for each step so far."""

    def reset(self, observation, info, seed):
        if "notes.md (0 lines" not in observation["files"]:
            raise RuntimeError("bad luck")

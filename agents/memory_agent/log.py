"""LOG: writes down what came of the last action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agents.dialogue.reply import turn_text
from agents.memory_agent.rejection import Rejection
from agents.memory_agent.routine_context import RoutineContext
from agents.memory_agent.routine_run import RoutineRun


class Log(RoutineRun):
    """LOG at one game step.

    It ends at DONE, at a reply without a memory command, or with its last turn. Where something
    that stands before DONE was refused, the refusal comes back first: what was meant to be written
    must not get lost unseen. The hook ``check_done`` can send it back once.

    Args:
        context: What the routines of the episode share.
        facts: The variables of the game step.
        role: Whose turn it is.
    """

    def __init__(self, context: RoutineContext, facts: Mapping[str, Any], role: str) -> None:
        super().__init__("log", context, facts)
        self._role = role
        self._done = self._sent_back = False
        self._warn()

    def advance(self, results: str, done: Sequence[bool]) -> str | None:
        """Goes on until something is to be sent to the environment.

        Args:
            results: What the commands that were sent last have answered.
            done: Whether each of them was done, or refused.

        Returns:
            The text of the next turn; None when LOG is over.
        """
        if self._sent:
            self._sent = False
            self._note_writes(done)
            if self._done and all(done) and not self._rejections and self._may_end():
                return None
            self._say("results", results)
            self._warn()
        while self._turns_left:
            reply, _ = self._ask(self._role, acts=False)
            self._done = reply.done
            commands = self._sift(reply)
            if commands:
                self._sent = True
                return turn_text(commands)
            if not self._rejections and self._may_end():
                return None
            self._say("results")
            self._warn()
        return None

    def _note_writes(self, done: Sequence[bool]) -> None:
        """Notes for the hooks what has been written; what the memory refused has not."""
        written = [
            command.file.strip()
            for command, ok in zip(self._taken, done, strict=False)
            if ok and self._context.operations[command.op].mutates
        ]
        self._facts["wrote"] = [*self._facts["wrote"], *written]

    def _may_end(self) -> bool:
        """Whether the hooks let it end; they send it back once, and only where it could go on."""
        if self._sent_back or not self._turns_left:
            return True
        reason = self._context.scaffold.hooks.check_done(self._facts)
        if reason is None:
            return True
        self._sent_back = True
        self._reject(Rejection("hook", "DONE", detail=reason))
        return False

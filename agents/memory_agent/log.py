"""LOG: writes down what came of the last action."""

from __future__ import annotations

from collections.abc import Mapping
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

    def advance(self, results: str, refused: bool) -> str | None:
        """Goes on until something is to be sent to the environment.

        Args:
            results: What the commands that were sent last have answered.
            refused: Whether one of them was refused.

        Returns:
            The text of the next turn; None when LOG is over.
        """
        if self._sent:
            self._sent = False
            if self._done and not (refused or self._rejections) and self._may_end():
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

    def _may_end(self) -> bool:
        """Whether the hooks let it end; they are asked once, and only where it could go on."""
        if self._sent_back or not self._turns_left:
            return True
        self._sent_back = True
        reason = self._context.scaffold.hooks.check_done(self._facts)
        if reason is not None:
            self._reject(Rejection("hook", "DONE", detail=reason))
        return reason is None

"""PLAN: consults the memory, and commits one game action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.dialogue.reply import turn_text
from agents.memory_agent.routine_context import RoutineContext
from agents.memory_agent.routine_run import RoutineRun

#: A model that declined to act this often will not do so when it is asked once more.
REFUSALS = 2


class Plan(RoutineRun):
    """PLAN at one game step. It only reads, and ends with one game action in every case.

    Reads that stand before an action in the same reply are executed with it, in one turn: who
    writes both at once has chosen not to wait for the answers.

    Args:
        context: What the routines of the episode share.
        facts: The variables of the game step.
        committer: Who commits the action.
        consultant: Who consults the memory before; None where the committer does that, too. What it
            writes as an action is stripped, and the committer continues its conversation.

    Attributes:
        uncommitted: Whether it ended without an action of the model's.
        refused_beside: Whether memory commands beside or after its action were turned down. No more
            is told of them in the next game step: conversations do not cross steps.
    """

    def __init__(
        self,
        context: RoutineContext,
        facts: Mapping[str, Any],
        committer: str,
        consultant: str | None = None,
    ) -> None:
        turns = context.scaffold.routines["plan"].turns
        self._committer, self._consultant = committer, consultant or committer
        # At least one turn is the committer's.
        self._consultation = min(context.scaffold.limits.consultation_turns, turns - 1)
        self._consulting = consultant is not None and self._consultation > 0
        self._handed = consultant is None
        self._retries = self._refusals = 0
        self._reason = ""
        self.uncommitted = self.refused_beside = False
        super().__init__("plan", context, facts)
        if self._handed:
            self._warn()

    @property
    def _turns_left(self) -> int:
        return self._consultation - self._asked if self._consulting else super()._turns_left

    def advance(self, results: str) -> str:
        """Goes on until something is to be sent to the environment.

        Args:
            results: What the commands that were sent last have answered.

        Returns:
            The text of the next turn: memory commands, or the action of this game step.
        """
        if self._sent:
            self._sent = False
            self._tell(results)
        if not self._handed:
            commands = self._consult()
            if commands:
                return self._send(commands)
            self._hand_over()
        return self._commit()

    def _send(self, commands: list[str]) -> str:
        self._sent = True
        return turn_text(commands)

    def _tell(self, results: str | None = None) -> None:
        """Answers a reply that committed no action."""
        if results is not None or self._rejections:
            self._say("results", results or "")
        elif not self._reason:
            self._say("no_command")
        if self._reason:
            self._say("rejected", reason=self._reason)
            self._reason = ""
        if self._handed:
            self._warn()

    def _consult(self) -> list[str]:
        """Lets the consultant go on until it sends commands, or has consulted enough."""
        while self._consulting:
            reply, _ = self._ask(self._consultant, acts=False)
            asked = reply.commands or reply.half
            over = reply.action is not None or reply.done or not asked
            commands = self._sift(reply)
            self._consulting = not over and self._turns_left > 0
            if commands:
                return commands
            if self._consulting:
                self._tell()
        return []

    def _hand_over(self) -> None:
        self._handed = True
        self._context.caller.note("hand-over", f"after {self._asked} of {self._consultation} turns")
        if self._rejections:
            self._say("results")
        self._say("handover")
        self._warn()

    def _commit(self) -> str:
        """Asks the committer until it commits an action, or sends commands."""
        while self._turns_left:
            reply, refusal = self._ask(self._committer, acts=True)
            self._refusals += refusal
            if self._refusals == REFUSALS:
                break
            commands = self._sift(reply)
            if reply.action is not None:
                action, reason = self._judge(reply.action)
                if reason and self._may_retry():
                    self._reason = reason
                elif action is None:
                    break
                else:
                    self.refused_beside = bool(self._rejections)
                    return turn_text(commands, action)
            if self._turns_left:
                if commands:
                    return self._send(commands)
                self._tell()
        default = self._context.default_action
        self._context.caller.note("uncommitted", f"{default} was executed")
        self.uncommitted = True
        return turn_text([], default)

    def _may_retry(self) -> bool:
        self._retries += 1
        return self._retries <= self._context.scaffold.limits.action_retries and (
            self._turns_left > 0
        )

    def _judge(self, written: str) -> tuple[str | None, str]:
        """Looks at an action before it is executed.

        Args:
            written: What stands in the reply.

        Returns:
            What to execute where the model insists on it, None for the default action; and what
            speaks against it, for the model. An impossible action is passed on as it is: the
            environment has a rule for it, and counts it.
        """
        names = self._context.actions
        action = written if names is None else names.match(written)
        if names is not None and action is None:
            self._context.caller.note("impossible", written[:200])
            return written, f"{written[:80]!r} is no valid action.{names.near(written)}"
        reason = self._context.scaffold.hooks.check_action(action or "", self._facts)
        if reason is None:
            return action, ""
        self._context.caller.note("rejected", f"plan: {action}: {reason}")
        return None, reason

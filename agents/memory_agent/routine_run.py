"""One routine at one game step: a fresh conversation, and the turns that it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.dialogue.compaction import cut_middle
from agents.dialogue.conversation import Conversation
from agents.dialogue.reply import Reply
from agents.memory_agent.rejection import Rejection
from agents.memory_agent.routine_context import RoutineContext
from agents.scaffold.routine import READ_ONLY
from automem_gym.command import LONGEST_REPLY
from automem_gym.memory_turn import MAX_COMMANDS_PER_TURN
from memory_fs import Malformed, MemoryAction
from memory_fs.suggestion import did_you_mean


class RoutineRun:
    """One routine at one game step.

    Args:
        name: ``log`` or ``plan``.
        context: What the routines of the episode share.
        facts: The variables of the game step; see :class:`agents.dialogue.situation.Situation`.
    """

    def __init__(self, name: str, context: RoutineContext, facts: Mapping[str, Any]) -> None:
        self.name = name
        self._context = context
        self._routine = context.scaffold.routines[name]
        self._conversation = Conversation(context.systems[name])
        self._asked = 0
        self._sent = False
        self._rejections: list[Rejection] = []
        self._taken: list[MemoryAction] = []  # those that were sent last
        self._looks: list[dict[str, str]] = []  # those that are not answered yet
        self._facts: dict[str, Any] = {
            **facts,
            "routine": name,
            "turns_left": self._turns_left,
            "rejections": [],
            "reason": "",
            "looked": [],
            "wrote": [],
            "notices": [],
        }
        self._facts["notices"] = context.scaffold.hooks.notices(self._facts)
        self._conversation.say(context.scaffold.prompt(name, self._facts))

    @property
    def _turns_left(self) -> int:
        """Model turns that whoever is asked next still has."""
        return self._routine.turns - self._asked

    def _say(self, prompt: str, results: str = "", reason: str = "") -> None:
        """Adds a prompt to the conversation; rejections that it can tell are told with it."""
        if results:
            self._facts["looked"] = [*self._facts["looked"], *self._looks]
            self._looks = []
        values = {
            **self._facts,
            "turns_left": self._turns_left,
            "results": results,
            "rejections": [rejection.facts for rejection in self._rejections],
            "reason": reason,
        }
        self._rejections = []
        self._conversation.say(self._context.scaffold.prompt(prompt, values))

    def _warn(self) -> None:
        """Says that one turn is left, where that is so."""
        if self._turns_left == 1:
            self._say("last_turn")

    def _ask(self, role: str, acts: bool) -> tuple[Reply, bool]:
        """Asks for the next reply.

        Args:
            role: Who is asked.
            acts: Whether it may commit a game action; if not, one that it writes is stripped.

        Returns:
            The reply, and whether the model refused to answer.
        """
        caller = self._context.caller
        done = caller.ask(role, self.name, self._conversation)
        self._asked += 1
        refusal = done.stop_reason == "refusal"
        reply = Reply(stripped=done.text)
        if not refusal:
            cut = done.stop_reason == "length"
            reply = self._context.reader.read(done.text, acts=acts, cut=cut)
        kept = done.text if acts else reply.stripped
        self._conversation.answer(cut_middle(kept, self._context.scaffold.limits.reply_chars))
        if reply.action is not None and not acts:
            caller.note("stripped", f"{role} in {self.name}: {reply.action[:200]}")
        return reply, refusal

    def _sift(self, reply: Reply) -> list[str]:
        """Turns down the commands that this routine may not use.

        Returns:
            The texts of the others, in their order.
        """
        taken: list[str] = []
        self._taken = []
        size = 0
        for at, command in enumerate(reply.commands):
            if at >= MAX_COMMANDS_PER_TURN:
                left = len(reply.commands) - at
                self._reject(Rejection("too_many", "", left, str(MAX_COMMANDS_PER_TURN)))
                break
            rejection = self._rejection(command)
            if rejection is None and isinstance(command, MemoryAction):
                text = self._context.reader.block(command)
                size += len(text) + 1
                if size <= LONGEST_REPLY // 2:  # room for an action
                    taken.append(text)
                    self._taken.append(command)
                    self._note_look(command)
                    continue
                rejection = Rejection("too_long", command.op)
            if rejection is not None:
                self._reject(rejection)
        if reply.half:
            self._reject(Rejection("cut", reply.half[:80]))
        if reply.refused:
            self._reject(Rejection("after_action", "", reply.refused))
        return taken

    def _note_look(self, command: MemoryAction) -> None:
        """Notes a command that only looks, for when it is answered."""
        if not self._context.operations[command.op].mutates:
            self._looks.append({"op": command.op, "file": command.file, "text": command.text})

    def _reject(self, rejection: Rejection) -> None:
        self._rejections.append(rejection)
        self._context.caller.note("rejected", f"{self.name}: {rejection}")

    def _rejection(self, command: MemoryAction | Malformed) -> Rejection | None:
        """Why a command is turned down; None where it is not."""
        allowed = self._routine.operations
        if isinstance(command, Malformed):
            name = command.name[:80]
            if name in self._context.reader.fields:
                return Rejection("malformed", name, detail=command.problem)
            return Rejection("unknown", name, detail=did_you_mean(name, allowed).strip())
        what = f"{command.op} {command.file.strip()[:80]}".rstrip()
        operation = self._context.operations.get(command.op)
        if self.name in READ_ONLY and operation is not None and operation.mutates:
            return Rejection("read_only", what)
        if command.op not in allowed:
            return Rejection("not_offered", what, detail=did_you_mean(command.op, allowed).strip())
        data = {
            "op": command.op,
            "file": command.file,
            "key": command.key,
            "text": command.text,
        }
        reason = self._context.scaffold.hooks.check_command(data, self._facts)
        return None if reason is None else Rejection("hook", what, detail=reason)

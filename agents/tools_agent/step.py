"""One game step: the model uses its memory as it likes, then acts."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from agents.model import Completion, Message, ToolCompletion
from agents.tools_agent.conversation import ToolConversation
from agents.tools_agent.step_context import StepContext
from agents.tools_agent.tools import ACT, MEMORY
from automem_gym import GameAction, MemoryAction
from automem_gym.memory_turn import MAX_TURNS_PER_GAME_STEP
from memory_fs import Refused
from memory_fs.adapters.memory_operations import to_action
from memory_fs.syntax import END

ROLE = "agent"
#: A model that declined to answer this often will not do so when it is asked once more.
REFUSALS = 2
#: Each call of the memory is a turn of the environment, which ends a step with more turns itself.
MEMORY_CALLS = MAX_TURNS_PER_GAME_STEP - 1


class Step:
    """A fresh conversation; nothing of it but the files is there in the next step.

    Args:
        context: What the steps share.
        facts: The variables of the first prompt.

    Attributes:
        uncommitted: Whether it ended without an action of the model's.
    """

    def __init__(self, context: StepContext, facts: Mapping[str, Any]) -> None:
        self._context = context
        self._conversation = ToolConversation(
            context.system, context.prompts.render("step", {**facts, "turns": context.turns})
        )
        self._number = facts["game_step"]
        self._uses: deque[Mapping[str, Any]] = deque()
        self._waiting: str | None = None
        self._cut: str | None = None
        self._asked = self._refusals = self._memory_calls = 0
        self.uncommitted = False

    def ended(self, info: Mapping[str, Any]) -> bool:
        """Whether the game has gone on; the environment ends a step with too many turns itself.

        Args:
            info: The ``info`` of the turn.
        """
        over: bool = info["game_step"] != self._number
        if over and self._waiting is not None:
            self.uncommitted = True
            executed = info["executed_action"]
            self._context.caller.note("uncommitted", f"the environment executed {executed}")
        return over

    def hear(self, info: Mapping[str, Any]) -> None:
        """Takes the answer to the last call of the memory.

        Args:
            info: The ``info`` of the turn.
        """
        if self._waiting is not None:
            done = info["commands"][0]
            self._conversation.tell(self._waiting, done["result"], error=not done["ok"])
            self._waiting = None

    def advance(self) -> GameAction | MemoryAction:
        """Goes on until something is to be sent to the environment.

        Raises:
            ModelError: The model could not be asked.
        """
        while True:
            while self._uses:
                action = self._take(self._uses.popleft())
                if action is not None:
                    return action
            if self._asked == self._context.turns or self._refusals == REFUSALS:
                return self._give_up()
            self._ask()

    def _ask(self) -> None:
        """Asks once more; the calls of the answer are taken then."""
        context = self._context
        last = self._asked == context.turns - 1
        if last:
            self._conversation.say(context.prompts.render("last_turn", {}))
        force = ACT if last else ""

        def answer(messages: tuple[Message, ...], seed: int) -> Completion:
            return context.model.call(
                context.system, self._conversation.turns, context.tools, seed, force
            ).to_completion()

        recorded = context.caller.converse(ROLE, "play", self._conversation, answer)
        done = ToolCompletion.from_completion(recorded)
        self._asked += 1
        if done.stop_reason == "refusal":
            self._refusals += 1
            self._conversation.say(context.prompts.render("no_tool", {}))
            return
        self._uses.extend(self._conversation.answer(done.content))
        # The last block of an answer that was cut is not all that the model wanted to write.
        unfinished = done.stop_reason == "length" and bool(self._uses)
        self._cut = self._uses[-1]["id"] if unfinished and _ends_with_a_call(done) else None
        if not self._uses:
            self._conversation.say(context.prompts.render("no_tool", {}))

    def _take(self, use: Mapping[str, Any]) -> GameAction | MemoryAction | None:
        """What a call sends to the environment; None where it is turned down."""
        try:
            if use["id"] == self._cut:
                raise Refused("the call was cut: the answer was longer than is allowed. Write less")
            if use["name"] == MEMORY:
                return self._remember(use)
            if use["name"] == ACT:
                return self._commit(self._judged(use["input"]))
            raise Refused(f"there is no tool {use['name']!r:.80}. There are {MEMORY} and {ACT}")
        except Refused as refusal:
            if not isinstance(refusal, _ImpossibleError):
                self._context.caller.note("rejected", str(refusal))
            self._conversation.tell(use["id"], str(refusal), error=True)
            return None

    def _remember(self, use: Mapping[str, Any]) -> MemoryAction:
        """The turn that a call of the memory is.

        Raises:
            Refused: It is none, or there were too many in this step.
        """
        if self._memory_calls == MEMORY_CALLS:
            raise Refused(f"the memory was used {MEMORY_CALLS} times in this step; act now")
        action = to_action(use["input"])
        self._memory_calls += 1
        self._waiting = use["id"]
        return action

    def _judged(self, arguments: Mapping[str, Any]) -> str:
        """The action that a call names.

        Raises:
            Refused: It names none that can be executed.
        """
        written = arguments.get("action")
        if not isinstance(written, str):
            raise Refused(f"action is text, not {written!r:.80}")
        names = self._context.actions
        if names is None:
            if END in written:
                raise Refused(f"an action cannot hold {END}")
            return written
        found = names.match(written)
        if found is None:
            self._context.caller.note("impossible", written[:200])
            raise _ImpossibleError(f"{written[:80]!r} is no valid action.{names.near(written)}")
        return found

    def _commit(self, name: str) -> GameAction:
        if self._uses:
            left = len(self._uses)
            self._context.caller.note("rejected", f"{left} calls after {ACT}: the step ends there")
            self._uses.clear()
        return GameAction(name)

    def _give_up(self) -> GameAction:
        self.uncommitted = True
        default = self._context.default_action
        self._context.caller.note("uncommitted", f"{default} was executed")
        return GameAction(default)


class _ImpossibleError(Refused):
    """An action that does not exist, which is an event of its own."""


def _ends_with_a_call(done: ToolCompletion) -> bool:
    return bool(done.content) and done.content[-1]["type"] == "tool_use"

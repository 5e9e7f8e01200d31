"""One piece of work: a conversation with a model that works with tools until it has finished."""

from __future__ import annotations

from agents.model import ToolCompletion
from agents.scaffold.prompts.prompts import Prompts
from memory_fs import Refused
from training.structure.reviewers.conversation import Conversation
from training.structure.reviewers.desk import Desk
from training.structure.reviewers.settings import Settings
from training.structure.reviewers.toolbox import Toolbox
from training.structure.workspace import PAGE_CHARS

#: Goal of shortening, as a share of what a conversation may take: so that it is seldom done, for
#: what is changed at its beginning has to be read anew.
_SHARE = 0.5


class UnfinishedError(RuntimeError):
    """The model did not finish, and would not if it were asked once more."""


class Session:
    """Lets a model work.

    Args:
        conversation: What it is told first.
        desk: Asks it.
        toolbox: What it works with.
        prompts: What it is told on the way: ``last_calls``, with how many are ``left``, and
            ``no_tool``.
        settings: How long it may work.
    """

    def __init__(
        self,
        conversation: Conversation,
        desk: Desk,
        toolbox: Toolbox,
        prompts: Prompts,
        settings: Settings,
    ) -> None:
        self._conversation, self._desk, self._toolbox = conversation, desk, toolbox
        self._prompts, self._settings = prompts, settings
        self._reminders = 0

    def run(self) -> None:
        """Goes on until the work is finished.

        Raises:
            UnfinishedError: The model did not finish.
            BudgetSpentError: Nothing more may be spent.
            ModelError: The model could not be asked.
        """
        calls = self._settings.calls
        for left in range(calls, 0, -1):
            if left <= self._settings.last_calls:
                self._conversation.say(self._prompts.render("last_calls", {"left": left}))
            answer = self._desk.ask(self._conversation)
            self._hear(answer)
            if self._toolbox.finished:
                return
            self._keep_short(answer)
        raise UnfinishedError(f"the {self._desk.role} was asked {calls} times, and did not finish")

    def _hear(self, answer: ToolCompletion) -> None:
        """Carries out what an answer asks for."""
        # What a model declined to say is no part of the conversation.
        uses = self._conversation.answer(() if answer.stop_reason == "refusal" else answer.content)
        if not uses:
            self._remind(answer.stop_reason)
            return
        cut = answer.stop_reason == "length" and answer.content[-1]["type"] == "tool_use"
        for number, use in enumerate(uses, 1):
            try:
                if cut and number == len(uses):
                    raise Refused("the call was cut: the answer was longer than is allowed")
                if number > self._settings.tools_at_once:
                    raise Refused(f"{self._settings.tools_at_once} calls at once are the most")
                text, error = self._toolbox.use(use["name"], use["input"]), False
            except Refused as refusal:
                text, error = str(refusal)[:PAGE_CHARS], True
            if self._toolbox.finished:
                return
            self._conversation.tell(use["id"], text, error)

    def _remind(self, stop_reason: str) -> None:
        self._reminders += 1
        if self._reminders > self._settings.reminders:
            raise UnfinishedError(
                f"the {self._desk.role} answered {self._reminders} times without calling a tool "
                f"(the last answer ended by {stop_reason})"
            )
        self._conversation.say(self._prompts.render("no_tool", {}))

    def _keep_short(self, answer: ToolCompletion) -> None:
        most, tokens = self._settings.context_tokens, answer.usage.tokens
        if tokens > most:
            self._conversation.forget(int(self._conversation.chars * _SHARE * most / tokens))

"""One review: a conversation with a model that works with tools until it has finished."""

from __future__ import annotations

from agents.model import Call, ToolCompletion
from memory_fs import Refused
from training.structure.attempt import Revision
from training.structure.review import Review
from training.structure.reviewers.calls import CALLS, read_calls
from training.structure.reviewers.conversation import Conversation
from training.structure.reviewers.desk import Desk
from training.structure.reviewers.failure import ReviewFailed
from training.structure.reviewers.settings import Settings
from training.structure.reviewers.toolbox import Toolbox
from training.structure.reviewers.words import PROMPTS, begin_text, go_on_text
from training.structure.workspace import PAGE_CHARS, Workspace

#: Goal of shortening, as a share of what a conversation may take: so that it is seldom done, for
#: what is changed at its beginning has to be read anew.
_SHARE = 0.5


class Session:
    """Carries a review out.

    Args:
        review: The review.
        desk: Asks the model.
        settings: How long it may be.

    Raises:
        ValueError: The recording of the failed attempt is damaged.
        RunError: The run of the scaffold cannot be read.
    """

    def __init__(self, review: Review, desk: Desk, settings: Settings) -> None:
        self._desk, self._settings = desk, settings
        self._workspace = Workspace(review)
        self._toolbox = Toolbox(self._workspace)
        self._conversation = _opened(review, settings.calls)
        self._reminders = 0

    def run(self) -> Revision:
        """Goes on until the model has finished.

        Raises:
            ReviewFailed: It did not.
            BudgetSpentError: Nothing more may be spent.
            ModelError: The model could not be asked.
        """
        calls = self._settings.calls
        for left in range(calls, 0, -1):
            if left <= self._settings.last_calls:
                self._conversation.say(PROMPTS.render("last_calls", {"left": left}))
            answer = self._desk.ask(self._conversation)
            self._hear(answer)
            if self._workspace.revision is not None:
                return self._workspace.revision
            self._keep_short(answer)
        raise ReviewFailed(f"the reviewer was asked {calls} times, and did not finish")

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
            if self._workspace.revision is not None:
                return
            self._conversation.tell(use["id"], text, error)

    def _remind(self, stop_reason: str) -> None:
        self._reminders += 1
        if self._reminders > self._settings.reminders:
            raise ReviewFailed(
                f"the reviewer answered {self._reminders} times without calling a tool (the last "
                f"answer ended by {stop_reason})"
            )
        self._conversation.say(PROMPTS.render("no_tool", {}))

    def _keep_short(self, answer: ToolCompletion) -> None:
        most, tokens = self._settings.context_tokens, answer.usage.tokens
        if tokens > most:
            self._conversation.forget(int(self._conversation.chars * _SHARE * most / tokens))


def _opened(review: Review, calls: int) -> Conversation:
    """The conversation as it begins, or as it goes on from that of the failed attempt."""
    last = _last_call(review)
    system = PROMPTS.render("system", {})
    if review.failed is None:
        return Conversation(system, begin_text(review, calls))
    if last is None:
        conversation = Conversation(system, begin_text(review, calls))
    else:
        conversation = Conversation.of(last)
        for use in conversation.unanswered:
            conversation.tell(use, "the review had ended")
    conversation.say(go_on_text(review, review.failed, last is not None, calls))
    return conversation


def _last_call(review: Review) -> Call | None:
    """The last call that led to the failed attempt; None where there is no recording of it."""
    if review.failed is None or review.failed_folder is None:
        return None
    path = review.failed_folder / CALLS
    if not path.exists():
        return None
    answered = [asked for asked in read_calls(path) if isinstance(asked, Call)]
    return answered[-1] if answered else None

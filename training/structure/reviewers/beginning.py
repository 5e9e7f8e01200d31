"""The conversation with a reviewer, as a review begins."""

from __future__ import annotations

from agents.model import Call
from training.structure.review import Review
from training.structure.reviewers.calls import CALLS, read_calls
from training.structure.reviewers.conversation import Conversation
from training.structure.reviewers.words import PROMPTS, begin_text, go_on_text


def opened(review: Review, calls: int) -> Conversation:
    """The conversation as it begins, or as it goes on from that of the failed attempt.

    Args:
        review: The review.
        calls: How often the model will be asked.

    Raises:
        ValueError: The recording of the failed attempt is damaged.
        RunError: The run of the scaffold cannot be read.
    """
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

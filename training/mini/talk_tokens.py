"""Conversations in tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from agents.backends.local.random_tokenizer import BEGIN, END
from agents.model import Message
from memory_fs.syntax import END as COMMAND_END
from memory_fs.syntax import opening

#: Why a token is learnt.
TOLD, ANSWER, CHOICE = 1, 2, 3
#: Conversations that the tokenizer is given at once.
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class TalkTokens:
    """A conversation in tokens.

    Attributes:
        tokens: The tokens.
        learnt: Whether each is learnt: :data:`ANSWER` for those of answers with what ends them, but
            :data:`CHOICE` for the name of an action, which is one of few and decides the game;
            :data:`TOLD` for those of what the memory said to them, which repeats what was asked
            and so teaches to copy; 0 for the others.
        static: How many of the first tokens are the system message: conversations that have it in
            common can be read behind one copy of it.
    """

    tokens: np.ndarray[Any, np.dtype[np.int32]]
    learnt: np.ndarray[Any, np.dtype[np.uint8]]
    static: int = 0


def tokenised(tokenizer: Any, talks: Iterable[Sequence[Message]]) -> Iterator[TalkTokens]:
    """Conversations in tokens, each as the model is shown it when it has answered.

    Args:
        tokenizer: One with the chat format of :mod:`agents.backends.local.random_tokenizer`.
        talks: The conversations.
    """
    from agents.backends.local.chat_format import ChatFormat

    plain = ChatFormat(tokenizer).plain
    begin, end = tokenizer.convert_tokens_to_ids([BEGIN, END])
    heads = [
        tokenizer.encode(f"{who}\n", add_special_tokens=False) for who in ("assistant", "user")
    ]
    action, over = tokenizer.convert_tokens_to_ids([opening("ACTION"), COMMAND_END])
    rest = iter(talks)
    while piece := list(islice(rest, _AT_ONCE)):
        chats = [[{"role": m.role, "content": plain(m.text)} for m in talk] for talk in piece]
        texts = tokenizer.apply_chat_template(chats, tokenize=False)
        for tokens in tokenizer(texts, add_special_tokens=False)["input_ids"]:
            it = _marked(np.array(tokens, np.int32), begin, end, *heads)
            if action != tokenizer.unk_token_id:
                _mark_choices(it, action, over)
            yield it


def _mark_choices(talk: TalkTokens, action: int, over: int) -> None:
    for start in np.flatnonzero((talk.tokens == action) & (talk.learnt == ANSWER)):
        name = talk.learnt[start + 1 :][: np.argmax(talk.tokens[start + 1 :] == over)]
        name[name == ANSWER] = CHOICE


def _marked(
    tokens: np.ndarray[Any, np.dtype[np.int32]],
    begin: int,
    end: int,
    assistant: list[int],
    user: list[int],
) -> TalkTokens:
    starts, stops = np.flatnonzero(tokens == begin), np.flatnonzero(tokens == end)
    learnt = np.zeros(len(tokens), np.uint8)
    answered = False
    for start, stop in zip(starts, stops, strict=True):
        answer = tokens[start + 1 : start + 1 + len(assistant)].tolist() == assistant
        answered |= answer
        if answered:
            head = assistant if answer else user
            learnt[start + 1 + len(head) : stop + 1] = ANSWER if answer else TOLD
    static = int(starts[1]) if len(starts) > 1 else 0
    return TalkTokens(tokens, learnt, static)

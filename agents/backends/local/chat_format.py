"""From a conversation to tokens, and from an answer's tokens to text."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
from transformers import PreTrainedTokenizerBase

from agents.backends.local.random_tokenizer import CHATML
from agents.model import Message, ModelSetupError

_Chat = list[dict[str, str]]
#: Tokenizers are not safe to use from several threads, and roles share them.
_LOCK = threading.Lock()


class Prompt(NamedTuple):
    """A conversation in tokens.

    Attributes:
        tokens: The tokens, up to where the answer begins.
        static: How many of the first ones come from the system message alone.
    """

    tokens: list[int]
    static: int


class ChatFormat:
    """A tokenizer and a chat template.

    What stands in a message cannot end it: control tokens that are written out in a text are
    taken apart with a space.

    Args:
        tokenizer: The tokenizer.
        template: ``chatml``, a file with a template, or empty for the tokenizer's own.
        variables: Variables for the template.
        ends: Tokens that end an answer, beside those that are found here.

    Attributes:
        merges_system: Whether the template refuses system messages, so that they are put in front
            of the first message of the user.
        stops: Tokens that end an answer.

    Raises:
        ModelSetupError: There is no template, or it does not work.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        template: str = "",
        variables: Mapping[str, Any] | None = None,
        ends: Sequence[int] = (),
    ) -> None:
        self._tokenizer = tokenizer
        self._template = _template(tokenizer, template)
        self._variables = dict(variables or {})
        self._static: dict[str, int] = {}
        self._control: dict[int, str] = {}
        self.merges_system = False
        self._probe(set(ends))

    def prompt(self, messages: Sequence[Message]) -> Prompt:
        """Renders a conversation, with the beginning of an answer behind it.

        Raises:
            ModelSetupError: The template does not take it.
        """
        tokens = self._tokens(self._render(self._chat(messages)))
        system = messages[0].text if messages and messages[0].role == "system" else None
        if system is None:
            return Prompt(tokens, 0)
        if system not in self._static:
            if len(self._static) >= 64:
                self._static.clear()
            self._static[system] = self._static_tokens(messages[0])
        # The very same beginning, unless a template looks at what comes later.
        return Prompt(tokens, min(self._static[system], len(tokens)))

    def answer(self, text: str) -> list[int]:
        """The tokens of an answer's words."""
        return self._tokens(self.plain(text))

    def text(self, tokens: Sequence[int]) -> str:
        """The words of an answer, without control tokens, up to what ends it."""
        text = self._decode([token for token in tokens if token not in self._control])
        return text.partition(self._stop_text)[0] if self._stop_text else text

    @property
    def ends(self) -> Callable[[list[int]], bool] | None:
        """Says whether tokens hold what ends an answer; None where single tokens do."""
        return (lambda tokens: self._stop_text in self._decode(tokens)) if self._stop_text else None

    def _decode(self, tokens: Sequence[int]) -> str:
        with _LOCK:
            return str(
                self._tokenizer.decode(
                    list(tokens), skip_special_tokens=False, clean_up_tokenization_spaces=False
                )
            )

    @property
    def end(self) -> list[int]:
        """The tokens of the end of an answer."""
        return [self._end] if self._end is not None else self._tokens(self._stop_text)

    def _probe(self, ends: set[int]) -> None:
        """Finds out what the format is made of, by rendering some conversations."""
        user: _Chat = [{"role": "user", "content": "U0"}]
        try:
            shown = self._render([{"role": "system", "content": "S0"}, *user])
        except ModelSetupError:
            shown = ""
        self.merges_system = "S0" not in shown
        if self.merges_system:
            shown = self._render(user)
            warnings.warn(
                f"the chat template of {self._tokenizer.name_or_path} takes no system message: "
                "it is put in front of the first message of the user",
                stacklevel=2,
            )
        answered = self._render([*user, {"role": "assistant", "content": "A0"}], answer=False)
        tail = answered.rpartition("A0")[2]
        special = self._special()
        found = {token for token in self._tokens(shown + answered) if token in special}
        after = self._tokens(tail)
        self._end: int | None = after[0] if after and after[0] in special else None
        ends |= {token for token in (self._tokenizer.eos_token_id, self._end) if token is not None}
        self._stop_text = "" if self._end is not None else tail.strip().partition("\n")[0]
        if self._end is None and not self._stop_text:
            self._end = min(ends, default=None)
        self.stops = frozenset(ends)
        pads = {self._tokenizer.bos_token_id, self._tokenizer.pad_token_id}
        self._control = {token: special[token] for token in found | ends | pads if token in special}
        self._marks = sorted({*self._control.values(), self._stop_text} - {""})

    def _special(self) -> dict[int, str]:
        """Control tokens and how they are written."""
        added: dict[int, Any] = getattr(self._tokenizer, "added_tokens_decoder", {})
        return {number: token.content for number, token in added.items() if token.special}

    def _chat(self, messages: Sequence[Message]) -> _Chat:
        chat: _Chat = [{"role": m.role, "content": self.plain(m.text)} for m in messages]
        if self.merges_system and len(chat) > 1 and chat[0]["role"] == "system":
            chat[1]["content"] = f"{chat[0]['content']}\n\n{chat[1]['content']}"
            del chat[0]
        return chat

    def plain(self, text: str) -> str:
        """A text in which no control token is left: those that are written out are taken apart."""
        # Half of a surrogate pair is no character, and tokenizers do not take it.
        text = text.encode("utf-8", "replace").decode("utf-8")
        for mark in self._marks:
            text = text.replace(mark, f"{mark[0]} {mark[1:]}")
        return text

    def _static_tokens(self, system: Message) -> int:
        first, second = (
            self._tokens(self._render(self._chat([system, Message("user", text)])))
            for text in ("a", "0")
        )
        alike = 0
        while alike < min(len(first), len(second)) and first[alike] == second[alike]:
            alike += 1
        return alike

    def _render(self, chat: _Chat, answer: bool = True) -> str:
        try:
            return str(
                self._tokenizer.apply_chat_template(
                    chat,
                    chat_template=self._template,
                    tokenize=False,
                    add_generation_prompt=answer,
                    **self._variables,
                )
            )
        except jinja2.TemplateError as error:
            raise ModelSetupError(
                f"the chat template of {self._tokenizer.name_or_path} does not take this "
                f"conversation: {error}; pass chat_template=chatml or a file with another template"
            ) from error

    def _tokens(self, text: str) -> list[int]:
        with _LOCK:
            return list(self._tokenizer.encode(text, add_special_tokens=False))


def _template(tokenizer: PreTrainedTokenizerBase, given: str) -> str:
    if given == "chatml":
        return CHATML
    if given:
        try:
            return Path(given).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ModelSetupError(
                f"chat_template is chatml or a file with a Jinja template; {given!r}: {error}"
            ) from error
    if isinstance(tokenizer.chat_template, str):
        return tokenizer.chat_template
    if tokenizer.chat_template:
        return str(tokenizer.get_chat_template())
    raise ModelSetupError(
        f"the tokenizer of {tokenizer.name_or_path} has no chat template; pass "
        "chat_template=chatml or a file with the template that the model was trained with"
    )

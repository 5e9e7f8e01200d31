r"""The marks of a command block, and a tolerant scanner that finds blocks in any text.

A block is ``<|NAME|>payload<|END|>``. Models are sloppy, so these are read as well: ``<NAME>``,
``<|NAME>``, any case, ``<|END}``, ``<END>``, ``</NAME>``; a block without a closing mark that the
next line's block follows; a last block left open; blocks in code fences. What stands inside
``<think>`` is no command.

Text that itself looks like a mark is printed with a backslash after its ``<`` (``<\|END}``), which
the scanner takes away again, so that every payload survives printing and scanning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

END = "<|END|>"
#: The name of the block that says: all before it was thought.
THOUGHT = "/THINK"
#: How many backticks make a code fence.
_FENCE = 3

_CLOSERS = r"(?:\|>|[|>})\]])"
# Possessive quantifiers (``*+``) throughout: a model that repeats spaces or line breaks without end
# must not cost more than their number.
_SLASH = r"\s*+(?:/\s*+)?"
#: What follows the ``<`` of anything that a scanner could take for a mark, whatever names it knows.
_MARK_BODY = rf"(?:\|?{_SLASH}[A-Za-z]\w*+\s*+{_CLOSERS})"
_ESCAPE = re.compile(rf"<(\\*)(?={_MARK_BODY})", re.IGNORECASE)
_UNESCAPE = re.compile(rf"<\\(\\*)(?={_MARK_BODY})", re.IGNORECASE)


def opening(name: str) -> str:
    """The opening mark of a command."""
    return f"<|{name}|>"


def escape(payload: str) -> str:
    """Takes the meaning from whatever in a payload looks like a mark."""
    return _ESCAPE.sub(r"<\\\1", payload) if "<" in payload else payload


def unescape(payload: str) -> str:
    """Undoes :func:`escape`."""
    return _UNESCAPE.sub(r"<\1", payload) if "<\\" in payload else payload


class Block(NamedTuple):
    """One block as it stands in a text.

    Attributes:
        name: The name in its opening mark, in upper case; it may be an unknown one.
        payload: What stands between the marks, unescaped.
        start: Where its opening mark begins.
        end: Where the text goes on after it.
    """

    name: str
    payload: str
    start: int
    end: int


class _Token(NamedTuple):
    kind: str  # "open", "end" (<|END|>), "sloppy" (another closing mark), "think", "unthink"
    start: int
    end: int
    name: str


class Syntax:
    """The commands that a scanner knows.

    Args:
        names: The known commands, in upper case.
        bare: Those of them that consist of their opening mark alone.
    """

    def __init__(self, names: Iterable[str], bare: Iterable[str] = ()) -> None:
        self._bare = frozenset(bare)
        known = "|".join(sorted(map(re.escape, names), key=len, reverse=True)) or r"(?!)"
        self._pattern = re.compile(
            # One "<" in front of all, so that the engine can skip to the next one.
            r"<(?:(?P<end>\|END\|>)"
            rf"|(?P<sloppy>\|?{_SLASH}END\s*+{_CLOSERS}|\|?\s*+/\s*+(?:{known})\s*+{_CLOSERS})"
            rf"|\|\s*+(?P<name>{known})\s*+{_CLOSERS}|\s*+(?P<plain>{known})\s*+\|?>"
            # An unknown name counts only in the exact form and in capitals: chat templates have
            # marks such as <|im_end|> of their own.
            r"|\|(?P<unknown>(?-i:[A-Z][A-Z0-9_]*))\|>"
            r"|(?P<think>think(?:ing)?>)|(?P<unthink>/think(?:ing)?>))",
            re.IGNORECASE,
        )

    def scan(self, text: str) -> Iterator[Block]:
        """Finds the blocks of a text, in order. Total: any text gives some blocks or none.

        Yields:
            The blocks outside ``<think>`` sections. A ``</think>`` without an opening means that
            all before it was thought (chat templates may open the thought in the prompt): the
            caller gets a block named :data:`THOUGHT` there.
        """
        tokens = self._tokens(text)
        last_end = text.rfind(END)
        at = 0
        while at < len(tokens):
            token = tokens[at]
            at += 1
            if token.kind == "think":
                while at < len(tokens) and tokens[at].kind != "unthink":
                    at += 1
                at += 1
            elif token.kind == "unthink":
                yield Block(THOUGHT, "", token.start, token.end)
            elif token.kind == "open" and token.name in self._bare:
                yield Block(token.name, "", token.start, token.end)
            elif token.kind == "open":
                closed = _close(text, tokens, at, last_end)
                block, marked = _block(
                    text, token, tokens[closed] if closed < len(tokens) else None
                )
                yield block
                at = closed + marked

    def _tokens(self, text: str) -> list[_Token]:
        tokens = []
        for match in self._pattern.finditer(text):
            kind, name = match.lastgroup or "", ""
            if kind in ("name", "plain", "unknown"):
                kind, name = "open", match[kind].upper()
            tokens.append(_Token(kind, *match.span(), name))
        return tokens


def _block(text: str, opened: _Token, closed: _Token | None) -> tuple[Block, bool]:
    """Cuts a block out of the text; also tells whether a mark of its own closed it."""
    if closed and closed.kind != "open":
        payload = text[opened.end : closed.start]
        return Block(opened.name, unescape(payload), opened.start, closed.end), True
    stop = closed.start if closed else len(text)
    # Left open: the line break or fence before what follows is not its own.
    payload = text[opened.end : stop].rstrip()
    unfenced = payload.rstrip("`")
    if len(payload) - len(unfenced) >= _FENCE:
        payload = unfenced.rstrip()
    return Block(opened.name, unescape(payload), opened.start, stop), False


def _starts_line(text: str, position: int) -> bool:
    """Whether only spaces or a fence stand before this position on its line."""
    line_start = text.rfind("\n", max(0, position - 80), position) + 1
    return line_start > 0 and not text[line_start:position].strip(" \t`")


def _close(text: str, tokens: list[_Token], first: int, last_end: int) -> int:
    """Which token closes the block whose opening mark stands before token ``first``.

    ``<|END|>`` does, and the opening mark of the next block where it starts a line. Another closing
    mark does where no ``<|END|>`` comes before the next block: otherwise it is text.
    """
    sloppy = -1
    for at in range(first, len(tokens)):
        token = tokens[at]
        if token.kind == "end":
            return at
        if token.kind == "sloppy":
            if token.start > last_end:
                return at
            sloppy = at if sloppy < 0 else sloppy
        elif token.kind == "open" and (sloppy >= 0 or _starts_line(text, token.start)):
            return sloppy if sloppy >= 0 else at
    return len(tokens)

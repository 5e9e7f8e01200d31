"""Examples in tokens: the very prompt that inference reads, and the target that is learnt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING

from agents.model import Message, ModelSetupError
from memory_fs.action import FIELDS, RESERVED
from memory_fs.syntax import opening
from training.proficiency.example import Example

if TYPE_CHECKING:
    from agents.backends.local.chat_format import ChatFormat

#: Label of a token that is not learnt, in PyTorch.
IGNORED = -100
#: All marks that commands are made of.
MARKS = tuple(opening(name) for name in (*FIELDS, *RESERVED))


class TokenError(ValueError):
    """Nothing can be learnt with this tokenizer or cutoff; the message says what to change."""


@dataclass(frozen=True, slots=True)
class ExampleTokens:
    """An example in tokens.

    Attributes:
        tokens: The prompt's tokens, then the target's, with what ends an answer.
        prompt: How many are the prompt's.
        routine: As in the example.
        cut: How many of the prompt's first tokens were cut off.
    """

    tokens: tuple[int, ...]
    prompt: int
    routine: str
    cut: int = 0

    @property
    def labels(self) -> tuple[int, ...]:
        """What is learnt at each place: the token there, or :data:`IGNORED`; as many as tokens."""
        return (IGNORED,) * self.prompt + self.tokens[self.prompt :]

    @property
    def learnt(self) -> int:
        """How many tokens are learnt."""
        return len(self.tokens) - self.prompt


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """What became of examples.

    Attributes:
        examples: Those that are there.
        routines: How many of each routine.
        tokens: Their tokens.
        learnt: Those of them that are learnt.
        truncated: Examples whose prompt lost its beginning.
        too_long: Examples that were left out: the target alone is longer than the cutoff.
        altered: Examples that were left out: the tokenizer does not give their target back.
        episodes: Episodes that they come from.
    """

    examples: int = 0
    routines: dict[str, int] = field(default_factory=dict)
    tokens: int = 0
    learnt: int = 0
    truncated: int = 0
    too_long: int = 0
    altered: int = 0
    episodes: int = 0

    def to_json(self) -> dict[str, object]:
        """It as plain data."""
        return asdict(self)


def encode(
    examples: Iterable[Example],
    form: ChatFormat,
    cutoff: int,
    invocation: Sequence[int] = (),
) -> tuple[list[ExampleTokens], TokenCounts]:
    """Turns examples into tokens.

    A prompt is what :class:`~agents.backends.local.chat_format.ChatFormat` makes of its messages
    for inference. Where prompt and target are longer than the cutoff together, the prompt loses its
    beginning; a target is never cut.

    Args:
        examples: The examples.
        form: Chat format of the model that is trained.
        cutoff: Most tokens of an example.
        invocation: For an activated LoRA, the tokens that turn it on, with which every prompt ends.

    Returns:
        Those that can be learnt, and what became of all.

    Raises:
        TokenError: A prompt does not end with the invocation.
    """
    found: list[ExampleTokens] = []
    least = max(1, len(invocation))
    counts = dict.fromkeys((entry.name for entry in fields(TokenCounts)), 0)
    routines: dict[str, int] = {}
    episodes = set()
    for example in examples:
        answer = form.answer(example.target)
        if form.text(answer) != example.target:
            counts["altered"] += 1
            continue
        target = [*answer, *form.end]
        prompt = form.prompt(example.messages).tokens
        if invocation and tuple(prompt[-len(invocation) :]) != tuple(invocation):
            raise TokenError(
                f"{example.place}: its prompt does not end with the tokens that turn the activated "
                f"LoRA on, {list(invocation)}; this chat template cannot carry one: train with "
                "activated=false"
            )
        room = cutoff - len(target)
        if room < least:
            counts["too_long"] += 1
            continue
        cut = max(0, len(prompt) - room)
        prompt = prompt[cut:]
        counts["truncated"] += cut > 0
        counts["tokens"] += len(prompt) + len(target)
        counts["learnt"] += len(target)
        routines[example.routine] = routines.get(example.routine, 0) + 1
        episodes.add(example.episode)
        found.append(ExampleTokens((*prompt, *target), len(prompt), example.routine, cut))
    counts["examples"], counts["episodes"] = len(found), len(episodes)
    own = {name: count for name, count in counts.items() if name != "routines"}
    return found, TokenCounts(routines=dict(sorted(routines.items())), **own)


def check_marks(form: ChatFormat) -> None:
    """Checks that a model with this format can say every mark that commands are made of.

    Raises:
        ModelSetupError: It cannot say one: no recipe would help.
    """
    lost = [mark for mark in MARKS if form.text(form.answer(mark)) != mark]
    if lost:
        said = form.text(form.answer(lost[0]))
        raise ModelSetupError(
            f"the tokenizer swallows or splits the marks of commands: {', '.join(lost)} "
            f"({lost[0]} comes back as {said!r}). They are control tokens of it, which no answer "
            "holds; take them off its list of special tokens, or name a base without them"
        )


def invocation_of(form: ChatFormat, special: Iterable[int]) -> tuple[int, ...]:
    """The tokens with which every prompt ends, from where the answer is announced.

    These turn an activated LoRA on. With ChatML it is ``<|im_start|>assistant`` and a line break.

    Args:
        form: The chat format.
        special: Control tokens of the tokenizer.

    Raises:
        TokenError: Prompts have no ending in common.
    """
    first, second = (
        form.prompt([Message("user", text)]).tokens[::-1] for text in ("Where?", "3 x 7")
    )
    alike = 0
    while alike < min(len(first), len(second)) and first[alike] == second[alike]:
        alike += 1
    ending = first[:alike][::-1]
    control = set(special)
    places = [at for at, token in enumerate(ending) if token in control]
    # What ends the user's message stands there whoever goes on.
    if places and ending[places[0]] in form.stops:
        places = places[1:]
    found = tuple(ending[places[0] :] if places else ending)
    if not found:
        raise TokenError(
            "this chat template announces no answer, so that nothing could turn an activated LoRA "
            "on: train with activated=false"
        )
    return found

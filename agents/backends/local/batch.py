"""The conversations that are being answered, and one step with all of them.

A step reads a chunk of prompts, then one token of each running answer; new conversations join
between steps.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

import torch

from agents.backends.local.network import Network, Piece
from agents.backends.local.prefix_cache import Beginning, PrefixCache
from agents.backends.local.prefix_tree import Part
from agents.backends.local.roster import Roster
from agents.backends.local.sampler import choose
from agents.backends.local.sequence import Sequence
from agents.backends.local.statistics import Statistics

#: Prompts are read together while padding makes at most this many times their tokens.
_PADDING = 1.5
#: Rows that are longer than the next conversation needs by more than this are given back.
_SPARE = 4_096
_NAN = (
    "the model computed scores that are no numbers (NaN): its weights or its adapter are damaged, "
    "or dtype=float16 is too narrow for it; try dtype=bfloat16 or float32"
)
_MEMORY = (
    "the memory did not suffice for {rows} conversations at once: {error}. Lower batch, "
    "cache_bytes, chunk or context, or open the model with load_in=4bit."
)

_T = TypeVar("_T")


class Batch:
    """All that an engine does with its model, step by step; for one thread.

    Args:
        network: The model.
        cache: Where beginnings are kept.
        statistics: Where everything is counted.
        size: Most rows.
        chunk: Most tokens of prompts in one pass.
        memory: Most bytes of rows; None for no limit.

    Attributes:
        waiting: Conversations without a row.
    """

    def __init__(
        self,
        network: Network,
        cache: PrefixCache,
        statistics: Statistics,
        size: int,
        chunk: int,
        memory: int | None,
    ) -> None:
        self.waiting: deque[Sequence] = deque()
        self._network = network
        self._rows = network.rows
        self._roster = Roster(network.rows)
        self._cache = cache
        self._statistics = statistics
        self._size = size
        self._chunk = chunk
        self._memory = memory

    @property
    def members(self) -> list[Sequence]:
        """All conversations, the waiting ones included."""
        return [*self._roster.members, *self.waiting]

    def step(self) -> None:
        """Does one step. Conversations that are over get their result, or their error."""
        self._drop_cancelled()
        try:
            self._admit()
            if self._roster.running < len(self._roster.members):
                self._read_prompts()
            if self._roster.running:
                self._advance()
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            self._give_up(error)
        self._statistics.cache_bytes = self._cache.bytes
        self._statistics.batch_bytes = self._rows.bytes

    # -- who takes part -----------------------------------------------------------------------

    def _drop_cancelled(self) -> None:
        for sequence in [sequence for sequence in self.waiting if sequence.cancelled]:
            self.waiting.remove(sequence)
        for row in reversed(range(len(self._roster.members))):
            if self._roster.members[row].cancelled:
                self._roster.leave(row)

    def _admit(self) -> None:
        """Gives rows to conversations that wait, as long as there is room."""
        for sequence in list(self.waiting):
            if len(self._roster.members) == self._size:
                break
            if self._is_being_read(sequence):
                continue
            sequence.beginning = self._beginning(sequence) if self._network.shares else None
            if not (self._has_room(sequence) and self._enter(sequence)):
                break
            self.waiting.remove(sequence)

    def _is_being_read(self, sequence: Sequence) -> bool:
        """Whether another conversation is just reading the static beginning of this one.

        Then it is better to wait for it than to read it twice, if it can be kept.
        """
        count = sequence.static
        if count * self._rows.bytes_per_token > self._cache.limit:
            return False
        wanted = sequence.codes(0, count)
        return any(
            other.done < count == other.static and (other.codes(0, count) == wanted).all()
            for other in self._roster.members[self._roster.running :]
        )

    def _has_room(self, sequence: Sequence) -> bool:
        members = [*self._roster.members, sequence]
        if len(members) == 1 or self._memory is None:
            return True
        longest = max(member.longest for member in members)
        return len(members) * longest * self._rows.bytes_per_token <= self._memory

    def _enter(self, sequence: Sequence) -> bool:
        """Gives a conversation a row; whether there was memory for it."""
        if not self._roster.members and self._rows.length > sequence.longest + _SPARE:
            self._rows.release()
        rows, length = len(self._roster.members) + 1, sequence.prompt - sequence.before
        try:
            self._spare(lambda: self._rows.reserve(rows, length))
        except RuntimeError as error:
            if rows == 1 or not is_out_of_memory(error):
                raise
            return False
        row = self._roster.enter(sequence)
        sequence.done = sequence.before
        for part in self._known(sequence):
            place = sequence.done - sequence.before
            self._rows.write(row, place, part.keyvalues, part.tokens)
            sequence.done += part.tokens
        sequence.reused = sequence.done
        self._statistics.requests += 1
        self._statistics.prompt_tokens += sequence.prompt
        self._statistics.reused_tokens += sequence.reused
        self._statistics.cache_hits += sequence.reused > 0
        self._statistics.cache_misses += sequence.reused == 0
        return True

    def _beginning(self, sequence: Sequence) -> Beginning | None:
        """The static beginning of a conversation, if it is kept."""
        codes = sequence.codes(0, sequence.static)
        if not sequence.static:
            return self._cache.begin(codes, lambda start, stop: [])
        return self._cache.get(codes)

    def _known(self, sequence: Sequence) -> list[Part]:
        """What has been read before of a conversation, but for the shared beginning."""
        beginning = sequence.beginning or self._beginning(sequence)
        if beginning is None:
            nearest = self._cache.nearest(sequence.codes(0, sequence.static))
            return [nearest] if nearest else []
        # The last token is always read: its scores choose the first one of the answer.
        codes = sequence.codes(sequence.static, sequence.prompt - 1)
        parts = self._cache.find(beginning, codes)
        if sequence.beginning is None and len(beginning):
            parts.insert(0, Part(beginning.keyvalues, len(beginning)))
        return parts

    # -- reading and answering ----------------------------------------------------------------

    def _read_prompts(self) -> None:
        first = self._roster.running
        counts = self._share([s.left for s in self._roster.members[first:]])
        reading = self._roster.members[first : first + len(counts)]
        scores = self._pass(first, reading, counts)
        self._statistics.prefill_passes += 1
        self._statistics.prefilled_tokens += sum(counts)
        for row, (sequence, count) in enumerate(zip(reading, counts, strict=True), first):
            before = sequence.done
            sequence.done += count
            if before < sequence.static <= sequence.done:
                self._cache.begin(sequence.codes(0, sequence.static), partial(self._rows.read, row))
        if not reading[0].left:
            self._take(range(first, first + len(reading)), scores)
            self._roster.begin(len(reading))
            self._finish()

    def _share(self, left: Iterable[int]) -> list[int]:
        """How much is read of each of the next prompts: all of some, or a chunk of the first.

        So prompts are finished in their order. Padding does not cost more than it must.
        """
        counts: list[int] = []
        for tokens in left:
            count = min(tokens, self._chunk)
            padded = (len(counts) + 1) * max([*counts, count])
            if counts and padded > min(self._chunk, _PADDING * (sum(counts) + count)):
                break
            counts.append(count)
        return counts

    def _advance(self) -> None:
        running = self._roster.members[: self._roster.running]
        length = max(sequence.done for sequence in running) + 1
        self._spare(lambda: self._rows.reserve(0, length))
        scores = self._pass(0, running, [1] * len(running))
        self._statistics.decode_passes += 1
        for sequence in running:
            sequence.done += 1
        self._take(range(len(running)), scores)
        self._finish()

    def _pass(self, first: int, members: list[Sequence], counts: list[int]) -> torch.Tensor:
        pieces = [
            Piece(
                sequence.tokens[sequence.done : sequence.done + count],
                sequence.done,
                sequence.adapter.name if sequence.adapter else "",
                sequence.begins,
                sequence.beginning,
            )
            for sequence, count in zip(members, counts, strict=True)
        ]
        return self._spare(lambda: self._network.read(first, pieces))

    def _spare(self, compute: Callable[[], _T]) -> _T:
        """Computes; without the kept beginnings if the memory does not suffice with them.

        What is computed here can be done again: it writes the same numbers to the same places.
        """
        try:
            return compute()
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
        self._cache.clear()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        return compute()

    def _take(self, rows: range, scores: torch.Tensor) -> None:
        """Chooses the next token of some rows, and ends those whose numbers are none."""
        members = [self._roster.members[row] for row in rows]
        choices = choose(scores, [sequence.wish() for sequence in members])
        for row, sequence, choice in zip(rows, members, choices, strict=True):
            if math.isnan(choice.logprob):
                sequence.stopped = "error"
                sequence.fail(_NAN)
                self._rows.wipe(row)
                self._cache.clear()
            else:
                sequence.take(choice)
                self._statistics.decoded_tokens += 1

    def _finish(self) -> None:
        """Takes the rows away whose answers are over, and keeps what may go on."""
        for row in reversed(range(self._roster.running)):
            sequence = self._roster.members[row]
            if not sequence.stopped:
                continue
            if sequence.stopped != "error":
                self._keep(row)
                sequence.future.set_result(sequence)
            self._roster.leave(row)

    def _keep(self, row: int) -> None:
        """Keeps what a row has read behind its static beginning."""
        sequence = self._roster.members[row]
        beginning = sequence.beginning or self._beginning(sequence)
        if beginning is not None:
            first = sequence.static - sequence.before
            self._cache.keep(
                beginning,
                sequence.codes(sequence.static, sequence.done),
                lambda start, stop: self._rows.read(row, first + start, first + stop),
            )

    def _give_up(self, error: RuntimeError) -> None:
        """Ends what needs too much memory, and goes on with what waits."""
        members = self._roster.members
        if not members:
            members = [self.waiting.popleft()]
        for sequence in members:
            sequence.fail(_MEMORY.format(error=error, rows=len(members)))
        self._roster.clear()
        self._rows.release()


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether an error of torch says that memory was lacking; some devices only say so in words."""
    return isinstance(error, torch.OutOfMemoryError) or any(
        words in str(error)
        for words in ("out of memory", "can't allocate memory", "not enough memory")
    )

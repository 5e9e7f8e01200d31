"""Keys and values of what conversations begin with, so that it is read once.

Two stages: the *static* beginning, which comes from the system message and is the same in all
conversations of a routine, and behind each the tree of what followed. A static beginning is one
piece of memory that rows look at in place (see :mod:`agents.backends.local.attention`); what
followed is copied into a row when a conversation goes on.

The cache is used by one thread only.
"""

from __future__ import annotations

import heapq

from agents.backends.local.prefix_tree import (
    Codes,
    KeyValues,
    Node,
    Part,
    Read,
    alike,
    bytes_of,
)

#: Of so many leaves one goes at least, once there is no room.
_AT_ONCE = 10


class Beginning:
    """A static beginning, and what followed it.

    Args:
        codes: Its codes; see :mod:`agents.backends.local.prefix_tree`.
        keyvalues: Their keys and values.

    Attributes:
        followed: The root of the tree of what followed.
        readers: How many rows are looking at it.
        used: When it was last needed.
    """

    def __init__(self, codes: Codes, keyvalues: KeyValues) -> None:
        self.codes = codes
        self.keyvalues = keyvalues
        self.followed = Node(codes[:0], [], None)
        self.readers = 0
        self.used = 0

    def __len__(self) -> int:
        return len(self.codes)


class PrefixCache:
    """A bounded cache; what has not been used for longest goes first, beginnings last.

    Args:
        limit: Most bytes of keys and values; 0 keeps nothing.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self._beginnings: dict[bytes, Beginning] = {}
        self._clock = 0

    def get(self, codes: Codes) -> Beginning | None:
        """A static beginning; None where it is not kept."""
        found = self._beginnings.get(codes.tobytes())
        if found is not None:
            found.used = self._now()
        return found

    def begin(self, codes: Codes, read: Read) -> Beginning | None:
        """Keeps a static beginning; None where that would take too much memory.

        Args:
            codes: Its codes, which may be none: for conversations without a system message.
            read: Copies keys and values of the tokens from one place of it up to another.
        """
        found = self.get(codes)
        if found is None and self.limit:
            found = Beginning(codes, read(0, len(codes)))
            found.used = self._now()
            self._beginnings[codes.tobytes()] = found
            self.bytes += bytes_of(found.keyvalues)
            self._evict()
            found = self._beginnings.get(codes.tobytes())
        return found

    def nearest(self, codes: Codes) -> Part | None:
        """The static beginning that has most in common with a sequence, and how much."""
        parts = [Part(b.keyvalues, alike(b.codes, codes)) for b in self._beginnings.values()]
        best = max(parts, key=lambda part: part.tokens, default=None)
        return best if best and best.tokens else None

    def find(self, beginning: Beginning, codes: Codes) -> list[Part]:
        """The longest known beginning of what follows a static one, as runs in their order."""
        return beginning.followed.find(codes, self._now())

    def keep(self, beginning: Beginning, codes: Codes, read: Read) -> None:
        """Keeps what followed a static beginning, as far as it is not there yet.

        Args:
            beginning: The beginning.
            codes: What followed.
            read: Copies keys and values of the tokens from one place of it up to another.
        """
        if self._beginnings.get(beginning.codes.tobytes()) is beginning:
            self.bytes += beginning.followed.grow(codes, read, self._now())
            self._evict()

    def clear(self) -> None:
        """Forgets everything; what rows look at stays until they are done."""
        self._beginnings.clear()
        self.bytes = 0

    def _now(self) -> int:
        self._clock += 1
        return self._clock

    def _evict(self) -> None:
        if self.bytes <= self.limit:
            return
        leaves = [
            (leaf.used, id(leaf), leaf)
            for beginning in self._beginnings.values()
            for leaf in beginning.followed.leaves()
        ]
        heapq.heapify(leaves)
        # All of them were looked at, which takes long for many: so not for one of them alone.
        spared = len(leaves) - len(leaves) // _AT_ONCE
        while leaves and (self.bytes > self.limit or len(leaves) > spared):
            leaf = heapq.heappop(leaves)[-1]
            self.bytes -= leaf.bytes
            before = leaf.fall()
            if before.parent is not None and not before.children:
                heapq.heappush(leaves, (before.used, id(before), before))
        while self.bytes > self.limit and self._forget_beginning():
            pass

    def _forget_beginning(self) -> bool:
        """Forgets the beginning that was unused for longest; whether there was one to forget."""
        unused = [b for b in self._beginnings.values() if not b.readers and len(b)]
        if not unused:
            return False
        last = min(unused, key=lambda beginning: beginning.used)
        del self._beginnings[last.codes.tobytes()]
        self.bytes -= bytes_of(last.keyvalues)
        return True

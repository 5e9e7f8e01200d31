"""What a local engine did, in numbers."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass
class Statistics:
    """Counts since the engine was opened.

    Attributes:
        requests: Conversations that were answered.
        prompt_tokens: Tokens of their prompts.
        reused_tokens: Those of them whose keys and values were kept from before.
        prefilled_tokens: Those of them that were read by the model.
        decoded_tokens: Tokens of answers.
        passes: Forward passes.
        prefill_passes: Those that read prompts.
        decode_passes: Those that read the last token of each running answer.
        rows: Rows of all passes together.
        mixed_batches: Passes over rows of more than one adapter (none at all counts as one).
        adapter_switches: Passes that had other adapters than the pass before.
        cache_hits: Requests that found a beginning of theirs in the cache.
        cache_misses: Requests that found nothing.
        base_bytes: Memory of the base's weights.
        adapter_bytes: Memory of the adapters' weights.
        cache_bytes: Memory of what is kept of conversations that may go on.
        batch_bytes: Memory of the running conversations' keys and values.
    """

    requests: int = 0
    prompt_tokens: int = 0
    reused_tokens: int = 0
    prefilled_tokens: int = 0
    decoded_tokens: int = 0
    passes: int = 0
    prefill_passes: int = 0
    decode_passes: int = 0
    rows: int = 0
    mixed_batches: int = 0
    adapter_switches: int = 0
    cache_hits: int = 0
    cache_misses: int = 0
    base_bytes: int = 0
    adapter_bytes: int = 0
    cache_bytes: int = 0
    batch_bytes: int = 0

    @property
    def mean_batch(self) -> float:
        """Rows of a pass on average; 0 before the first one."""
        return self.rows / self.passes if self.passes else 0.0

    def count_pass(self, rows: int, adapters: int, switched: bool) -> None:
        """Counts a forward pass.

        Args:
            rows: Its rows.
            adapters: How many adapters they have.
            switched: Whether they are others than in the pass before.
        """
        self.passes += 1
        self.rows += rows
        self.mixed_batches += adapters > 1
        self.adapter_switches += switched and self.passes > 1

    def to_json(self) -> dict[str, Any]:
        """The same as plain data, the mean included."""
        return {**dataclasses.asdict(self), "mean_batch": self.mean_batch}

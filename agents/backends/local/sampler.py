"""From scores to tokens, each row by its own settings and its own random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch

from agents.model import Sampling


class Choice(NamedTuple):
    """What was chosen for one row.

    Attributes:
        token: The token.
        logprob: Its log-probability at temperature 1 among all tokens; NaN where the scores are
            no numbers.
    """

    token: int
    logprob: float


class Wish(NamedTuple):
    """How one row is sampled.

    Attributes:
        sampling: Its settings.
        uniform: A random number in [0, 1), which decides.
        forced: A token that is taken in place of what was drawn; None for none.
    """

    sampling: Sampling
    uniform: float
    forced: int | None = None


def choose(scores: torch.Tensor, wishes: Sequence[Wish]) -> list[Choice]:
    """Chooses the next token of each row.

    A row's choice depends on its own scores and its own random number only: the cumulative
    distribution over the tokens, in the order of their numbers (or of their probability, with
    ``top_p``), is inverted at that number.

    Args:
        scores: ``[rows, vocabulary]``, float32.
        wishes: One for each row.
    """
    logprobs = scores.log_softmax(-1)
    tokens = scores.argmax(-1)
    for cut in (False, True):
        rows = [
            row
            for row, (sampling, _, _) in enumerate(wishes)
            if sampling.temperature > 0 and (sampling.top_p < 1) is cut
        ]
        if rows:
            index = torch.tensor(rows).to(scores.device)
            tokens[index] = _draw(scores[index], [wishes[row] for row in rows], cut)
    forced = [-1 if wish.forced is None else wish.forced for wish in wishes]
    if max(forced) >= 0:
        given = torch.tensor(forced).to(scores.device)
        tokens = torch.where(given >= 0, given, tokens)
    chosen = logprobs.gather(1, tokens[:, None])[:, 0]
    # One number that is none makes the sum of a row's probabilities none.
    spoilt = torch.where(torch.isnan(logprobs).any(-1), torch.nan, chosen)
    # One copy from the device, not one for each row.
    exact = torch.stack((tokens.to(torch.float32), spoilt)).tolist()
    return [Choice(int(token), logprob) for token, logprob in zip(*exact, strict=True)]


def _draw(scores: torch.Tensor, wishes: Sequence[Wish], cut: bool) -> torch.Tensor:
    # Apple's GPUs have no float64.
    exact = torch.float32 if scores.device.type == "mps" else torch.float64

    def column(values: Sequence[float]) -> torch.Tensor:
        return torch.tensor(values, dtype=exact).to(scores.device)[:, None]

    temperature = column([wish.sampling.temperature for wish in wishes])
    probabilities = (scores.to(exact) / temperature).nan_to_num(0.0).softmax(-1)
    order = None
    if cut:
        probabilities, order = probabilities.sort(dim=-1, descending=True, stable=True)
        before = probabilities.cumsum(-1) - probabilities
        top = column([wish.sampling.top_p for wish in wishes])
        # The likeliest token has nothing before it, so it always stays.
        probabilities = probabilities.where(before < top, 0.0)
    cumulative = probabilities.cumsum(-1)
    whole = cumulative[:, -1:]
    at = column([wish.uniform for wish in wishes]) * whole
    # A product that is rounded up to the whole would point behind the last token.
    at = at.minimum(whole.nextafter(torch.zeros_like(whole)))
    found = torch.searchsorted(cumulative, at, right=True)
    if order is not None:
        found = order.gather(1, found)
    return found[:, 0]

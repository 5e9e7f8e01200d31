import math

import numpy as np
import pytest
import torch

from agents.backends.local.sampler import Wish, choose
from agents.model import Sampling

SCORES = torch.tensor([[0.5, 3.0, 1.0, -1.0, 2.0]])


def draws(sampling: Sampling, count: int = 4_000) -> np.ndarray:
    """How often each token is drawn."""
    uniforms = np.random.default_rng(0).random(count)
    wishes = [Wish(sampling, float(uniform)) for uniform in uniforms]
    tokens = [choice.token for choice in choose(SCORES.repeat(count, 1), wishes)]
    return np.bincount(tokens, minlength=5) / count


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_tokens_are_drawn_with_their_probabilities(temperature: float) -> None:
    wanted = (SCORES[0] / temperature).softmax(-1).numpy()
    assert draws(Sampling(temperature=temperature)) == pytest.approx(wanted, abs=0.02)


def test_top_p_keeps_the_likeliest_that_reach_it() -> None:
    # Probabilities: 1: 0.60, 4: 0.22, 2: 0.08, ...
    drawn = draws(Sampling(temperature=1.0, top_p=0.7))
    assert drawn[[0, 2, 3]].sum() == 0
    assert drawn[1] == pytest.approx(0.60 / 0.82, abs=0.03)
    assert draws(Sampling(temperature=1.0, top_p=0.1))[1] == 1.0


def test_temperature_zero_takes_the_best() -> None:
    assert draws(Sampling(temperature=0.0), 10)[1] == 1.0
    assert draws(Sampling(temperature=1e-6), 10)[1] == 1.0


def test_the_ends_of_the_random_numbers_draw_tokens_that_can_be() -> None:
    for uniform in (0.0, math.nextafter(1.0, 0.0)):
        for top_p in (1.0, 0.5):
            wish = Wish(Sampling(temperature=1.0, top_p=top_p), uniform)
            scores = torch.tensor([[-math.inf, 1.0, 1.0, -math.inf]])
            assert choose(scores, [wish])[0].token in (1, 2)


def test_a_row_does_not_depend_on_the_others() -> None:
    generator = torch.Generator().manual_seed(0)
    scores = torch.randn(6, 50, generator=generator)
    wishes = [
        Wish(Sampling(temperature=t, top_p=p), u)
        for t, p, u in [
            (1, 1, 0.3),
            (0, 1, 0.9),
            (2, 0.5, 0.7),
            (1, 1, 0.99),
            (1, 0.9, 0),
            (0, 1, 0),
        ]
    ]
    together = choose(scores, wishes)
    for row, wish in enumerate(wishes):
        assert choose(scores[row : row + 1], [wish]) == [together[row]]


def test_the_logprob_is_that_of_the_untempered_model() -> None:
    wanted = SCORES[0].log_softmax(-1)
    for sampling in (Sampling(temperature=0.0), Sampling(temperature=2.0, top_p=0.5)):
        choice = choose(SCORES, [Wish(sampling, 0.1)])[0]
        assert choice.logprob == pytest.approx(wanted[choice.token].item())


def test_a_forced_token_replaces_the_drawn_one() -> None:
    choices = choose(
        SCORES.repeat(2, 1), [Wish(Sampling(temperature=1.0), 0.5, 3), Wish(Sampling(0.0), 0.5)]
    )
    assert [choice.token for choice in choices] == [3, 1]
    assert choices[0].logprob == pytest.approx(SCORES[0].log_softmax(-1)[3].item())


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_scores_that_are_no_numbers_are_told(bad: float) -> None:
    scores = SCORES.repeat(3, 1)
    scores[1, 2] = bad
    logprobs = [c.logprob for c in choose(scores, [Wish(Sampling(temperature=1.0), 0.5)] * 3)]
    assert [math.isnan(logprob) for logprob in logprobs] == [False, True, False]

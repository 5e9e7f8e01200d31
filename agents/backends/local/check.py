"""A trial before the first conversation: is this kind of model one that the engine can use?"""

from __future__ import annotations

import numpy as np
import torch
from transformers import PreTrainedModel

from agents.backends.local import attention
from agents.backends.local.mixture import Mixture
from agents.backends.local.network import Network, Piece, attention_kinds
from agents.backends.local.prefix_cache import Beginning
from agents.model import ModelSetupError

#: How far two ways to compute the same scores may lie apart, as a part of their spread: for
#: rounding in float32, and in types of 16 bits and quantised layers. A wrong mask costs more.
_EXACT, _ROUGH = 1e-3, 0.3
#: Where the prompt of the trial is cut.
_CUTS = (8, 16, 23, 24)


def make_network(model: PreTrainedModel, mixture: Mixture, shares: bool) -> Network:
    """Makes a network of a model, if the scores that it computes in pieces are right.

    Args:
        model: The model, adapters already in its layers.
        mixture: What the adapted layers follow.
        shares: Whether rows may look at shared beginnings in place, where the model can that.

    Raises:
        ModelSetupError: It is a kind of model that the engine cannot use.
    """
    random = np.random.default_rng(0)
    vocabulary = model.config.get_text_config().vocab_size
    tokens = random.integers(0, vocabulary, _CUTS[-1]).tolist()
    with torch.inference_mode():
        ids = torch.tensor([tokens], device=model.device)
        plain = model(input_ids=ids, use_cache=False).logits[0, -1].float()
    exact = model.dtype == torch.float32 and not getattr(model, "is_quantized", False)
    tolerance = _EXACT if exact else _ROUGH
    usual = model.config._attn_implementation
    if shares and usual == "sdpa" and not any(attention_kinds(model).values()):
        model.set_attn_implementation(attention.register())
        network = Network(model, mixture, shares=True)
        if _apart(network, tokens, plain) <= tolerance:
            return network
        model.set_attn_implementation(usual)
    network = Network(model, mixture, shares=False)
    apart = _apart(network, tokens, plain)
    # NaN is not above anything; the engine says so when it meets it in an answer.
    if apart > tolerance:
        raise ModelSetupError(
            f"models of the type {model.config.model_type!r} cannot be read piece by piece and in "
            f"rows: the scores lie {apart:.3g} of their spread apart; serve this one with vLLM or "
            "llama.cpp and use the backend 'messages' or 'completions'"
        )
    return network


@torch.inference_mode()
def _apart(network: Network, tokens: list[int], plain: torch.Tensor) -> float:
    """How far the scores of a prompt that is read in pieces lie from plain ones, at most."""
    rows, other = network.rows, tokens[::-1]
    rows.reserve(2, len(tokens))
    beginning, place = None, 0
    for step, cut in enumerate(_CUTS):
        piece = Piece(tokens[place:cut], place, beginning=beginning)
        # A second row of another length, that comes and goes.
        beside = [Piece(other[:3], 0)] if step % 2 else []
        scores = network.read(0, [piece, *beside])[0]
        if step == 0 and network.shares:
            beginning = Beginning(np.array(tokens[:cut]), rows.read(0, 0, cut))
        place = cut
    rows.release()
    spread = (plain.max() - plain.min()).item()
    return (scores - plain).abs().max().item() / spread

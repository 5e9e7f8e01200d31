"""A trial before the first conversation: is this kind of model one that the engine can use?"""

from __future__ import annotations

import numpy as np
import torch
from transformers import PreTrainedModel

from agents.backends.local.network import Network, Piece
from agents.model import ModelSetupError

#: How far two ways to compute the same scores may lie apart, as a part of their spread: rounding
#: in float32, and in types of 16 bits and quantised layers.
_TOLERANCE = {torch.float32: 1e-3, torch.bfloat16: 0.3, torch.float16: 0.1}


def check_network(network: Network, model: PreTrainedModel) -> None:
    """Compares the scores of prompts that are read in rows, pieces and batches with plain ones.

    Raises:
        ModelSetupError: They are not the same.
    """
    random = np.random.default_rng(0)
    vocabulary = model.config.get_text_config().vocab_size
    tokens = random.integers(0, vocabulary, 24).tolist()
    other = random.integers(0, vocabulary, 9).tolist()
    with torch.inference_mode():
        ids = torch.tensor([tokens], device=model.device)
        plain = model(input_ids=ids, use_cache=False).logits[0, -1].float()
        network.rows.reserve(2, len(tokens))
        network.read(0, [Piece(tokens[:16], 0), Piece(other[:3], 0)])
        network.read(0, [Piece(tokens[16:23], 16), Piece(other[3:], 3)])
        in_rows = network.read(0, [Piece(tokens[23:], 23)])[0]
    network.rows.release()
    spread = (plain.max() - plain.min()).item()
    apart = (in_rows - plain).abs().max().item()
    # NaN is not below anything; the engine says so when it meets it in an answer.
    if apart > _TOLERANCE.get(model.dtype, 0.3) * spread:
        raise ModelSetupError(
            f"models of the type {model.config.model_type!r} cannot be read piece by piece and in "
            f"rows: the scores lie {apart:.3g} apart, of {spread:.3g}; serve this one with vLLM or "
            "llama.cpp and use the backend 'messages' or 'completions'"
        )

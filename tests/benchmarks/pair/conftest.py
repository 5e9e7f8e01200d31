from __future__ import annotations

import pytest

from agents.backends.local import random_weights
from benchmarks.pair.pair import PairSpec

#: As small as ``tiny``, but with the room that whole prompts need, and in widths that 4 bit needs.
SHAPE = {
    "vocabulary": 2048,
    "dtype": "float32",
    "config": {
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "vocab_size": 2048,
        "tie_word_embeddings": False,
        "max_position_embeddings": 32768,
    },
}


@pytest.fixture(autouse=True)
def _shape(monkeypatch):
    monkeypatch.setitem(random_weights.SHAPES, "roomy", SHAPE)


@pytest.fixture(scope="session")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(random_weights.SHAPES, "roomy", SHAPE)
        random_weights.build(folder, "roomy")
    options = {"device": "cpu", "dtype": "float32", "force": "scripted"}
    return PairSpec(str(folder), str(folder / "adapter"), options)

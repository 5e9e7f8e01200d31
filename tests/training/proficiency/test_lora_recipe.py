import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import toml
from training.proficiency.lora_recipe import VLLM_RANKS, LoraRecipe


def test_a_recipe_survives_toml() -> None:
    recipe = LoraRecipe(rank=8, targets=("q_proj", "v_proj"), load_in="4bit", packing=True)
    assert LoraRecipe.from_toml(tomllib.loads(toml.dumps(recipe.to_toml()))) == recipe


def test_what_is_left_out_is_as_by_default() -> None:
    assert LoraRecipe.from_toml({"epochs": 4.0}) == LoraRecipe(epochs=4.0)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"rank": 0}, "rank is 1 to 512, vLLM's highest; not 0"),
        ({"rank": 513}, "rank is 1 to 512, vLLM's highest; not 513"),
        ({"rank": 8.0}, "rank is a whole number, 1 to 512"),
        ({"rank": True}, "rank is a whole number"),
        ({"alpha": 0}, "alpha is above 0 and at most 10,000; twice the rank is usual"),
        # With these, scores are no numbers in play, or a step fills the memory.
        ({"alpha": 9e18}, "alpha is above 0 and at most 10,000; .*not 9e"),
        ({"weight_decay": 9e18}, "weight_decay is from 0 to 1; not"),
        ({"max_grad_norm": 1e30}, "max_grad_norm is above 0 and at most 1e6"),
        ({"batch": 10**9}, "batch is 1 to 1,024; not 1000000000"),
        ({"accumulation": 10**9}, "accumulation is 1 to 1,024"),
        ({"dropout": 1}, "dropout is 0 or more and below 1"),
        ({"learning_rate": 2}, "learning_rate is above 0 and at most 1; 2e-4 is usual"),
        ({"learning_rate": "high"}, "learning_rate is a number"),
        ({"learning_rate": float("nan")}, "learning_rate is a number"),
        ({"epochs": 0}, "epochs is above 0"),
        ({"cutoff": 8}, "cutoff is at least 16 tokens"),
        ({"schedule": "cosin"}, "schedule is one of cosine, .*Did you mean 'cosine'"),
        ({"load_in": "8bit"}, "load_in is one of empty, 4bit; not '8bit'"),
        ({"dtype": "float16"}, "dtype is one of auto, float32, bfloat16"),
        ({"activated": 1}, "activated is true or false, not 1"),
        ({"targets": []}, "targets is a list of names of layers"),
        ({"targets": ["all-linear", "q_proj"]}, "all-linear stands alone"),
        ({"activated": True, "packing": True}, "activated and packing exclude each other"),
        ({"seed": -1}, "seed is 0 or more"),
        ({"lerning_rate": 1e-4}, "no 'lerning_rate'. Did you mean 'learning_rate'"),
    ],
)
def test_what_makes_no_sense_is_told(entry, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        LoraRecipe.from_toml(entry)


@given(st.integers(1, 512))
def test_the_flag_of_vllm_is_the_next_rank_that_it_takes(rank: int) -> None:
    recipe = LoraRecipe(rank=rank)
    if rank <= 16:
        assert recipe.max_lora_rank is None
        assert not recipe.warnings
    else:
        flag = recipe.max_lora_rank
        assert flag in VLLM_RANKS
        assert rank <= flag < 2 * rank
        assert f"--max-lora-rank {flag}" in recipe.warnings[0]


def test_an_activated_one_says_that_vllm_has_none() -> None:
    assert LoraRecipe(activated=True).warnings == [
        "vLLM serves no activated LoRA; the local backend does"
    ]

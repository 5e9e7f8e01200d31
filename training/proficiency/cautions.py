"""What somebody should know of a training, though it can be done."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from training.proficiency.lora_recipe import LoraRecipe
from training.proficiency.tokens import TokenCounts


def cautions(
    recipe: LoraRecipe,
    learnt: TokenCounts,
    held_out: TokenCounts,
    base: str = "",
    answered: Iterable[str] = (),
) -> list[str]:
    """Cautions, each a sentence.

    Args:
        recipe: How it is trained.
        learnt: What is learnt.
        held_out: What measures.
        base: The model that is trained.
        answered: The models that gave the answers, where they are known. A server may call the
            same model otherwise.
    """
    found = list(recipe.warnings)
    others = sorted({it for it in answered if it and PurePath(it).name != PurePath(base).name})
    if others:
        found.append(
            f"the answers are those of {', '.join(others)}, and {base} is trained: unless these "
            "are the same model, it learns what it would not have said itself"
        )
    if learnt.episodes == 1:
        found.append(
            f"all {learnt.examples:,} examples come from one episode: what is learnt may be good "
            "for that one only"
        )
    if not held_out.examples:
        found.append("no example is held out, so nothing tells whether it learns or memorises")
    for counts, which in ((learnt, "learnt"), (held_out, "held out")):
        total = counts.examples + counts.too_long + counts.altered
        if counts.truncated:
            found.append(
                f"{counts.truncated:,} of {total:,} prompts ({which}) lost their beginning: with "
                f"their targets they are longer than the cutoff of {recipe.cutoff:,} tokens"
            )
        if counts.too_long:
            found.append(
                f"{counts.too_long:,} of {total:,} examples ({which}) are left out: their targets "
                f"alone are longer than the cutoff of {recipe.cutoff:,} tokens"
            )
        if counts.altered:
            found.append(
                f"{counts.altered:,} of {total:,} examples ({which}) are left out: the tokenizer "
                "does not give their targets back as they are"
            )
    return found

"""Loop 2 as small as it can be: what its command is called with."""

from __future__ import annotations

from pathlib import Path

from automem_gym.commands import main
from training.commands import COMMANDS

ENV = "examples.vault:AutoMem-Vault-v0"


def search_words(
    base: Path, env: str = ENV, scaffold: Path | str = "examples/vault_scaffold"
) -> list[str]:
    """The arguments of a search with two trials, but for the engine's."""
    return [
        *("--env", env, "--scaffold", str(scaffold), "--max-game-steps", "6"),
        *("--model", str(base), "--model-arg", "force=scripted:consult=0.7", "--max-tokens", "400"),
        *("--training-seeds", "300-302", "--screening-seeds", "400-401"),
        *("--confirmation-seeds", "500-501", "--report-seeds", "600"),
        *("--gate", "paper", "--gate-arg", "screening=2", "--trials", "2"),
        *("--executor", "threads", "--workers", "3", "--quiet"),
    ]


def search(words: list[str], out: Path, *more: str) -> int:
    """Runs ``automem proficiency``."""
    return main(COMMANDS, ["proficiency", *words, "--out", str(out), *more])

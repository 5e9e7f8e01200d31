"""The runs that the tests of the replay page look at, and pages of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from automem_gym.commands import main
from benchmarks.commands import COMMANDS
from benchmarks.trace import Trace, Turn

VAULT = "examples.vault:AutoMem-Vault-v0"
NETHACK, CRAFTER = "AutoMem-NetHack-v0", "AutoMem-Crafter-v0"
CORRIDOR = "AutoMem-MiniHack-Corridor-R3-v0"
#: What is played in each run.
WORDS: dict[str, tuple[str, ...]] = {
    "games": (
        *("--env", f"{NETHACK},{CRAFTER},{CORRIDOR}", "--seeds", "1"),
        *("--agent", "explorer", "--max-game-steps", "40"),
    ),
    "rambler": (
        *("--env", VAULT, "--seeds", "1-2", "--repeats", "2", "--max-game-steps", "40"),
        *("--agent", "benchmark_players:Rambler", "--agent-arg", "memory_rate=0.9"),
    ),
    "pair": ("--env", VAULT, "--seeds", "1-3", "--agent", "pair", "--model", "scripted"),
    "hostile": ("--env", VAULT, "--seeds", "1", "--agent", "benchmark_players:Scribe"),
}


class Runs:
    """Plays runs when they are asked for.

    Args:
        folder: Where they are recorded.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self.run = cache(self._run)
        self.page = cache(self._page)

    def _run(self, name: str) -> Path:
        """The directory of a run."""
        run = self._folder / name
        assert main(COMMANDS, ["run", *WORDS[name], "--out", str(run), "--quiet"]) == 0
        return run

    def _page(self, *names: str) -> Path:
        """A page of runs."""
        page = self._folder / f"{'-'.join(names)}.html"
        runs = [str(self.run(name)) for name in names]
        assert main(COMMANDS, ["view", *runs, "-o", str(page)]) == 0
        return page

    def trace(self, name: str, env: str = VAULT, seed: int = 1, repeat: int = 0) -> Trace:
        return Trace(self.run(name) / "episodes" / env / str(seed) / str(repeat) / "trace.jsonl")

    def turns(self, name: str, env: str = VAULT, seed: int = 1, repeat: int = 0) -> list[Turn]:
        return list(self.trace(name, env, seed, repeat).turns())

"""A search that is open: its directory, who plays, who decides and who revises."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from rich.console import Console

from agents.accounting import Prices
from agents.scaffold import load_scaffold
from agents.scaffold.catalogue import find
from agents.scaffold.directory import USED_SEEDS
from agents.scaffold_command.new import flattened
from benchmarks import toml
from benchmarks.executors.catalogue import Placement
from benchmarks.rehearsal import games_of
from benchmarks.used_seeds import Used, read_used
from benchmarks.whole_file import replace_file
from training.structure.attempt_store import AttemptStore, write_files
from training.structure.directory import SearchDirectory
from training.structure.evaluation import Evaluator, evaluation_folder
from training.structure.gate import gate_of
from training.structure.preconditions import check_seeds, one_game
from training.structure.reviewers.opening import open_reviewer
from training.structure.search import Search
from training.structure.settings import SearchSettings
from training.structure.spending import Allowance, Spending
from training.structure.validation import Validator


@dataclass(frozen=True)
class Means:
    """With what a search is carried out; it does not decide how it goes.

    Attributes:
        placement: Where episodes are played.
        prices: What models cost.
        allowance: How much may be spent.
        quiet: Whether little is to be shown.
    """

    placement: Placement = field(default_factory=Placement)
    prices: Prices = field(default_factory=Prices.load)
    allowance: Allowance = field(default_factory=Allowance)
    quiet: bool = False


class OpenSearch:
    """An open search. Use it in a ``with`` block, or close it.

    Args:
        out: Its directory: a new one, or one that goes on.
        settings: What is done.
        means: With what.
        console: Where progress is shown.

    Attributes:
        search: The search.
        best: The directory with the scaffold that was kept.

    Raises:
        ValueError: A setting makes no sense.
        OSError: Something cannot be read or written.
        ImportError: What an executor or a model needs is not installed.
        ModelError: A model cannot be had.
    """

    def __init__(
        self, out: Path | str, settings: SearchSettings, means: Means, console: Console
    ) -> None:
        root = Path(out)
        self.best = root / "best"
        self._settings = settings
        with ExitStack() as stack:
            directory = stack.enter_context(SearchDirectory(root, SearchSettings))
            game = _game(settings)
            gate = gate_of(settings.gate, **settings.gate_arg)
            check_seeds(settings.seeds, gate)
            digest, start = _start(settings, game)
            self._inherited = read_used(find(settings.scaffold, game))
            directory.prepare(settings, digest)
            spending = Spending(root, means.allowance)
            # However the search ends: what is not written down would not count next time.
            stack.callback(spending.save)
            reviewer = stack.enter_context(
                open_reviewer(
                    settings.reviewer,
                    settings.reviewer_arg,
                    spending.reviews,
                    means.prices,
                    lambda: spending.budget(spending.reviews),
                )
            )
            evaluator = stack.enter_context(
                Evaluator(
                    root,
                    settings,
                    spending,
                    means.placement,
                    means.prices,
                    console,
                    means.quiet,
                )
            )
            self.search = Search(
                root, game, settings, start, evaluator, gate, reviewer, spending, console
            )
            self._evaluator = evaluator
            self._opened = stack.pop_all()

    def report(self) -> tuple[Path, Path]:
        """Plays the first and the last scaffold on the report's seeds.

        Returns:
            Their run directories.
        """
        self.keep_best()
        self.search.report()
        first, last = self.search.start.digest, self.search.best.digest
        return self._evaluator.folder(first, "report"), self._evaluator.folder(last, "report")

    def keep_best(self) -> None:
        """Writes the scaffold that was kept, and the seeds that must not measure it."""
        write_files(self.best, self.search.best.files)
        plan, env = self._settings.seeds, frozenset(self._settings.env)
        used = [
            *self._inherited,
            *(
                Used(env, frozenset(seeds), f"the {purpose} of 'automem structure'")
                for purpose, seeds in (
                    ("screening", plan.screening),
                    ("confirmation", plan.confirmation),
                )
            ),
        ]
        replace_file(self.best / USED_SEEDS, toml.dumps({"used": [it.to_toml() for it in used]}))

    def close(self) -> None:
        """Closes what is open; may be called twice."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def checker(root: Path, settings: SearchSettings) -> Validator:
    """What checks the next revision of a search.

    Args:
        root: The directory of the search.
        settings: Its settings.

    Raises:
        SearchError: The scaffold from which it starts was changed since.
    """
    first = settings.configuration(settings.scaffold, settings.seeds.screening[:1])
    game = next(iter(games_of(first).values()))
    digest, files = _start(settings, game)
    SearchDirectory(root, SearchSettings).check_start(digest)
    for attempt in AttemptStore(root).attempts():
        if attempt.verdict == "kept" and attempt.revision is not None:
            digest, files = attempt.digest, dict(attempt.revision.files)
    return Validator(game, files, evaluation_folder(root, digest, "screening"))


def _game(settings: SearchSettings) -> str:
    """The game that is played.

    Raises:
        ValueError: Something cannot be made, there are several games, or seeds were used before.
    """
    plan = settings.seeds
    fresh = settings.configuration(settings.scaffold, plan.confirmation + plan.report)
    return one_game(settings.configuration(settings.scaffold, plan.screening[:1]), fresh)


def _start(settings: SearchSettings, game: str) -> tuple[str, dict[str, str]]:
    """The scaffold from which the search starts: its digest, and its files with all inherited."""
    scaffold = load_scaffold(settings.scaffold, game)
    return scaffold.digest, flattened(scaffold, scaffold.name)

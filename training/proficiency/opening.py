"""Loop 2 as it is opened: its directory, who plays, who decides, who proposes and who trains."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from rich.console import Console

from agents.accounting import Prices
from agents.model import ModelSpec
from agents.scaffold import load_scaffold
from agents.scaffold.catalogue import find
from benchmarks.executors.catalogue import Placement
from benchmarks.suite import load_suite, shipped
from benchmarks.used_seeds import Used, read_used
from training.proficiency.adapter_training import AdapterTraining
from training.proficiency.engines.opening import open_engine
from training.proficiency.evaluation import Arena
from training.proficiency.search import ProficiencySearch
from training.proficiency.settings import ProficiencySettings
from training.structure.directory import SearchDirectory
from training.structure.gate import gate_of
from training.structure.preconditions import check_seeds, one_game
from training.structure.spending import Allowance, Spending


@dataclass(frozen=True)
class Means:
    """With what a search is carried out; it does not decide how it goes.

    Attributes:
        placement: Where episodes are played.
        prices: What models cost.
        allowance: How much may be spent.
        processes: How many processes train together.
        workers: Processes that read traces.
        quiet: Whether little is to be shown.
    """

    placement: Placement = field(default_factory=Placement)
    prices: Prices = field(default_factory=Prices.load)
    allowance: Allowance = field(default_factory=Allowance)
    processes: int = 1
    workers: int = 1
    quiet: bool = False


class OpenProficiency:
    """An open search. Use it in a ``with`` block, or close it.

    Args:
        out: Its directory: a new one, or one that goes on.
        settings: What is done.
        means: With what.
        console: Where progress is shown.

    Attributes:
        search: The search.

    Raises:
        ValueError: A setting makes no sense.
        OSError: Something cannot be read or written.
        ImportError: What an executor or a model needs is not installed.
        ModelError: A model cannot be had.
    """

    def __init__(
        self, out: Path | str, settings: ProficiencySettings, means: Means, console: Console
    ) -> None:
        root = Path(out)
        with ExitStack() as stack:
            directory = stack.enter_context(
                SearchDirectory(root, ProficiencySettings, "proficiency.toml")
            )
            game = _game(settings)
            gate = gate_of(settings.gate, **settings.gate_arg)
            check_seeds(settings.seeds, gate)
            scaffold = load_scaffold(settings.scaffold, game)
            directory.prepare(settings, scaffold.digest)
            spending = Spending(root, means.allowance)
            stack.callback(spending.save)
            engine = stack.enter_context(
                open_engine(
                    settings.engine,
                    settings.engine_arg,
                    spending.proposals,
                    means.prices,
                    lambda: spending.budget(spending.proposals),
                )
            )
            arena = Arena(
                root,
                settings,
                spending,
                means.placement,
                means.prices,
                console,
                means.quiet,
            )
            stack.callback(arena.close)
            used = [*read_used(find(settings.scaffold, game)), *_used(settings)]
            say = (lambda line: None) if means.quiet else console.print
            training = AdapterTraining(
                ModelSpec.from_json(settings.model),
                scaffold.digest,
                used,
                means.processes,
                say,
            )
            self.search = ProficiencySearch(
                root, settings, arena, gate, engine, training, spending, console, means.workers
            )
            self._opened = stack.pop_all()

    def close(self) -> None:
        """Closes what is open; may be called twice."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _used(settings: ProficiencySettings) -> list[Used]:
    """The seeds that an adapter is made with."""
    env, plan = frozenset(settings.env), settings.seeds
    return [
        Used(env, frozenset(seeds), f"the {purpose} of 'automem proficiency'")
        for purpose, seeds in (
            ("training", settings.training_seeds),
            ("screening", plan.screening),
            ("confirmation", plan.confirmation),
        )
        if seeds
    ]


def _game(settings: ProficiencySettings) -> str:
    """The game that is played.

    Raises:
        ValueError: Something cannot be made, there are several games, or seeds were used before,
            or are those of a suite.
    """
    plan = settings.seeds
    fresh = settings.configuration("", plan.confirmation + plan.report)
    check_suites(settings.env, settings.training_seeds)
    return one_game(settings.configuration("", plan.screening[:1]), fresh)


def check_suites(env: tuple[str, ...], seeds: tuple[int, ...]) -> None:
    """Checks that nothing is learnt from the seeds on which the suites measure.

    Args:
        env: Environment ids.
        seeds: The seeds that are to be learnt from.

    Raises:
        ValueError: A suite plays one of them.
    """
    for name in shipped():
        for task in load_suite(name).tasks:
            both = set(seeds) & set(task.seeds)
            if both and set(env) & set(task.env):
                raise ValueError(
                    f"--training-seeds: seed {min(both)} is one on which the suite {name} measures "
                    f"{', '.join(sorted(set(env) & set(task.env)))}: name others"
                )

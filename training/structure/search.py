"""The search: attempt after attempt, each decided once, wherever it is interrupted.

The flow of control is gone through anew in every invocation; what is decided already is read from
the disk. So a search can be killed anywhere and started again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import fmean

from rich.console import Console

from agents.scaffold import load_scaffold
from training.structure.attempt import Attempt
from training.structure.attempt_store import AttemptStore, write_files
from training.structure.contest import contest
from training.structure.evaluation import DIGITS, Evaluator, Stage
from training.structure.gate import Gate
from training.structure.lineage import Lineage
from training.structure.review import Review, Reviewer
from training.structure.reviewers.failure import ReviewFailed
from training.structure.settings import SearchSettings
from training.structure.spending import Spending
from training.structure.validation import Validator
from training.structure.words import headline, markdown


@dataclass(frozen=True, slots=True)
class Version:
    """A scaffold of the search.

    Attributes:
        digest: Its digest.
        files: Path to text; it extends nothing.
        path: Its directory in the search.
    """

    digest: str
    files: Mapping[str, str]
    path: Path


class Search:
    """A search for a better scaffold.

    Args:
        root: Its directory.
        game: Name of the game.
        settings: How it goes.
        start: The scaffold from which it starts, path to text.
        evaluator: Plays scaffolds.
        gate: Decides on revisions.
        reviewer: Makes revisions.
        spending: Counts what is spent.
        console: Where progress is shown.
    """

    def __init__(
        self,
        root: Path,
        game: str,
        settings: SearchSettings,
        start: Mapping[str, str],
        evaluator: Evaluator,
        gate: Gate,
        reviewer: Reviewer,
        spending: Spending,
        console: Console,
    ) -> None:
        self._root, self._game, self._settings = root, game, settings
        self._evaluator, self._gate, self._reviewer = evaluator, gate, reviewer
        self._spending, self._console = spending, console
        self._store = AttemptStore(root)
        self.start = self._version(start)
        self._lineage = Lineage(root / "lineage", self.start.files, settings.scaffold)
        self.attempts: list[Attempt] = []
        self.best = self.start
        #: What came of the confirmations so far, for the gate.
        self._confirmed: list[bool] = []

    def run(self) -> None:
        """Goes on to the end.

        Raises:
            SearchStoppedError: A budget or the confirmation seeds are spent, or episodes are owed;
                what is there is kept.
            ModelError: The reviewer's model could not be asked.
        """
        for _ in range(self._settings.iterations):
            if not self._iterate():
                return

    def _iterate(self) -> bool:
        """Seeks a revision that is kept; tells whether it is worth going on."""
        for _ in range(self._settings.attempts):
            failed: Attempt | None = None
            for _ in range(1 + self._settings.continuations):
                attempt = self._attempt(failed)
                if attempt.verdict == "exhausted":
                    return False
                if attempt.verdict == "kept":
                    return True
                failed = attempt if attempt.revision is not None else None
        return True

    def _attempt(self, failed: Attempt | None) -> Attempt:
        number = len(self.attempts) + 1
        attempt = self._store.attempt(number)
        if attempt is None:
            attempt = self._decide(number, failed)
            self._store.save(attempt)
            self._console.print(headline(attempt), markup=False, highlight=False)
            self._console.print(f"    {attempt.reason}", markup=False, highlight=False)
        self.attempts.append(attempt)
        if attempt.confirmation:
            self._confirmed.append(attempt.verdict == "kept")
        self._lineage.add(attempt, markdown(attempt))
        if attempt.verdict == "kept" and attempt.revision is not None:
            self.best = self._version(attempt.revision.files)
        return attempt

    def _decide(self, number: int, failed: Attempt | None) -> Attempt:
        """Lets a revision be written, and decides on it."""
        screening = Stage("screening", self._settings.seeds.screening)
        count = min(self._gate.screening, len(screening.seeds))
        parent = self.best
        self._evaluator.scores(str(parent.path), parent.digest, screening, count)
        run = self._evaluator.folder(parent.digest, screening.name)
        validator = Validator(self._game, parent.files, run)
        revision = self._store.revision(number)
        draft = Attempt(
            number=number,
            parent=parent.digest,
            digest="",
            revision=revision,
            verdict="failed",
            reason="",
            scores={},
            run=None,
            cost={},
        )
        if revision is None:
            self._spending.check()
            review = Review(
                game=self._game,
                scaffold=parent.files,
                digest=parent.digest,
                run=run,
                history=tuple(self.attempts),
                failed=failed,
                check=validator.problems,
                seed=self._settings.seed * 1_000 + number,
                folder=self._store.review(number),
                failed_folder=self._store.review(failed.number) if failed else None,
            )
            try:
                revision = self._reviewer.revise(review)
            except ReviewFailed as error:
                return replace(draft, reason=str(error), cost=self._cost(number))
            if revision is None:
                reason = "the reviewer has nothing more to propose"
                return replace(draft, verdict="exhausted", reason=reason, cost=self._cost(number))
            self._store.save_revision(number, revision)
        draft = replace(draft, revision=revision, cost=self._cost(number))
        if problems := validator.problems(revision.files):
            return replace(draft, verdict="invalid", reason="\n".join(problems))
        return self._judge(draft, parent, self._version(revision.files))

    def _cost(self, number: int) -> dict[str, float]:
        """What the reviewer has taken for an attempt."""
        spent = self._spending.reviewed(number)
        return {"usd": spent.cost, "tokens": spent.usage.tokens, "calls": spent.calls}

    def _judge(self, draft: Attempt, parent: Version, own: Version) -> Attempt:
        """Plays what the gate asks for, until it has decided."""
        if any(own.digest == attempt.digest for attempt in self.attempts if attempt.run):
            reason = "the same scaffold was turned down before; what was measured once counts"
            return replace(draft, verdict="invalid", reason=reason)
        found = contest(
            self._gate,
            self._confirmed,
            self._settings.seeds,
            *(partial(self._evaluator.scores, str(it.path), it.digest) for it in (own, parent)),
        )
        means = [fmean(side) for side in zip(*found.screening, strict=True)]
        return replace(
            draft,
            digest=own.digest,
            verdict="kept" if found.kept else "turned down",
            reason=found.reason,
            scores=dict(zip(("parent", "revision"), means, strict=False)),
            run=self._evaluator.folder(own.digest, "screening"),
            confirmation=found.confirmed,
        )

    def _version(self, files: Mapping[str, str]) -> Version:
        """A scaffold in its place in the directory of the search."""
        draft = self._root / "scaffolds" / "draft"
        write_files(draft, files)
        digest = load_scaffold(draft, self._game).digest
        path = draft.with_name(digest[:DIGITS])
        if not path.exists():
            draft.rename(path)
        return Version(digest, files, path)

    def report(self) -> tuple[Sequence[float], Sequence[float]]:
        """Plays the first and the last scaffold on seeds that nothing has decided on.

        Returns:
            The scores of both, seed by seed.
        """
        stage = Stage("report", self._settings.seeds.report)
        first, last = (
            self._evaluator.scores(str(it.path), it.digest, stage, len(stage.seeds))
            for it in (self.start, self.best)
        )
        return first, last

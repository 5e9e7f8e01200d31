"""The workspace of one proposal."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib.resources import files
from statistics import median
from typing import Any

from agents.sandbox import ConfinementError
from benchmarks import toml
from benchmarks.run_directory import RunError
from benchmarks.trace import TraceError
from benchmarks.whole_file import replace_file
from memory_fs import Refused
from training.proficiency.engines.answers import ALL, Answers
from training.proficiency.engines.engine import TrialLedger
from training.proficiency.engines.reference import reference
from training.proficiency.engines.trial_text import table_text, trial_text
from training.proficiency.recipe import Recipe
from training.proficiency.selection import UnfitRunsError, select
from training.proficiency.selection_folder import REPORT
from training.proficiency.selectors import SELECTORS
from training.proficiency.selectors.sandboxed import SandboxedSelector
from training.proficiency.trial import Trial
from training.structure.stopped import SearchStoppedError

#: The selector that the engine wrote, by its name in the settings of a selection.
WRITTEN = "selector.py"
_CODE_CHARS, _TITLE, _REASON = 50_000, 200, 4_000


class Workspace:
    """All that an engine can do. Each method is a tool; what it returns is text of any length.

    What cannot be done raises :class:`memory_fs.Refused`, and a recording that is damaged
    :class:`training.structure.stopped.SearchStoppedError`. The same calls give the same texts.

    Args:
        ledger: What it may look at.

    Attributes:
        finished: Whether the proposal has come to its end.
        recipe: What was proposed; None where nothing was.
    """

    def __init__(self, ledger: TrialLedger) -> None:
        self.finished = False
        self.recipe: Recipe | None = None
        self._ledger = ledger
        self._answers = Answers(ledger.collection)
        self._source = ""
        # A selection takes long, and is mostly tried just before it is proposed.
        self._tried: tuple[Recipe, str] | None = None

    def trials(self) -> str:
        """The trials so far, a line each."""
        return table_text(self._ledger.trials)

    def trial(self, number: int) -> str:
        """One trial in full."""
        return trial_text(self._trial(number))

    def selection_report(self, trial: int) -> str:
        """What a trial kept and dropped, with examples."""
        self._trial(trial)
        folder = self._ledger.selections.get(trial)
        if folder is None or not (folder / REPORT).exists():
            raise Refused(f"nothing was selected in trial {trial}")
        return (folder / REPORT).read_text("utf-8")

    def turns(self, what: str = ALL, routine: str = "", shape: str = "", first: int = 1) -> str:
        """A few answers of the collection, in short."""
        with _refusing():
            return self._answers.listed(what, routine, shape, first)

    def turn(self, number: int) -> str:
        """One answer in full, with its conversation."""
        with _refusing():
            return self._answers.full(number)

    def criteria(self) -> str:
        """What the default selector weighs."""
        return (files("training.proficiency.selectors") / "criteria.toml").read_text("utf-8")

    def reference(self, topic: str) -> str:
        """The documentation of a topic."""
        return reference(topic)

    def write_selector(self, code: str) -> str:
        """Writes a selector, where it can judge."""
        if len(code) > _CODE_CHARS:
            raise Refused(f"it has {len(code):,} characters; {_CODE_CHARS:,} are the most")
        with _refusing():
            code.encode("utf-8")
            told = self._judged(code)
            replace_file(self._ledger.folder / WRITTEN, code)
        self._source = code
        return told

    def try_selection(self, selection: str = "") -> str:
        """What a selection would keep."""
        return self._selected(self._recipe("", "", selection, ""))

    def propose(self, title: str, reason: str, selection: str = "", lora: str = "") -> str:
        """Ends the proposal with a recipe, where nothing is wrong with it."""
        for name, text, most in (("title", title, _TITLE), ("reason", reason, _REASON)):
            if not text.strip() or len(text) > most:
                raise Refused(f"{name} has {len(text):,} characters; it needs 1 to {most:,}")
        recipe = self._recipe(" ".join(title.split()), reason.strip(), selection, lora)
        for trial in self._ledger.trials:
            if trial.recipe is not None and _bare(trial.recipe) == _bare(recipe):
                raise Refused(f"trial {trial.number} had the same recipe: {trial.verdict}")
        self._selected(recipe)
        self.recipe, self.finished = recipe, True
        return "proposed"

    def stop(self, reason: str) -> str:
        """Ends the proposal without a recipe: there is nothing more to try."""
        if not reason.strip():
            raise Refused("reason is empty; say why nothing is worth a trial any more")
        self.finished = True
        return "stopped"

    def _trial(self, number: int) -> Trial:
        for trial in self._ledger.trials:
            if trial.number == number:
                return trial
        raise Refused(f"there is no trial {number}; there were {len(self._ledger.trials)}")

    def _recipe(self, title: str, reason: str, selection: str, lora: str) -> Recipe:
        """The recipe that a model wrote.

        Raises:
            Refused: It is none.
        """
        tables = {"selection": _table("selection", selection), "lora": _table("lora", lora)}
        with _refusing():
            recipe = Recipe.from_toml({"title": title, "reason": reason, **tables})
            selector = recipe.selection.selector
            # A class by its name would run here, outside the sandbox.
            if selector not in (*SELECTORS, WRITTEN):
                known = ", ".join(SELECTORS)
                raise Refused(
                    f"selector is one of {known}, or {WRITTEN}, which write_selector writes; not "
                    f"{selector!r:.100}"
                )
            if selector == WRITTEN:
                if not self._source:
                    raise Refused(f"there is no {WRITTEN} yet; write_selector writes it")
                recipe = replace(recipe, selector_source=self._source)
            # TOML has more than a recipe can be kept with, such as dates.
            toml.dumps(recipe.to_toml()).encode("utf-8")
        return recipe

    def _selected(self, recipe: Recipe) -> str:
        """The counts of a recipe's selection.

        Raises:
            Refused: Nothing comes of it.
        """
        bare = replace(_bare(recipe), lora=Recipe().lora)
        if self._tried is None or self._tried[0] != bare:
            settings = recipe.selection
            path = self._ledger.folder / WRITTEN
            if settings.selector == WRITTEN:
                settings = replace(settings, selector=str(path))
            with _refusing(str(path)):
                found = select([self._ledger.collection], settings, self._ledger.scaffold)
            counts = {name: told for name, told in found.to_json().items() if name != "shown"}
            self._tried = bare, json.dumps(counts, indent=1)
        return self._tried[1]

    def _judged(self, code: str) -> str:
        """What a selector says of real answers, in figures."""
        with closing(SandboxedSelector(code, WRITTEN)) as selector:
            verdicts = [it for turns in self._answers.sample for it in selector.judge(turns)]
        scores = [it.score for it in verdicts if not it.veto]
        vetoes = Counter(it.veto for it in verdicts if it.veto)
        reasons = Counter(reason for it in verdicts for reason in it.reasons)
        lines = [f"{WRITTEN} is written, and judged {len(verdicts):,} answers"]
        if scores:
            low, middle, high = min(scores), median(scores), max(scores)
            lines.append(f"scores: {low:g} to {high:g}, the median is {middle:g}")
        for title, counted in (("ruled out", vetoes), ("reason", reasons)):
            lines += [f"{title}, {count:,} times: {it}" for it, count in counted.most_common(20)]
        return "\n".join(lines)


@contextmanager
def _refusing(path: str = WRITTEN) -> Iterator[None]:
    """Tells a model what its text, or its code, has led to.

    Args:
        path: A path that messages may name, which is none of the model's business.
    """
    try:
        yield
    except Refused:
        raise
    except (RunError, TraceError, UnfitRunsError) as error:
        # No model can help it, and each of its answers would be paid for.
        raise SearchStoppedError(
            f"what was collected cannot be read any more: {error}. Restore it, or begin another "
            "search"
        ) from error
    except ConfinementError as error:
        raise Refused(f"no selector of yours can run on this machine: {error}") from error
    # Numbers that are too large for anything count as well.
    except (ValueError, ArithmeticError) as error:
        raise Refused(str(error).replace(path, WRITTEN)) from error


def _table(name: str, text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{name} is no TOML: {error}") from error


def _bare(recipe: Recipe) -> Recipe:
    """A recipe without its words."""
    return replace(recipe, title="", reason="")

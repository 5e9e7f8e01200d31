"""Selects the answers that are worth learning, out of the recorded episodes of a run."""

from __future__ import annotations

import gc
import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from agents.scaffold import ScaffoldError, load_scaffold
from benchmarks.episode import Episode
from benchmarks.run_directory import RunDirectory
from benchmarks.trace import Trace
from memory_fs import Operation
from training.proficiency.balance import in_turn
from training.proficiency.example import Example, Span, cut_out, digest_of
from training.proficiency.post_processing import PostProcessing, TargetError
from training.proficiency.reading import read_turns
from training.proficiency.selection_settings import SelectionSettings
from training.proficiency.selectors import SelectorError, Verdict, open_selector
from training.proficiency.settings import GAMEPLAY
from training.proficiency.turn import Turn

#: Answers that are shown for each reason to drop some.
_SHOWN = 3
_LONGEST = 400
#: Python's own 700 take a tenth of the time of a selection.
_OBJECTS_BETWEEN_LOOKS = 1_000_000


class SelectionError(ValueError):
    """Nothing can be selected as asked; the message tells why and what to do."""


class UnfitRunsError(SelectionError):
    """Nothing can be selected from such runs, whatever the settings are."""


@dataclass
class Selection:
    """What a selection has come to.

    Attributes:
        examples: What is learnt, and what is held out.
        answers: Answers that were looked at, by routine.
        kept: Those that were kept, by routine.
        shapes: Those that were kept, by the form of what was asked.
        dropped: Reason to how many were dropped for it.
        shown: Reason to a few of those: place and answer.
        reasons: For those that were kept, reason to how many have it.
        steps: How often each step of the post-processing changed something.
        episodes: Episodes that were read, and those from which something was kept.
        scaffold: Digest of their scaffold.
        models: Names of the models that answered.
    """

    examples: list[Example] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    shapes: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    shown: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    episodes: tuple[int, int] = (0, 0)
    scaffold: str = ""
    models: tuple[str, ...] = ()

    def drop(self, reason: str, place: str, text: str) -> None:
        """Counts an answer that was dropped."""
        self.dropped[reason] += 1
        shown = self.shown.setdefault(reason, [])
        if len(shown) < _SHOWN:
            shown.append((place, text[:_LONGEST]))

    def add(self, other: Selection) -> None:
        """Takes in what was looked at and dropped in an episode."""
        for name in ("answers", "dropped", "steps"):
            getattr(self, name).update(getattr(other, name))
        for reason, shown in other.shown.items():
            mine = self.shown.setdefault(reason, [])
            mine += shown[: _SHOWN - len(mine)]
        self.models = tuple(sorted({*self.models, *other.models}))

    def to_json(self) -> dict[str, Any]:
        """It as plain data, without the examples."""
        data = {
            name: dict(value) if isinstance(value, dict) else value
            for name, value in vars(self).items()
            if name != "examples"
        }
        data["examples"] = len(self.examples)
        data["held_out"] = sum(example.held_out for example in self.examples)
        return data


def select(
    runs: Sequence[Path], settings: SelectionSettings, scaffold: str = "", workers: int = 1
) -> Selection:
    """Selects answers.

    Args:
        runs: The run directories in which the agent was recorded.
        settings: How.
        scaffold: The scaffold that they have to have been recorded with, as its source; empty for
            that of the runs, which must be one.
        workers: Processes that read traces.

    Raises:
        SelectionError: The episodes are not all of one scaffold, or nothing is left.
        ValueError: There are no runs, or no workers.
        SelectorError: The selector failed.
        TargetError: The post-processing does not keep its promises.
        TraceError: A trace is damaged, or was edited.
        RunError: A run directory is none.
    """
    if not runs or workers < 1:
        raise ValueError(f"one run and one worker at least are needed, not {len(runs)}, {workers}")
    played = played_episodes(runs)
    digest = _one_scaffold([episode for _, episode, _, _ in played], scaffold, played[0][0])
    found = Selection(scaffold=digest)
    _operations.cache_clear()  # a scaffold may have changed since the last selection
    judge = partial(_episode, settings=settings)
    pool = _processes(workers) if workers > 1 else None
    with pool or nullcontext():
        done = pool.map(judge, played) if pool is not None else map(judge, played)
        candidates: list[_Candidate] = []
        for of_episode, its in done:
            found.add(of_episode)
            candidates += its
    _choose(found, candidates, settings)
    found.episodes = (len(played), len({example.episode for example in found.examples}))
    _check(found, settings)
    return found


def _processes(count: int) -> ProcessPoolExecutor:
    """Processes that seldom look for circles of objects.

    The answers of an episode are many objects and hold none; a selector of the user's own may.
    """
    context = get_context("spawn")
    return ProcessPoolExecutor(count, context, gc.set_threshold, (_OBJECTS_BETWEEN_LOOKS,))


#: An episode that was played to its end: run, episode, progression, rank.
Played = tuple[Path, Episode, float, float]
#: An example, and the form of what was asked.
_Candidate = tuple[Example, str]


class _Fit(NamedTuple):
    """An answer that may be learnt: how it was judged, and the pieces of it that would be."""

    turn: Turn
    verdict: Verdict
    spans: tuple[Span, ...]


def played_episodes(runs: Sequence[Path]) -> list[Played]:
    """The episodes that were played to their end.

    Raises:
        SelectionError: There is none.
        RunError: A run directory is none.
    """
    found: list[tuple[Path, Episode, float]] = []
    owed = 0
    for run in runs:
        for episode, result in RunDirectory(run).results():
            if result is None or result.error:
                owed += 1
                continue
            found.append((run, episode, result.progression or 0.0))
    if not found:
        names = ", ".join(map(str, runs))
        raise UnfitRunsError(f"{names}: no episode was played to its end; {owed} are owed")
    scores: defaultdict[str, list[float]] = defaultdict(list)
    for _, episode, score in found:
        scores[episode.env_id].append(score)
    return [
        (run, episode, score, _rank(score, scores[episode.env_id])) for run, episode, score in found
    ]


def _rank(score: float, scores: Iterable[float]) -> float:
    return fmean((other < score) + 0.5 * (other == score) for other in scores)


def _one_scaffold(episodes: Sequence[Episode], wanted: str, run: Path) -> str:
    """The digest of the scaffold of all episodes."""
    digests = sorted({episode.scaffold for episode in episodes})
    if "" in digests:
        bare = next(episode for episode in episodes if not episode.scaffold)
        raise UnfitRunsError(
            f"{run}: {bare.name} was played without a scaffold, by {bare.agent}: loop 2 learns "
            "from the LOG and PLAN answers of the agents memory and pair"
        )
    if len(digests) > 1:
        raise UnfitRunsError(
            "the episodes were recorded with several scaffolds, and a specialist is trained for "
            f"one: {', '.join(digests)}"
        )
    if wanted:
        try:
            digest = load_scaffold(wanted, _game(run, episodes[0])).digest
        except ScaffoldError as error:
            raise UnfitRunsError(f"--scaffold {wanted}: {error}") from error
        if digest != digests[0]:
            raise UnfitRunsError(
                f"the traces are of another scaffold: they have {digests[0]} "
                f"({episodes[0].scaffold_source}), and {wanted} is {digest}"
            )
    return digests[0]


def _game(run: Path, episode: Episode) -> str:
    return str(Trace(RunDirectory(run).trace(episode)).header["info"]["game"])


def read_episode(played: Played) -> tuple[list[Turn], Mapping[str, Operation]]:
    """The answers of an episode, and the memory operations of its scaffold by name.

    Raises:
        SelectionError: Its scaffold was changed since.
        TraceError: Its trace is damaged.
    """
    run, episode, progression, rank = played
    trace = Trace(RunDirectory(run).trace(episode))
    game = str(trace.header["info"]["game"])
    table = _operations(episode.env_id, episode.scaffold_source, episode.scaffold, game)
    return read_turns(trace, episode, table, progression, rank), table


def _episode(played: Played, settings: SelectionSettings) -> tuple[Selection, list[_Candidate]]:
    """Judges the answers of an episode; gives what was dropped, and its best ones."""
    turns, table = read_episode(played)
    found = Selection()
    found.models = tuple(sorted({turn.asked.model for turn in turns if turn.asked is not None}))
    process = PostProcessing(table, [name for name, it in table.items() if not it.fields])
    candidates = list(_candidates(turns, settings, process, found))
    found.steps.update(process.counts.steps)
    candidates.sort(key=lambda it: -it.verdict.score)
    balanced = in_turn(candidates, [lambda it: it.turn.routine, lambda it: it.turn.shape])
    kept: list[_Candidate] = []
    for fit in balanced:
        if len(kept) < settings.per_episode:
            # Only now, as the digest of a conversation takes longer than judging the answer.
            kept.append((_example(fit), fit.turn.shape))
        else:
            target = cut_out(fit.turn.text, fit.spans)
            found.drop("the episode has enough of them", fit.turn.place, target)
    return found, kept


@cache
def _operations(name: str, source: str, digest: str, game: str) -> Mapping[str, Operation]:
    """The memory operations of a scaffold; loading it takes as long as a thousand answers."""
    try:
        scaffold = load_scaffold(source, game)
    except ScaffoldError as error:
        raise UnfitRunsError(
            f"{name} was recorded with the scaffold {source}, which cannot be read any more: "
            f"{error}"
        ) from error
    if scaffold.digest != digest:
        raise UnfitRunsError(
            f"{name} was recorded with the scaffold {digest}, and {source} is now "
            f"{scaffold.digest}: it was changed since"
        )
    return scaffold.memory.table


def _candidates(
    turns: Sequence[Turn], settings: SelectionSettings, process: PostProcessing, found: Selection
) -> Iterator[_Fit]:
    """What may be learnt; the others are counted as dropped."""
    selector = open_selector(settings.selector, settings.selector_arg)
    close = getattr(selector, "close", None)
    with closing(selector) if close is not None else nullcontext():  # type: ignore[type-var]
        verdicts = selector.judge(turns)
    _check_verdicts(settings.selector, verdicts, len(turns))
    for turn, verdict in zip(turns, verdicts, strict=True):
        found.answers[turn.routine] += 1
        try:
            left_out = verdict.veto or turn.role == GAMEPLAY
            spans = () if left_out else process.spans(turn.text, turn.routine)
        except TargetError as error:
            raise TargetError(f"{turn.place}: {error}") from error
        if turn.role == GAMEPLAY:
            # It is asked after the consultation, in words that a specialist never sees.
            found.drop("the gameplay model's answer", turn.place, turn.text)
        elif verdict.veto:
            found.drop(verdict.veto, turn.place, turn.text)
        elif not spans:
            found.drop("no target is left of it", turn.place, turn.text)
        elif settings.least_score is not None and verdict.score < settings.least_score:
            found.drop(f"scored less than {settings.least_score:g}", turn.place, turn.text)
        elif turn.asked is not None:
            yield _Fit(turn, verdict, spans)


def _check_verdicts(name: str, verdicts: Sequence[Verdict], count: int) -> None:
    """Checks what a selector of the user's own gave."""
    if len(verdicts) != count:
        raise SelectorError(
            f"the selector {name} returns a verdict for each of the {count} answers, not "
            f"{len(verdicts)}"
        )
    for verdict in verdicts:
        if not abs(verdict.score) <= sys.float_info.max:
            raise SelectorError(
                f"the selector {name} gave the score {verdict.score}, which cannot be put in "
                "order: a score is a finite number"
            )


def _example(fit: _Fit) -> Example:
    turn, verdict, spans = fit
    assert turn.asked is not None
    return Example(
        episode=turn.episode,
        turn=turn.turn,
        call=turn.call,
        routine=turn.routine,
        digest=digest_of(turn.asked),
        messages=turn.asked.messages,
        spans=spans,
        target=cut_out(turn.text, spans),
        score=verdict.score,
        reasons=verdict.reasons,
        model=turn.asked.model,
    )


def _choose(found: Selection, candidates: list[_Candidate], settings: SelectionSettings) -> None:
    """Takes the best, of all routines, forms and episodes; holds some episodes out."""
    candidates.sort(key=lambda it: (-it[0].score, _drawn(f"{it[0].place} {settings.seed}")))
    wanted = {"log": round(settings.most * settings.log_share)}
    wanted["plan"] = settings.most - wanted["log"]
    for example, shape in in_turn(candidates, [lambda it: it[1], lambda it: it[0].episode]):
        if found.kept[example.routine] >= wanted.get(example.routine, 0):
            reason = f"there are enough {example.routine} answers"
            found.drop(reason, example.place, example.target)
            continue
        found.kept[example.routine] += 1
        found.shapes[shape] += 1
        found.reasons.update(example.reasons)
        found.examples.append(example)
    held_out = _held_out({example.episode for example in found.examples}, settings)
    found.examples = [replace(it, held_out=it.episode in held_out) for it in found.examples]


def _held_out(episodes: Iterable[str], settings: SelectionSettings) -> set[str]:
    drawn = sorted(episodes, key=lambda name: _drawn(f"{name} held out {settings.seed}"))
    if not settings.held_out:
        return set()
    # One at least, where there are two; never all, or nothing is left to learn from.
    count = max(1, round(settings.held_out * len(drawn)))
    return set(drawn[: min(count, len(drawn) - 1)])


def _drawn(name: str) -> str:
    """A number that is drawn by name, so that it does not depend on what else there is."""
    return hashlib.sha256(name.encode()).hexdigest()


def _check(found: Selection, settings: SelectionSettings) -> None:
    told = ", ".join(f"{count:,} {reason}" for reason, count in found.dropped.most_common(5))
    if not found.examples:
        raise SelectionError(
            f"nothing is left of {sum(found.answers.values()):,} answers ({told}); lower "
            "least_score, weigh the criteria otherwise, or collect more episodes"
        )
    if found.episodes[1] < settings.least_episodes:
        raise SelectionError(
            f"all {len(found.examples):,} answers come from {found.episodes[1]} of "
            f"{found.episodes[0]} episodes, which a specialist would learn by heart; at least "
            f"{settings.least_episodes} are asked for: collect more episodes, or lower "
            "least_episodes"
        )

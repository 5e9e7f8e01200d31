"""Selects the answers that are worth learning, out of the recorded episodes of a run."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean
from typing import Any

from agents.scaffold import Scaffold, ScaffoldError, load_scaffold
from benchmarks.episode import Episode
from benchmarks.run_directory import RunDirectory
from benchmarks.trace import Trace
from memory_fs import Operation
from training.proficiency.balance import in_turn
from training.proficiency.example import Example, cut_out, digest_of
from training.proficiency.post_processing import PostProcessing
from training.proficiency.reading import read_turns
from training.proficiency.selection_settings import SelectionSettings
from training.proficiency.selectors import open_selector
from training.proficiency.turn import Turn

#: Answers that are shown for each reason to drop some.
_SHOWN = 3
_LONGEST = 400


class SelectionError(ValueError):
    """Nothing can be selected as asked; the message tells why and what to do."""


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
        """Takes in what came of another episode, without its examples."""
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
        SelectorError: The selector failed.
        TraceError: A trace is damaged, or was edited.
        RunError: A run directory is none.
    """
    played = played_episodes(runs)
    digest = _one_scaffold([episode for _, episode, _, _ in played], scaffold, played[0][0])
    found = Selection(scaffold=digest)
    judge = partial(_episode, settings=settings)
    pool = ProcessPoolExecutor(workers, get_context("spawn")) if workers > 1 else None
    with pool or nullcontext():
        done = pool.map(judge, played) if pool is not None else map(judge, played)
        candidates: list[Example] = []
        for of_episode in done:
            found.add(of_episode)
            candidates += of_episode.examples
    _choose(found, candidates, settings)
    found.episodes = (len(played), len({example.episode for example in found.examples}))
    _check(found, settings)
    return found


#: An episode that was played to its end: run, episode, progression, rank.
Played = tuple[Path, Episode, float, float]


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
        raise SelectionError(f"{names}: no episode was played to its end; {owed} are owed")
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
        raise SelectionError(
            f"{run}: {bare.name} was played without a scaffold, by {bare.agent}: loop 2 learns "
            "from the LOG and PLAN answers of the agents memory and pair"
        )
    if len(digests) > 1:
        raise SelectionError(
            "the episodes were recorded with several scaffolds, and a specialist is trained for "
            f"one: {', '.join(digests)}"
        )
    if wanted:
        try:
            digest = load_scaffold(wanted, _game(run, episodes[0])).digest
        except ScaffoldError as error:
            raise SelectionError(f"--scaffold {wanted}: {error}") from error
        if digest != digests[0]:
            raise SelectionError(
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
    table = _scaffold(episode, str(trace.header["info"]["game"])).memory.table
    return read_turns(trace, episode, table, progression, rank), table


def _episode(played: Played, settings: SelectionSettings) -> Selection:
    """Judges the answers of an episode; its best are the examples."""
    turns, table = read_episode(played)
    found = Selection()
    found.models = tuple(sorted({turn.asked.model for turn in turns if turn.asked is not None}))
    process = PostProcessing(table, [name for name, it in table.items() if not it.fields])
    candidates = list(_candidates(turns, settings, process, found))
    found.steps.update(process.counts.steps)
    candidates.sort(key=lambda it: -it[0].score)
    balanced = in_turn(candidates, [lambda it: it[0].routine, lambda it: it[1]])
    for at, (example, _) in enumerate(balanced):
        if at < settings.per_episode:
            found.examples.append(example)
        else:
            found.drop("the episode has enough of them", example.place, example.target)
    return found


def _scaffold(episode: Episode, game: str) -> Scaffold:
    scaffold = load_scaffold(episode.scaffold_source, game)
    if scaffold.digest != episode.scaffold:
        raise SelectionError(
            f"{episode.name} was recorded with the scaffold {episode.scaffold}, and "
            f"{episode.scaffold_source} is now {scaffold.digest}: it was changed since"
        )
    return scaffold


def _candidates(
    turns: Sequence[Turn], settings: SelectionSettings, process: PostProcessing, found: Selection
) -> Iterator[tuple[Example, str]]:
    """What may be learnt, each with its shape; the others are counted as dropped."""
    selector = open_selector(settings.selector, settings.selector_arg)
    close = getattr(selector, "close", None)
    with closing(selector) if close is not None else nullcontext():  # type: ignore[type-var]
        verdicts = selector.judge(turns)
    for turn, verdict in zip(turns, verdicts, strict=True):
        found.answers[turn.routine] += 1
        place = f"{turn.episode}, turn {turn.turn}, call {turn.call}"
        spans = () if verdict.veto else process.spans(turn.text, turn.routine)
        if verdict.veto:
            found.drop(verdict.veto, place, turn.text)
        elif not spans:
            found.drop("no target is left of it", place, turn.text)
        elif settings.least_score is not None and verdict.score < settings.least_score:
            found.drop(f"scored less than {settings.least_score:g}", place, turn.text)
        elif turn.asked is not None:
            yield _example(turn, verdict.score, verdict.reasons, spans), turn.shape


def _example(
    turn: Turn, score: float, reasons: tuple[str, ...], spans: tuple[tuple[int, int], ...]
) -> Example:
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
        score=score,
        reasons=reasons,
    )


def _choose(found: Selection, candidates: list[Example], settings: SelectionSettings) -> None:
    """Takes the best, of all routines, forms and episodes; holds some episodes out."""
    shape = {id(it): _shape(it) for it in candidates}
    candidates.sort(key=lambda it: (-it.score, _drawn(f"{it.place} {settings.seed}")))
    wanted = {"log": round(settings.most * settings.log_share)}
    wanted["plan"] = settings.most - wanted["log"]
    taken: Counter[str] = Counter()
    for example in in_turn(candidates, [lambda it: shape[id(it)], lambda it: it.episode]):
        if taken[example.routine] >= wanted.get(example.routine, 0):
            reason = f"there are enough {example.routine} answers"
            found.drop(reason, example.place, example.target)
            continue
        taken[example.routine] += 1
        found.kept[example.routine] += 1
        found.shapes[shape[id(example)]] += 1
        found.reasons.update(example.reasons)
        found.examples.append(example)
    held_out = _held_out({example.episode for example in found.examples}, settings)
    found.examples = [
        Example(**{**_fields(it), "held_out": it.episode in held_out}) for it in found.examples
    ]


def _fields(example: Example) -> dict[str, Any]:
    return {name: getattr(example, name) for name in Example.__dataclass_fields__}


def _shape(example: Example) -> str:
    answers = sum(message.role == "assistant" for message in example.messages)
    return f"{example.routine} {answers + 1}"


def _held_out(episodes: Iterable[str], settings: SelectionSettings) -> set[str]:
    drawn = sorted(episodes, key=lambda name: _drawn(f"{name} held out {settings.seed}"))
    count = round(settings.held_out * len(drawn))
    return set(drawn[: max(count, settings.held_out > 0 and len(drawn) > 1)])


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

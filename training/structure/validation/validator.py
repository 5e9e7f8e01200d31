"""Checks a revision: that it is a scaffold, keeps the rules, and runs on what really came."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path

from agents.scaffold import Scaffold, ScaffoldError, load_scaffold
from agents.scaffold.directory import HOOKS, MANIFEST
from agents.scaffold.routine import READ_ONLY
from agents.trial import try_scaffold
from automem_gym.env import AutoMemEnv
from automem_gym.game import Sight
from benchmarks.environments import make
from benchmarks.episode import Episode
from benchmarks.run_directory import RunDirectory
from benchmarks.trace import Trace
from training.structure.attempt_store import write_files
from training.structure.file_names import name_problems
from training.structure.validation.copied_text import CopiedText
from training.structure.validation.hook_rules import rule_problems
from training.structure.validation.recorded_game import RecordedGame, stretches
from training.structure.validation.structure import structural_changes

#: Episodes of the parent's run on whose frames a revision is tried, and stretches of each.
_EPISODES, _STRETCHES = 4, 4


class Validator:
    """Checks the revisions of one scaffold.

    Args:
        game: Name of the game.
        parent: The scaffold that is revised, path to text.
        run: The run directory in which it was played.

    Attributes:
        run: That run directory.
    """

    def __init__(self, game: str, parent: Mapping[str, str], run: Path) -> None:
        self.run = run
        self._game, self._parent = game, parent

    def problems(self, files: Mapping[str, str]) -> list[str]:
        """What is wrong with a revision; nothing where it may be played.

        Args:
            files: The whole revision, path to text.
        """
        if strange := name_problems(files):
            return strange
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "scaffold"
            try:
                write_files(root, files)
                scaffold = load_scaffold(root, self._game)
            except ScaffoldError as error:
                found = [*_rules_of(files), *error.problems]
            else:
                found = [*self._against_rules(scaffold, files), *self._failures(scaffold)]
            return [problem.replace(f"{root.as_posix()}/", "") for problem in found]

    def _against_rules(self, scaffold: Scaffold, files: Mapping[str, str]) -> Iterator[str]:
        if not structural_changes(self._parent, files):
            yield (
                f"{MANIFEST}:1: the revision changes words alone; change the structure as well: "
                "operations, limits, the memory's files, conditions of the prompts, hooks"
            )
        table = scaffold.memory.table
        for name, routine in scaffold.routines.items():
            writes = [op for op in routine.operations if table[op].mutates]
            reads = [op for op in routine.operations if not table[op].mutates]
            if not reads or not (writes or name in READ_ONLY):
                yield (
                    f"{MANIFEST}:1: {name} has {', '.join(routine.operations) or 'no operation'}: "
                    "the model must stay in charge of its memory, with commands to read it, and in "
                    "LOG to write it"
                )
        yield from _rules_of(files)
        yield from self._copied.problems(
            {name: text for name, text in files.items() if self._parent.get(name) != text}
        )

    def _failures(self, scaffold: Scaffold) -> list[str]:
        """What fails when it is tried on recorded frames."""
        found: dict[str, None] = {}
        for where, game in self._games:
            env = AutoMemEnv(partial(_same, game), game_name=self._game)
            try:
                trial = try_scaffold(scaffold, env, seed=0)
            except ScaffoldError as error:
                found.update(dict.fromkeys(f"{where}: {problem}" for problem in error.problems))
            else:
                found.update(dict.fromkeys(f"{problem}  ({where})" for problem in trial.problems))
            finally:
                env.close()
            if len(found) >= _EPISODES:
                break
        return list(found)

    @cached_property
    def _traces(self) -> list[tuple[Episode, Trace]]:
        run = RunDirectory(self.run)
        return [
            (episode, Trace(run.trace(episode)))
            for episode, result in run.results()
            if result is not None and not result.error
        ]

    @cached_property
    def _games(self) -> list[tuple[str, RecordedGame]]:
        """Stretches of episodes of every environment."""
        by_env: dict[str, list[tuple[Episode, Trace]]] = {}
        for episode, trace in self._traces:
            by_env.setdefault(episode.env_id, []).append((episode, trace))
        return [
            (f"{episode.name}, {where}", game)
            for traces in by_env.values()
            for around in [_surroundings(traces[0][0])]
            for episode, trace in traces[:_EPISODES]
            for where, game in stretches(trace, _STRETCHES, around)
        ]

    @cached_property
    def _copied(self) -> CopiedText:
        told = [*self._parent.values()]
        told += [trace.header["info"].get("instructions", "") for _, trace in self._traces[:1]]
        copied = CopiedText(told)
        for episode, trace in self._traces:
            for turn in trace.turns():
                where = f"{episode.name}, step {turn.info.get('game_step', 0)}"
                copied.learn(turn.observation["observation"], where)
                copied.learn(turn.observation.get("memory", ""), where)
        return copied


def _rules_of(files: Mapping[str, str]) -> list[str]:
    """What the hooks of a revision break of the rules; nothing where they are no Python at all."""
    try:
        return list(rule_problems(files.get(HOOKS, ""), HOOKS))
    except (SyntaxError, ValueError):
        return []  # which loading tells
    except (RecursionError, MemoryError):  # the parser's words for code that is nested too deep
        return [f"{HOOKS}:1: is nested too deep to be read; write it as several statements"]


def _surroundings(episode: Episode) -> Mapping[str, Sight] | None:
    """What the game of an episode tells of the surroundings at its beginning."""
    env = make(episode)
    try:
        _, info = env.reset(seed=episode.seed)
        sights: Mapping[str, Sight] | None = info.get("surroundings")
        return sights
    finally:
        env.close()  # type: ignore[no-untyped-call]


def _same(game: RecordedGame) -> RecordedGame:
    """In the place of a game's class."""
    return game

"""A MiniHack task as a text game."""

from __future__ import annotations

import os
from importlib.resources import files
from typing import Any

from nle.env.base import SKIP_EXCEPTIONS

from automem_gym.game import EpisodeEnd
from automem_gym.games.minihack import boxoban, library
from automem_gym.games.minihack.boxoban_levels import LevelSource, level_source
from automem_gym.games.minihack.tasks import TASKS, Task, find_task, task_name
from automem_gym.games.nethack.actions import KEYS, action_lines, letter_list
from automem_gym.games.nethack.distance import check_style
from automem_gym.games.nethack.engine import ESCAPE, SPACE, Engine
from automem_gym.games.nethack.terminal_game import TerminalGame
from memory_fs.suggestion import unknown_name

_MOVES = frozenset(name for name, key in KEYS.items() if chr(key) in "hjklyubn")
# Commands come before the characters in KEYS, and give their names to the keys that both have.
_NAMES = {code: name for name, code in reversed(list(KEYS.items()))}


class MiniHackGame(TerminalGame):
    """A MiniHack task.

    The reward is MiniHack's own: for most tasks 1 for the solution, and -0.01 for every step in
    which the game's time stands still. As in MiniHack, pages and menus are left by themselves;
    their text is part of the message. Solved means that MiniHack ended the episode as a success,
    with a reward that is not a punishment.

    Args:
        task: Name of the task, such as ``Corridor-R3``, or MiniHack's id for it, such as
            ``MiniHack-Corridor-R3-v0``.
        levels: For Boxoban: the directory of the published levels, or ``generated``; see
            `automem_gym.games.minihack.boxoban_levels`.
        distance_style: ``"words"`` ("very near") or ``"steps"`` ("2 steps"), see
            `automem_gym.games.nethack.distance`.
        **options: Arguments of MiniHack's environments, such as ``autopickup=False``.

    Raises:
        ValueError: There is no such task, or no such style.
        TypeError: MiniHack does not take one of the options.
        FileNotFoundError: There are no levels for Boxoban.
    """

    def __init__(
        self,
        task: str | None = None,
        levels: str | os.PathLike[str] | None = None,
        distance_style: str = "words",
        **options: Any,
    ) -> None:
        if not isinstance(task, str):
            raise ValueError(f"Name the task: task=..., one of {', '.join(TASKS)}.")
        check_style(distance_style)
        known = library.registered()
        found = find_task(task, known)
        if found is None:
            names = dict.fromkeys([*TASKS, *known])
            raise unknown_name("MiniHack task", task_name(task), names)
        self._levels: LevelSource | None = None
        if found.levels is not None:
            self._levels = level_source(found.levels, levels)
            self._env: Any = boxoban.make(found, self._levels, options)
        elif levels is not None:
            raise TypeError(f"levels=... is for Boxoban; {found.name} has no level files.")
        else:
            self._env = library.make(found, options)
        actions = found.actions or _names(self._env.actions)
        default = "north" if "north" in actions else actions[0]
        engine = Engine(self._env.nethack, self._answer)
        instructions = _instructions(found, actions)
        super().__init__(engine, actions, default, instructions, distance_style)
        self._index = {name: index for index, name in enumerate(actions)}
        self._progression = 0.0
        self._env._perform_known_steps = self._settle
        # MiniHack leaves a solved level by quitting the game, which would blank the last screen.
        self._env._quit_game = lambda observation, done: None

    @property
    def progression(self) -> float:
        """1 once the task is solved, else 0."""
        return self._progression

    def _begin(self, seed: int) -> None:
        if self._levels is not None:
            self._env.set_level(self._levels(seed))
        self._engine.seed(seed)
        self._env.reset()
        self._engine.begin()
        self._progression = 0.0
        self._read_facts()

    def _play(self, action: str) -> tuple[float, EpisodeEnd | None]:
        self._engine.pages.clear()
        _, reward, done, _, info = self._env.step(self._index[action])
        self._read_facts()
        end = self._end(reward, info["end_status"]) if done else None
        if end is EpisodeEnd.SOLVED:
            self._progression = 1.0
        return float(reward), end

    def _end(self, reward: float, status: int) -> EpisodeEnd:
        statuses = self._env.StepStatus
        # Some tasks end "successfully" at a mistake, and say so by their reward alone (Memento).
        if status == statuses.TASK_SUCCESSFUL:
            return EpisodeEnd.SOLVED if reward > 0 else EpisodeEnd.ABORTED
        end = self._engine.end()
        if end is not None:
            return end
        return EpisodeEnd.DIED if status == statuses.DEATH else EpisodeEnd.ABORTED

    def _close(self) -> None:
        self._env.close()

    def _settle(self, observation: Any, done: bool, exceptions: bool = True) -> tuple[Any, bool]:
        """Stands in for MiniHack's way of leaving pages, which loses what stood on them."""
        self._engine.done = done
        self._engine.settle()
        return observation, self._engine.done

    def _answer(self, engine: Engine) -> int | None:
        """Answers what MiniHack keeps from the player: the rules are those of nle."""
        if engine.waits:
            return SPACE
        if engine.asks_for_text:
            return ESCAPE
        if engine.asks_question and not self._env._allow_all_yn_questions:
            message = engine.message().encode("latin-1")
            return None if any(word in message for word in SKIP_EXCEPTIONS) else ESCAPE
        return None


def _names(keys: Any) -> tuple[str, ...]:
    """Names the keys of a task that brings its own; one name stands for one index."""
    return tuple(_NAMES.get(int(key), key.name.lower()) for key in keys)


def _instructions(task: Task, actions: tuple[str, ...]) -> str:
    text = _prose("instructions.md")
    # Whoever can only move is never asked anything.
    questions = _prose("questions.md") if set(actions) - _MOVES else ""
    parts = {
        "{questions}": questions.replace("{letters}", letter_list(actions)),
        "{actions}": action_lines(actions),
        "{goal}": task.goal,
    }
    for mark, part in parts.items():
        text = text.replace(mark, part)
    return text.strip()


def _prose(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")

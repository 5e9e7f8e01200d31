"""NetHack as a text game: the configuration of NetHackChallenge."""

from __future__ import annotations

import json
from importlib.resources import files

from nle import nethack

from automem_gym.checks import check_count
from automem_gym.game import EpisodeEnd
from automem_gym.games.nethack.actions import KEYS, action_lines
from automem_gym.games.nethack.character import check_character
from automem_gym.games.nethack.distance import check_style
from automem_gym.games.nethack.engine import RETURN, Engine
from automem_gym.games.nethack.terminal_game import TerminalGame

#: nle's arrays that the process fills at every step.
ARRAYS = (
    *("glyphs", "chars", "colors", "blstats", "message", "inv_strs", "inv_letters"),
    *("inv_oclasses", "tty_chars", "tty_colors", "tty_cursor", "program_state", "internal"),
)
_PROGRESSION: dict[str, float] = json.loads(
    (files(__package__) / "progression.json").read_text(encoding="utf-8")
)
_BY_DUNGEON_LEVEL = {
    int(name[5:]): value for name, value in _PROGRESSION.items() if name.startswith("Dlvl:")
}
_BY_EXPERIENCE_LEVEL = {
    int(name[3:]): value for name, value in _PROGRESSION.items() if name.startswith("Xp:")
}


class NetHackGame(TerminalGame):
    """The whole of NetHack, with the keyboard of NetHackChallenge.

    The reward is NetHackChallenge's: the gain in the game's score (its penalty for steps in which
    no time passes is 0), and 0 for the step that ends the game. Pages turned by ``skip_more`` are
    part of the step that led to them.

    Args:
        character: Role, race, alignment and gender, as in ``mon-hum-neu-mal``; ``@`` draws them
            from the seed.
        skip_more: Whether pages that end with ``--More--`` are turned by themselves, and their
            messages joined. Without it the player turns them with the action ``more``.
        no_progress: The episode ends after so many steps in which the game's time stands still.
        distance_style: ``"words"`` ("very near") or ``"steps"`` ("2 steps"), see
            `automem_gym.games.nethack.distance`.

    Raises:
        ValueError: There is no such character or no such style, or ``no_progress`` is no count.
    """

    def __init__(
        self,
        character: str = "@",
        skip_more: bool = True,
        no_progress: int = 150,
        distance_style: str = "words",
    ):
        check_character(character)
        check_style(distance_style)
        check_count("no_progress", no_progress)
        self._skip_more = skip_more
        self._no_progress = no_progress
        self._process = nethack.Nethack(
            observation_keys=ARRAYS,
            playername=f"Agent-{character}",
            ttyrec=None,
            # Otherwise the moon of the day on which it is played changes luck and the greeting.
            fix_moon_phase=True,
        )
        text = (files(__package__) / "instructions.md").read_text(encoding="utf-8")
        instructions = text.replace("{actions}", action_lines(KEYS)).strip()
        super().__init__(
            Engine(self._process, self._turn_page),
            tuple(KEYS),
            "esc",
            instructions.replace("{no_progress}", str(no_progress)),
            distance_style,
        )
        self._progression = 0.0
        self._idle_steps = 0

    @property
    def progression(self) -> float:
        """The best entry of the progression table over dungeon and experience levels so far."""
        return self._progression

    def _begin(self, seed: int) -> None:
        self._engine.seed(seed)
        self._process.reset()
        self._engine.begin()
        self._progression = 0.0
        self._idle_steps = 0
        self._read_facts()
        self._advance_progression()

    def _play(self, action: str) -> tuple[float, EpisodeEnd | None]:
        before = self._facts
        self._engine.press(KEYS[action])
        facts = self._read_facts()
        self._advance_progression()
        end = self._engine.end()
        if end is not None:
            return 0.0, end
        self._idle_steps = self._idle_steps + 1 if facts["game_time"] == before["game_time"] else 0
        if self._idle_steps >= self._no_progress:
            end = EpisodeEnd.NO_PROGRESS
        return float(facts["score"] - before["score"]), end

    def _close(self) -> None:
        self._process.close()

    def _turn_page(self, engine: Engine) -> int | None:
        return RETURN if self._skip_more and engine.shows_more else None

    def _advance_progression(self) -> None:
        facts = self._facts
        self._progression = max(
            self._progression,
            _BY_DUNGEON_LEVEL.get(facts["dungeon_level"], 0.0),
            _BY_EXPERIENCE_LEVEL.get(facts["experience_level"], 0.0),
        )

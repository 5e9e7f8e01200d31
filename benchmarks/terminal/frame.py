"""A turn of a recorded episode as the lines of a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.cells import cell_len

from automem_gym.scene import Tile
from automem_gym.tileset import tileset_of
from benchmarks.terminal.plain_text import PLAIN, coloured, fit
from benchmarks.trace import Trace, Turn

#: The size of a frame: the title, the game's 24 lines, the action, and memory commands.
WIDTH, HEIGHT = 80, 36
_GAME = 24
#: Where the status begins beside a map.
_LEFT = 40


class Frames:
    """Draws the turns of a trace. Each line stands for itself: colours end where it ends.

    Args:
        trace: The trace.
    """

    def __init__(self, trace: Trace) -> None:
        header = trace.header
        episode = header["episode"]
        self._header = header
        self._name = f"{episode['env_id']}  seed {episode['seed']}"
        if episode.get("repeat"):
            self._name += f"  repeat {episode['repeat']}"
        self._kind = header.get("scene", {}).get("kind", "")
        self._tiles = tileset_of(episode["env_id"]) if self._kind == "tiles" else {}

    def first(self) -> list[str]:
        """What the agent met before its first turn."""
        scene = self._header.get("scene", {}).get("text", "")
        return self._drawn("", self._header["texts"], scene, self._header["info"], ())

    def draw(self, turn: Turn) -> list[str]:
        """A turn: what the game showed after it, the action, and what it did to the memory."""
        return self._drawn(_played(turn), turn.observation, turn.scene, turn.info, turn.commands)

    def line(self, turn: Turn) -> str:
        """A turn in a line, for where frames cannot be shown."""
        return fit(f"{self._name}  {_place(turn.info)}  {_played(turn)}", 2 * WIDTH)

    def _drawn(
        self,
        played: str,
        texts: Mapping[str, str],
        scene: str,
        info: Mapping[str, Any],
        commands: Sequence[Mapping[str, Any]],
    ) -> list[str]:
        game = [*self._game(texts, scene)][:_GAME]
        lines = [
            f"\x1b[7m{fit(f'{self._name}  {_place(info)}', WIDTH)}{PLAIN}",
            *game,
            *[""] * (_GAME - len(game)),
            f"\x1b[97m{fit(f'> {played}', WIDTH)}{PLAIN}" if played else "",
            *_memory(commands),
        ]
        return lines[:HEIGHT]

    def _game(self, texts: Mapping[str, str], scene: str) -> Iterator[str]:
        if self._kind == "ansi":
            yield from (coloured(line, WIDTH) for line in scene.split("\n"))
            return
        # What there is to read stands below the map, the status beside both.
        left = [*self._map(scene), *_wrapped(texts.get("observation", ""))]
        right = texts.get("status", "").split("\n")
        width = _LEFT if texts.get("status") else WIDTH
        for number in range(max(len(left), len(right))):
            shown, cells = left[number] if number < len(left) else ("", 0)
            if cells > width - 1:
                shown = fit(shown, width - 1)
                cells = cell_len(shown)
            beside = right[number] if number < len(right) else ""
            gap = " " * (width - cells) if beside else ""
            yield f"{shown}{gap}{fit(beside, WIDTH - width)}"

    def _map(self, scene: str) -> Iterator[tuple[str, int]]:
        """The lines of a map and their widths; a cell is two characters wide, so about square."""
        for row in scene.split("\n") if self._kind == "tiles" else ():
            cells = [_cell(character, self._tiles.get(character)) for character in row]
            yield "".join(cells[: WIDTH // 4]), 2 * min(len(cells), WIDTH // 4)
        if self._kind == "tiles":
            yield "", 0


def _cell(character: str, tile: Tile | None) -> str:
    shown = fit(character, 1) + " "
    if tile is None or tile.color is None:
        return shown
    return f"\x1b[38;5;{tile.color}m{shown}{PLAIN}"


def _wrapped(text: str) -> Iterator[tuple[str, int]]:
    for line in text.split("\n"):
        shown = fit(line, WIDTH)
        yield shown, cell_len(shown)


def _place(info: Mapping[str, Any]) -> str:
    place = f"step {info.get('game_step', 0)}"
    progression = info.get("progression")
    if isinstance(progression, int | float):
        place += f"  progression {100 * progression:.1f}%"
    return place if info.get("episode_end") is None else f"{place}  {info['episode_end']}"


def _played(turn: Turn) -> str:
    """What the game was given, and what the agent had said where that was none of its actions."""
    executed, invalid = turn.info.get("executed_action"), turn.info.get("invalid_action")
    if invalid is not None:
        return f"{executed} (in place of {invalid})"
    return executed or ("" if turn.commands else turn.action)


def _memory(commands: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Memory commands, a line each, with the first line that each was answered."""
    for told in commands:
        mark = "\x1b[32m+" if told["ok"] else "\x1b[31m!"
        words = told["command"].replace("<|END|>", "").replace("<|", "").replace("|>", " ")
        answer = told["result"].split("\n")[0]
        yield f"{mark}{PLAIN} {fit(f'{words.strip()}  = {answer}', WIDTH - 2)}"

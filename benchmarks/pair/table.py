"""What was played, as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.pair.play import Game
from benchmarks.short_ids import short_ids


def print_games(console: Console, games: Sequence[Game]) -> None:
    """Prints what was played, a column an environment."""
    table = Table("")
    for name in short_ids([game.env_id for game in games]):
        table.add_column(escape(name), justify="right")
    for label, cell in _rows(games).items():
        table.add_row(escape(label), *(cell(game) for game in games))
    console.print(table)


def _rows(games: Sequence[Game]) -> dict[str, Callable[[Game], str]]:
    rows: dict[str, Callable[[Game], str]] = {
        "game steps": lambda game: f"{game.played.game_steps:,}",
        "episodes begun": lambda game: f"{game.played.episodes}",
        "turns": lambda game: f"{game.played.turns:,}",
        "wall time of a game step, ms": lambda game: _each(game, 1e3 * game.played.seconds),
        "tokens a game step: prompts": lambda game: _each(game, game.played.usage.input_tokens),
        "  reused": lambda game: _each(game, game.played.usage.cached_tokens),
        "  prefilled": lambda game: _each(game, game.played.prefilled),
        "  decoded": lambda game: _each(game, game.played.usage.output_tokens),
    }
    for title, counter in (("calls", "calls"), ("commands", "commands"), ("events", "events")):
        names = sorted({name for game in games for name in getattr(game.played, counter)})
        for name in names:
            rows[f"{title}: {name}"] = _count(counter, name)
    rows["commands refused"] = lambda game: f"{game.played.refused:,}"
    for name in games[0].engine if games else ():
        rows[f"engine: {name.replace('_', ' ')}"] = _engine(name)
    return rows


def _each(game: Game, number: float) -> str:
    return f"{game.played.per_game_step(number):,.1f}"


def _count(counter: str, name: str) -> Callable[[Game], str]:
    return lambda game: f"{getattr(game.played, counter)[name]:,}"


def _engine(name: str) -> Callable[[Game], str]:
    return lambda game: f"{game.engine[name]:,}"

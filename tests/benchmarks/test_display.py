import io
import re

from rich.console import Console

from agents.accounting import Account, Ledger
from agents.model import Completion, ModelSpec, Usage
from benchmarks.display import QUIET_LINES, make_display
from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.executors.executor import Beat, Outcome, failure
from benchmarks.models.figures import figures


def outcome(seed: int, **more) -> Outcome:
    episode = Episode("Game-v0", seed)
    result = {"progression": 0.5, "game_steps": 100, "episode_end": "died", **more}
    return Outcome(episode, EpisodeResult(episode.digest, "Game-v0", seed, 0, **result))


def show(events, quiet: bool, terminal: bool = False, ledger: Ledger | None = None) -> str:
    text = io.StringIO()
    console = Console(file=text, force_terminal=terminal, width=120)
    events = list(events)
    total = sum(isinstance(event, Outcome) for event in events)
    with make_display(console, {"Game-v0": total}, quiet, ledger) as display:
        for event in events:
            display.show(event)
    return text.getvalue()


def test_a_line_per_episode_without_a_terminal():
    lines = show((outcome(seed) for seed in range(5)), quiet=False).splitlines()
    assert len(lines) == 5
    assert lines[-1].startswith("5/5 Game-v0 seed 4: died after 100 steps; mean 50.0%")


def test_quiet_prints_few_lines():
    assert len(show((outcome(s) for s in range(5)), quiet=True).splitlines()) == 1
    assert len(show((outcome(s) for s in range(1000)), quiet=True).splitlines()) <= QUIET_LINES


def test_failures_are_told_and_not_averaged():
    events = [outcome(1), failure(Episode("Game-v0", 2), "Traceback\nValueError: [red]no")]
    last = show(events, quiet=False).splitlines()[-1]
    assert "failed: ValueError: [red]no" in last
    assert "mean 50.0%" in last


def test_a_terminal_shows_bars_with_episodes_that_are_still_played():
    shown = show([Beat(Episode("Game-v0", 1), 50, 0.25), outcome(2)], quiet=False, terminal=True)
    assert "1/1" in shown
    assert "progression 37.5%" in shown


def test_models_show_their_tokens_and_what_they_cost_so_far():
    model = ModelSpec("messages", "claude-opus-5-5")
    ledger = Ledger({"agent": model})
    cost = ledger.record("agent", Completion("hi", Usage(500_000, 0, 0, 20_000)))
    assert cost is not None
    assert cost > 1
    taken = {"agent": figures(Account(1, Usage(500_000, 0, 0, 20_000), 2.0, cost))}
    line = show([outcome(1, models=taken)], quiet=False, ledger=ledger)
    assert re.search(r" steps/s, [\d,]{7,} tokens/s, " + f"{cost:.2f} USD, ", line)
    beat = Beat(Episode("Game-v0", 1), 50, 0.25, calls=9, tokens=520_000)
    shown = show([beat, outcome(2)], quiet=False, terminal=True)
    assert "tokens/s" in shown
    assert "tokens/s" not in show([outcome(1)], quiet=False)

import io

from rich.console import Console

from benchmarks.display import QUIET_LINES, make_display
from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.executor import Beat, Outcome, failure


def outcome(seed: int) -> Outcome:
    episode = Episode("Game-v0", seed)
    result = EpisodeResult(
        episode.digest, "Game-v0", seed, 0, progression=0.5, game_steps=100, episode_end="died"
    )
    return Outcome(episode, result)


def show(events, quiet: bool, terminal: bool = False) -> str:
    text = io.StringIO()
    console = Console(file=text, force_terminal=terminal, width=120)
    events = list(events)
    total = sum(isinstance(event, Outcome) for event in events)
    with make_display(console, {"Game-v0": total}, quiet) as display:
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

"""Recorded episodes on the terminal: watched, played back, written as asciicasts."""

import io
import json
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from automem_gym.commands import main as run_command
from benchmarks.commands import COMMANDS
from benchmarks.terminal.choice import Choice
from benchmarks.terminal.frame import HEIGHT, WIDTH, Frames
from benchmarks.terminal.playing import follow, play_back
from benchmarks.trace import TRACE, Trace


def main(arguments: list[str]) -> int:
    return run_command(COMMANDS, arguments)


GAMES = "AutoMem-Crafter-v0,AutoMem-NetHack-v0"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "run"
    arguments = ["--agent", "explorer", "--seeds", "3", "--max-game-steps", "12", "--quiet"]
    assert main(["run", "--env", GAMES, *arguments, "--out", str(out)]) == 0
    return out


def _screen(events: list[list[object]]) -> list[str]:
    """What a terminal shows after the events of an asciicast: the part of one that they use."""
    rows = [""] * HEIGHT
    for _, kind, text in events:
        assert kind == "o"
        assert isinstance(text, str)
        for part in text.split("\x1b[")[1:]:
            place, _, _ = part.partition("H")
            if ";1" in place and place.removesuffix(";1").isdigit():
                row = int(place.removesuffix(";1")) - 1
                rows[row] = ""
            elif part == "K" or part in ("?25l", "2J"):
                continue
            _, _, shown = part.partition("m") if "H" not in part[:5] else ("", "", "")
            rows[row] += shown
    return rows


@pytest.mark.parametrize("env", ["Crafter", "NetHack"])
def test_an_asciicast_ends_with_the_last_turn(env: str, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "episode.cast"
    assert main(["view", str(run), "--env", env, "--cast", str(out), "--speed", "4"]) == 0
    header, *events = map(json.loads, out.read_text("utf-8").splitlines())
    assert (header["version"], header["width"], header["height"]) == (2, WIDTH, HEIGHT)
    times = [event[0] for event in events]
    trace = Trace(Choice(env).only(run))
    turns = list(trace.turns())
    assert times == sorted(times)
    assert times[-1] <= len(turns) / 4
    last = [Text.from_ansi(line).plain for line in Frames(trace).draw(turns[-1])]
    shown = [row.rstrip() for row in _screen(events)]
    assert shown[: len(last)] == [line.rstrip() for line in last]
    assert any(set(shown[1:25]))  # a game is there


@pytest.mark.parametrize("env", ["Crafter", "NetHack"])
def test_frames_fit_a_terminal(env: str, run: Path) -> None:
    trace = Trace(Choice(env).only(run))
    frames = Frames(trace)
    for lines in (frames.first(), *map(frames.draw, trace.turns())):
        assert len(lines) <= HEIGHT
        assert all(Text.from_ansi(line).cell_len <= WIDTH for line in lines)


def test_a_frame_shows_game_action_and_memory(run: Path) -> None:
    trace = Trace(Choice("Crafter").only(run))
    turn = next(turn for turn in trace.turns() if turn.commands)
    text = Text.from_ansi("\n".join(Frames(trace).draw(turn))).plain
    assert "health: 9/9" in text
    assert "You face" in text
    assert f"> {turn.info['executed_action']}" in text
    assert "notes.md" in text


def test_an_episode_is_played_to_its_end(run: Path) -> None:
    said = io.StringIO()
    play_back(Choice("NetHack").only(run), 1000, Console(file=said, width=200))
    assert "step 12" in said.getvalue().splitlines()[-1]
    assert "step limit" in said.getvalue()


def test_several_episodes_are_listed_to_choose_from(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["view", str(run), "--play"]) == 2
    said = capsys.readouterr().err
    assert "holds 2 episodes" in said
    assert "AutoMem-Crafter-v0 seed 3" in said
    assert main(["view", str(run), "--play", "--seed", "9"]) == 2
    assert "no recorded episode with seed 9" in capsys.readouterr().err
    assert main(["view", str(run), "--play", "--speed", "0"]) == 2
    assert "--speed is 0" in capsys.readouterr().err


def wait_for(words: str, said: io.StringIO) -> None:
    """Waits until something was shown."""
    for _ in range(200):
        if words in said.getvalue():
            return
        time.sleep(0.1)
    raise AssertionError(f"{words!r} was not shown: {said.getvalue()}")


def test_an_invalid_action_is_shown_beside_what_was_played(run: Path) -> None:
    trace = Trace(Choice("Crafter").only(run))
    turn = next(trace.turns())
    told = {**turn.info, "executed_action": "Noop", "invalid_action": "fly\x1b[2J"}
    text = Text.from_ansi("\n".join(Frames(trace).draw(replace(turn, info=told)))).plain
    assert "> Noop (in place of fly·[2J)" in text


def test_a_trace_that_is_written_anew_is_followed_from_its_start(run: Path, tmp_path: Path) -> None:
    """As a run does that goes on: the old file is gone, and another one has its name."""
    path = Choice("NetHack").only(run)
    resumed = tmp_path / "resumed"
    place = resumed / path.relative_to(run)
    place.parent.mkdir(parents=True)
    lines = path.read_bytes().splitlines(keepends=True)
    place.write_bytes(b"".join(lines[:6]))
    said = io.StringIO()
    console = Console(file=said, width=200)
    watcher = threading.Thread(target=follow, args=(resumed, Choice(), console), daemon=True)
    watcher.start()
    wait_for("step 4 ", said)
    place.unlink()
    wait_for("waiting for", said)
    place.write_bytes(path.read_bytes())
    for source in run.rglob("*"):
        target = resumed / source.relative_to(run)
        if source.is_file() and not target.exists() and "Crafter" not in str(source):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    wait_for("step 12", said)


def test_a_run_is_followed_before_it_has_begun_and_until_it_ends(run: Path, tmp_path: Path) -> None:
    """The files of a finished run appear line by line, as a run in progress writes them."""
    slow = tmp_path / "slow"
    said = io.StringIO()
    watcher = threading.Thread(
        target=follow, args=(slow, Choice("NetHack"), Console(file=said, width=200)), daemon=True
    )
    watcher.start()
    time.sleep(0.3)
    path = Choice("NetHack").only(run)
    place = slow / path.relative_to(run)
    place.parent.mkdir(parents=True)
    data = path.read_bytes()
    with place.open("wb") as file:
        for begin in range(0, len(data), 1500):  # cut anywhere, also within a line
            file.write(data[begin : begin + 1500])
            file.flush()
            time.sleep(0.05)
    assert watcher.is_alive()  # the run may have more episodes
    for source in sorted(run.rglob("*")):
        target = slow / source.relative_to(run)
        if source.is_file() and source.name != TRACE:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    watcher.join(20)
    assert not watcher.is_alive()
    lines = said.getvalue().splitlines()
    assert lines[0].startswith("waiting for")
    assert any("step 12" in line for line in lines)

from collections.abc import Iterator

import pytest
from nle import nethack

from automem_gym.game import EpisodeEnd
from automem_gym.games.nethack.engine import ESCAPE, RETURN, Engine

KEYS = (
    *("glyphs", "blstats", "message", "tty_chars", "tty_colors", "tty_cursor"),
    *("program_state", "internal"),
)


def page_turner(engine: Engine) -> int | None:
    return RETURN if engine.shows_more else None


@pytest.fixture
def process() -> Iterator[nethack.Nethack]:
    made = nethack.Nethack(
        observation_keys=KEYS, playername="Agent-@", ttyrec=None, fix_moon_phase=True
    )
    yield made
    made.close()


def begin(process: nethack.Nethack, answer, seed: int) -> Engine:
    engine = Engine(process, answer)
    engine.seed(seed)
    process.reset()
    engine.begin()
    return engine


def screen(engine: Engine) -> str:
    return "\n".join(bytes(row).decode("latin-1") for row in engine.frame["tty_chars"])


def test_begins_at_the_first_move(process):
    # The greeting of this seed has two pages.
    engine = begin(process, page_turner, seed=3)
    assert engine.message() == "You are lucky!  Full moon tonight."
    assert engine.frame["blstats"][nethack.NLE_BL_TIME] == 1
    assert not engine.waits
    assert engine.end() is None


def test_seeds_hold_for_one_episode_each(process):
    engine = begin(process, page_turner, seed=7)
    first = screen(engine)
    begin(process, page_turner, seed=8)
    assert screen(engine) != first
    begin(process, page_turner, seed=7)
    assert screen(engine) == first


def test_turns_pages_and_keeps_what_stood_on_them(process):
    engine = begin(process, page_turner, seed=3)
    engine.press(ord("e"))
    assert engine.asks_question
    engine.press(ord("Z"))
    assert engine.pages == ["You don't have that object."]
    assert engine.message().startswith("What do you want to eat?")
    engine.press(ESCAPE)
    assert engine.pages == []
    assert engine.message() == "Never mind."


def test_leaves_pages_to_the_player_where_it_is_told_so(process):
    engine = begin(process, lambda engine: None, seed=3)
    engine.press(ord("e"))
    engine.press(ord("Z"))
    assert engine.pages == []
    assert engine.shows_more
    assert engine.message() == "You don't have that object.--More--"


def test_an_open_menu_waits_for_the_player(process):
    engine = begin(process, page_turner, seed=3)
    engine.press(ord("i"))
    assert engine.pages == []
    assert engine.message().endswith("(end)")
    assert not engine.shows_more


def test_knows_when_the_game_asks_for_text(process):
    engine = begin(process, page_turner, seed=3)
    engine.press(0x80 | ord("A"))
    assert engine.asks_for_text
    assert not engine.waits


@pytest.mark.parametrize(
    ("keys", "end", "epitaph"),
    [
        ([0x80 | ord("q"), ord("y")], EpisodeEnd.ABORTED, "quit"),
        ([ord("<"), ord("y")], EpisodeEnd.ABORTED, "escaped"),
    ],
)
def test_keeps_the_last_screen_of_the_game(process, keys, end, epitaph):
    engine = begin(process, page_turner, seed=3)
    for key in keys:
        engine.press(key)
    assert engine.done
    assert engine.end() is end
    assert engine.epitaph() == epitaph
    assert engine.frame["blstats"][nethack.NLE_BL_HP] == 14
    assert "Dlvl:1" in screen(engine)
    assert "Goodbye" not in screen(engine)


def test_an_ended_game_leaves_nothing_to_the_next(process):
    engine = begin(process, page_turner, seed=3)
    engine.press(0x80 | ord("q"))
    engine.press(ord("y"))
    assert engine.epitaph() == "quit"
    engine = begin(process, page_turner, seed=3)
    assert engine.epitaph() == ""
    engine.press(ord("<"))
    engine.press(ord("y"))
    assert engine.epitaph() == "escaped"

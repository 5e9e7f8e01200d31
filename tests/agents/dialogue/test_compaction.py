"""A conversation that does not fit is made shorter, visibly."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.dialogue.compaction import LEAST_CHARS, cut_middle, cut_pieces, piece_limit, pieces
from agents.dialogue.conversation import Conversation

EAST = "<|ACTION|>east<|END|>"
LEFT_OUT = re.compile(r"\n\[([\d,]+) characters left out\]\n")
prompts = st.lists(st.sampled_from(["<a>", "</a>", "<b>", "</b>", "\n", "x", "words " * 99])).map(
    "".join
)


@given(st.text(max_size=300), st.integers(0, 320))
@example("a" * 100, 99)
def test_a_cut_text_fits_keeps_both_ends_and_tells_what_is_missing(text, limit):
    cut = cut_middle(text, limit)
    if len(text) <= limit:
        assert cut == text
        return
    mark = LEFT_OUT.search(cut)
    head, tail = cut[: mark.start()], cut[mark.end() :]
    assert text.startswith(head)
    assert text.endswith(tail)
    assert len(head) + len(tail) + int(mark[1].replace(",", "")) == len(text)
    assert len(cut) <= max(limit, len(mark[0]))


@given(prompts)
def test_the_pieces_of_a_prompt_are_the_prompt(text):
    assert "".join(pieces(text)) == text
    assert cut_pieces(text, len(text)) == text


@given(st.lists(prompts, max_size=4), st.integers(0, 5_000))
def test_the_limit_makes_all_fit_where_that_can_be(texts, room):
    limit = piece_limit(texts, room)
    size = sum(len(cut_pieces(text, limit)) for text in texts)
    assert limit >= LEAST_CHARS
    assert size <= room or limit == LEAST_CHARS


@pytest.mark.parametrize("tag", ["<a>\n", "<a>\n</b>\n", "<a>\nx\n"])
def test_tags_that_a_model_never_closes_cost_no_more_than_their_number(tag):
    text = tag * (200_000 // len(tag))
    started = time.process_time()
    assert pieces(text) == [text]
    assert time.process_time() - started < 2  # a search for each tag's end takes half a minute


def test_sections_are_cut_inside_their_tags():
    text = f"<step>3</step>\n<observation>\n{'o' * 900}\n</observation>\n<files>\nf\n</files>\nGo."
    cut = cut_pieces(text, 300)
    assert cut.startswith("<step>3</step>\n<observation>\no")
    assert cut.endswith("o\n</observation>\n<files>\nf\n</files>\nGo.")


def conversation(exchanges, size=100):
    made = Conversation("system")
    made.say("first")
    for at in range(exchanges):
        made.answer(f"answer {at}")
        made.say(f"results {at} {'x' * size}")
    return made


def test_the_oldest_exchanges_go_first_and_a_line_says_so():
    made = conversation(5)
    assert made.shorten(made.chars - 200)
    texts = [message.text for message in made.messages]
    assert texts[1] == "first\n\n[3 earlier exchanges left out: the conversation was too long]"
    assert texts[2] == "answer 3"
    assert [m.role for m in made.messages] == ["system", "user"] + ["assistant", "user"] * 2


def test_the_latest_exchange_is_cut_but_never_left_out():
    made = conversation(2, size=5_000)
    assert made.shorten(600)
    assert made.exchanges == 1
    assert "[1 earlier exchange left out" in made.messages[1].text
    assert LEFT_OUT.search(made.messages[-1].text)
    assert made.chars <= 700


def test_it_goes_on_shortened_and_can_be_shortened_again():
    made = conversation(3, size=5_000)
    assert made.shorten(5_000)
    made.answer("more")
    made.say("y" * 9_000)
    before = made.chars
    assert made.shorten(before // 2)
    assert "[3 earlier exchanges left out" in made.messages[1].text
    assert made.messages[-1].text.count("left out") == 1


def test_what_is_as_short_as_it_can_be_does_not_become_shorter():
    made = conversation(1, size=10)
    assert not made.shorten(0)

"""No recorded text commands a terminal."""

import re

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from benchmarks.terminal.plain_text import PLAIN, coloured, fit, plain, plain_lines

_ALLOWED = re.compile(r"\x1b\[(?:0|(?:7|3[0-7]|9[0-7])(?:;(?:7|3[0-7]|9[0-7]))*)m")
_HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("\x1b[]0;1m\x07\x9b\u202e漢\u0301\ud800")),
    max_size=60,
)


@given(_HOSTILE)
def test_a_plain_line_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    shown = plain(text)
    shown.encode("utf-8")
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert shown == plain(shown)


@given(_HOSTILE)
def test_plain_lines_are_plain_line_by_line(text: str) -> None:
    shown = plain_lines(text).split("\n")
    assert [line.replace("\t", " ") for line in shown] == [plain(it) for it in text.split("\n")]
    assert shown.count("\t") == 0 or "\t" in text


@given(_HOSTILE, st.integers(1, 40))
def test_a_line_fits_its_width(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) <= width


@given(_HOSTILE, st.integers(1, 40))
def test_of_a_scene_only_its_colours_pass(text: str, width: int) -> None:
    shown = coloured(text, width)
    rest = _ALLOWED.sub("", shown)
    assert plain(rest) == rest
    assert cell_len(rest) <= width
    if "\x1b" in shown:
        assert shown.endswith(PLAIN)


def test_colours_stay_and_what_moves_the_cursor_does_not() -> None:
    assert coloured("a\x1b[94m{\x1b[0m\x1b[2Jb", 80) == f"a\x1b[94m{{{PLAIN}·[2Jb{PLAIN}"
    assert coloured("\x1b[94mabc", 2) == f"\x1b[94mab{PLAIN}"
    assert coloured("\x1b[8mhidden", 80) == "·[8mhidden"

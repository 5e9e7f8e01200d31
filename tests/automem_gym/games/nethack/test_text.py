import gzip
import json
import pickle
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from automem_gym.games.nethack.text import NetHackText, describe

DATA = Path(__file__).parents[3] / "data" / "nethack"
WORDS = {
    "adjacent": "1 step",
    "very near": "2 steps",
    "near": "3-5 steps",
    "very far": "20+ steps",
    "far": "6-19 steps",
}


def recorded_frames():
    with np.load(DATA / "frames.npz") as stored:
        raw = dict(stored)
    with gzip.open(DATA / "frames.jsonl.gz", "rt", encoding="utf-8") as rows:
        texts = [json.loads(row) for row in rows]
    return [({key: raw[key][i] for key in raw}, text) for i, text in enumerate(texts)]


FRAMES = recorded_frames()


def blank_frame():
    frame, _ = FRAMES[0]
    blank = {key: np.zeros_like(array) for key, array in frame.items()}
    blank["glyphs"][:] = 2359
    blank["tty_chars"][:] = ord(" ")
    blank["blstats"][:2] = 40, 10
    return blank


def map_frames():
    """Frames of the right shapes with any contents, also such as nle never gives."""
    shapes = {key: array for key, array in FRAMES[0][0].items() if key != "blstats"}
    anything = {key: arrays.arrays(array.dtype, array.shape) for key, array in shapes.items()}
    places = st.tuples(st.integers(-200, 200), st.integers(-50, 50))
    numbers = arrays.arrays(np.int64, 27)
    return st.builds(
        lambda frame, place, blstats: {
            **frame,
            "blstats": np.concatenate([np.array(place, np.int64), blstats[2:]]),
        },
        st.fixed_dictionaries(anything),
        places,
        numbers,
    )


def test_recorded_frames_read_as_recorded():
    for frame, recorded in FRAMES:
        text = describe(frame)
        assert text.message == recorded["message"]
        assert text.glyphs == recorded["glyphs"]
        assert text.inventory == recorded["inventory"]
        assert text.cursor == recorded["cursor"]
        assert text.stats == recorded["blstats"]
        assert text.observation == recorded["long"]
        assert text.status == recorded["short"]


def test_each_recorded_glyph_has_its_name():
    frame = blank_frame()
    with np.load(DATA / "glyph_base.npz") as base:
        frame |= {"glyphs": base["glyphs"], "blstats": base["blstats"]}
    with gzip.open(DATA / "glyph_texts.jsonl.gz", "rt", encoding="utf-8") as rows:
        for recorded in map(json.loads, rows):
            glyphs = frame["glyphs"].copy()
            glyphs[10, 43] = recorded["glyph"]
            assert describe(frame | {"glyphs": glyphs}).glyphs == recorded["text"]


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.int64])
def test_integer_types_do_not_matter(dtype):
    frame, recorded = FRAMES[len(FRAMES) // 2]
    wider = {key: array.astype(dtype) for key, array in frame.items()}
    assert describe(wider).observation == recorded["long"]
    assert describe(wider).status == recorded["short"]


def test_only_six_arrays_are_needed():
    needed = {"glyphs", "blstats", "tty_chars", "tty_cursor", "inv_letters", "inv_strs"}
    frame, recorded = FRAMES[0]
    assert describe({key: frame[key] for key in needed}).observation == recorded["long"]


def test_steps_style_says_the_true_ranges():
    for frame, recorded in FRAMES:
        expected = [
            re.sub(
                r" (adjacent|very near|near|very far|far) (?=[a-z]+(?:,| and |$))",
                lambda word: f" {WORDS[word[1]]} ",
                line,
                count=1,
            )
            for line in recorded["glyphs"].split("\n")
        ]
        assert describe(frame, distance_style="steps").glyphs.split("\n") == expected


def test_steps_style_reaches_the_cursor():
    frame = blank_frame()
    frame["tty_cursor"][:] = 11, 44  # row 10 of the map, four columns to the east
    assert describe(frame).cursor == "near east "
    assert describe(frame, "steps").cursor == "3-5 steps east "


@pytest.mark.parametrize("steps", range(1, 39))
def test_every_distance_lies_in_its_range(steps):
    frame = blank_frame()
    frame["glyphs"][10, 40 + steps] = 0
    line = describe(frame, "steps").glyphs.split("\n")
    (phrase,) = [one for one in line if one.startswith("giant ant")]
    low, plus, high = re.fullmatch(r"giant ant (\d+)(?:(\+)|-(\d+))? steps? east", phrase).groups()
    assert int(low) <= steps <= (10**9 if plus else int(high or low))


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("word", "Did you mean 'words'"),
        ("metres", "'words', 'steps'"),
        (None, "distance_style is None"),
        (["steps"], "must be one of"),
    ],
)
def test_a_wrong_style_is_named_with_what_is_allowed(style, said):
    with pytest.raises(ValueError, match=said):
        describe(blank_frame(), distance_style=style)


def test_the_text_keeps_nothing_of_the_arrays():
    frame = {key: array.copy() for key, array in FRAMES[3][0].items()}
    text = describe(frame)
    for array in frame.values():
        array[...] = 1
    assert text == describe(FRAMES[3][0])
    assert text.stats == FRAMES[3][1]["blstats"]


def test_the_text_can_be_pickled():
    text = describe(FRAMES[0][0])
    again = pickle.loads(pickle.dumps(text))
    assert isinstance(again, NetHackText)
    assert (again, again.stats) == (text, text.stats)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(map_frames())
def test_any_arrays_have_a_text(frame):
    text = describe(frame)
    assert text.observation.startswith(
        f"message:\n{text.message}\n\nlanguage observation:\n{text.glyphs}\n\ncursor:\n"
    )
    assert text.status == f"inventory:\n{text.inventory}\n"
    assert text.stats.startswith("Strength: ")
    steps = describe(frame, "steps")
    assert len(steps.glyphs.split("\n")) == len(text.glyphs.split("\n"))

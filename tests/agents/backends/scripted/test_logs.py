"""The lines that players write and read back: places, trails, levels."""

from hypothesis import given
from hypothesis import strategies as st

from agents.backends.scripted import reckoning, trail
from agents.backends.scripted.level import Level, anew, level_line
from agents.backends.scripted.reckoning import COMPASS, locate, read_log
from agents.backends.scripted.trail import Trail

MOVES = {f"Move {name.title()}": step for name, step in COMPASS.items()}
small = st.integers(-99, 99)
places = st.builds(
    reckoning.Logged,
    step=st.integers(0, 9_999),
    action=st.sampled_from(["start", "Do", "Place Table", *MOVES]),
    position=st.tuples(small, small),
    facing=st.sampled_from(list(COMPASS.values())),
    front=st.sampled_from(["grass", "iron", "nothing"]),
    blocked=st.frozensets(st.sampled_from(list(COMPASS))),
    asleep=st.booleans(),
)


@given(places)
def test_a_place_is_read_back_as_it_was_written(line):
    assert read_log([str(line)]) == {line.step: line}


def test_a_line_without_a_place_tells_the_action():
    line = reckoning.Logged(3, "Move West", front="tree")
    assert str(line) == "step 3: Move West -> facing tree"
    assert read_log([str(line), "step x", "step 4: Do"]) == {3: line}


def log(*lines):
    return read_log(map(str, lines))


BASE = reckoning.Logged(5, "Do", (2, 3), COMPASS["east"], "tree", frozenset({"east"}))


def test_counts_steps_from_the_last_place():
    assert locate(log(BASE), 5, "Do", MOVES) == ((2, 3), COMPASS["east"])
    assert locate(log(BASE), 6, "Move South", MOVES) == ((2, 4), COMPASS["south"])
    assert locate(log(BASE), 6, "Sleep", MOVES) == ((2, 3), COMPASS["east"])


def test_who_is_barred_or_asleep_stays():
    assert locate(log(BASE), 6, "Move East", MOVES) == ((2, 3), COMPASS["east"])
    sleeper = BASE._replace(asleep=True)
    assert locate(log(sleeper), 6, "Move South", MOVES) == ((2, 3), COMPASS["south"])


def test_steps_without_a_place_are_counted_too():
    later = [reckoning.Logged(6, "Move South", front="grass"), reckoning.Logged(8, "Do", front="x")]
    assert locate(log(BASE, *later), 9, "Move West", MOVES) == ((1, 4), COMPASS["west"])


def test_later_steps_than_the_present_do_not_count():
    assert locate(log(BASE), 4, "Do", MOVES) is None
    assert locate({}, 4, "Do", MOVES) is None


def test_a_gap_of_any_length_is_crossed_at_once():
    assert locate(log(BASE), 999_999_999, "Move South", MOVES) == ((2, 4), COMPASS["south"])


stops = st.builds(
    trail.Logged,
    step=st.integers(0, 9_999),
    action=st.sampled_from(["north", "far east", "8", "search"]),
    cell=st.sampled_from(["0,1", "79,21", "37,11"]),
    level=st.integers(0, 50),
    turn=st.integers(-1, 99_999),
    use=st.sampled_from(["", "b west", "$ down", "a -"]),
)


@given(st.lists(stops, unique_by=lambda line: line.step))
def test_a_trail_is_read_back_as_it_was_written(lines):
    read = Trail(map(str, lines))
    assert read.entries == sorted(lines, key=lambda line: line.step)
    assert all(read.at(line.step) == line for line in lines)


def test_a_question_is_no_place():
    read = Trail(["step 1: east -> at 3,4, level 1", "step 2: kick -> asked: In what direction?"])
    assert read.at(2) is None
    assert read.before(3) == read.at(1)
    assert read.before(1) is None


def path(cells, turns=None):
    turns = turns or [-1] * len(cells)
    return Trail(
        str(trail.Logged(n, "east", cell, 1, turn))
        for n, (cell, turn) in enumerate(zip(cells, turns, strict=True))
    )


def test_circles():
    assert path(["1,1", "2,1"] * 8).circles({"east": 1})
    assert not path(["1,1", "2,1"] * 7).circles({"east": 1})
    assert not path([f"{n},1" for n in range(16)]).circles({"east": 1})
    assert not path(["1,1", "2,1"] * 8).circles({"west": 1})


def test_stalled_time():
    assert path(["1,1"] * 5, [3, 4, 4, 4, 4]).stalled() == 3
    assert path(["1,1"] * 3, [3, 4, 5]).stalled() == 0
    assert path(["1,1"] * 3).stalled() == 0
    assert path([]).stalled() == 0


def test_a_level_is_read_back_from_what_was_new():
    before = {"stood": "1,2", "searched": "1,2=1", "rests": "1"}
    after = {"stood": "1,2 3,4", "searched": "1,2=4 5,6=1", "rests": "2", "route": "9,9"}
    line = level_line(3, before, after)
    assert line == "level 3: stood 3,4; searched 1,2=4 5,6=1; rests 2"
    lines = [level_line(3, {}, before), line, "level 30: stood 9,9", "level 2: stood 8,8"]
    after.pop("route")
    assert Level.read(3, lines).place == after
    assert level_line(3, after, after) == ""


def test_what_was_noted_of_another_game_does_not_count():
    lines = ["level 1: stood 1,2; branch to 3", anew(1), "level 1: stood 3,4", anew(2)]
    assert Level.read(1, lines).place == {"stood": "3,4"}


def test_a_value_that_is_gone_is_told():
    line = level_line(1, {"dwarves": "1,2"}, {"dwarves": "-"})
    assert Level.read(1, ["level 1: dwarves 1,2", line]).place == {"dwarves": "-"}


def test_what_was_taken_for_a_way_down_and_is_none_is_no_more():
    lines = ["level 1: ways down 1,2 3,4", "level 1: no way down 1,2"]
    assert Level.read(1, lines).place["ways down"] == "3,4"


def test_what_nobody_can_use_is_left_out():
    lines = ["level 1: stood here; searched 1,2; blocked 1,2>99,99; rests often; tea 5; locked 1,2"]
    assert Level.read(1, lines).place == {"locked": "1,2"}

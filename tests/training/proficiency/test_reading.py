"""Recorded answers, with what they knew and what came of them."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import fmean

import pytest

from benchmarks.run_directory import RunDirectory
from benchmarks.trace import MemoryReplay, Trace
from memory_fs.measures import WRITES
from training.proficiency.reading import HORIZON

sys.path.insert(0, str(Path(__file__).parent))
from handmade_trace import HandmadeTrace

RUNS = ["crafter_run", "minihack_run", "vault_run"]


@pytest.fixture
def trace(tmp_path):
    def make(**files: str) -> HandmadeTrace:
        return HandmadeTrace(tmp_path / "trace.jsonl", **files)

    return make


def _writes(turns):
    return [it for turn in turns for it in turn.writes if it.done and it.op in WRITES]


@pytest.mark.parametrize("run", RUNS)
def test_every_answer_of_the_trace_is_read_with_the_memory_before_it(read, request, run):
    directory = RunDirectory(request.getfixturevalue(run))
    for episode, _, turns in read(run):
        trace = Trace(directory.trace(episode))
        calls, memories = [], []
        with MemoryReplay(trace.header) as memory:
            for recorded in trace.turns():
                calls += [(recorded.turn, at, it) for at, it in enumerate(recorded.calls)]
                memories += [dict(memory.files)] * len(recorded.calls)
                memory.apply(recorded)
        assert [(it.turn, it.call, it.asked) for it in turns] == calls
        assert [it.memory for it in turns] == memories
        assert {it.episode for it in turns} == {f"{episode.env_id}/{episode.seed}/0"}
        assert all(it.text == it.asked.completion.text for it in turns)


@pytest.mark.parametrize("run", RUNS)
def test_what_is_done_and_what_is_redundant_agrees_with_the_measures(read, run):
    for _, result, turns in read(run):
        writes = _writes(turns)
        assert len(writes) == result.memory["writes"]
        share = fmean(it.redundant for it in writes) if writes else None
        assert share == result.memory["redundant_writes"]
    assert any(it.redundant for _, _, turns in read(run) for it in _writes(turns))


@pytest.mark.parametrize("run", ["crafter_run", "vault_run"])
def test_looks_before_a_write_agree_with_the_measures(read, run):
    for _, result, turns in read(run):
        held = [it for it in _writes(turns) if it.held]
        assert fmean(it.looked for it in held) == result.memory["consult_before_write"]


@pytest.mark.parametrize("run", RUNS)
def test_a_written_line_is_read_later_where_a_lookup_shows_it(read, run):
    for _, _, turns in read(run):
        for at, turn in enumerate(turns):
            for write in turn.writes:
                if write.read_after is None:
                    continue
                step = turn.game_step + write.read_after
                later = [it for it in turns[at + 1 :] if it.game_step == step]
                shown = {line for it in later for look in it.lookups for line in look.lines}
                assert shown & set(write.lines)


@pytest.mark.parametrize("run", RUNS)
def test_the_action_that_followed_is_that_of_the_game_step(read, request, run):
    directory = RunDirectory(request.getfixturevalue(run))
    for episode, result, turns in read(run):
        played = [
            it.info["executed_action"]
            for it in Trace(directory.trace(episode)).turns()
            if it.info.get("executed_action") is not None
        ]
        assert [turn.outcome.action for turn in turns] == [played[it.game_step] for it in turns]
        assert {turn.outcome.progression for turn in turns} == {result.progression}


def test_hooks_turn_down_commands_and_each_answer_has_its_own_rejections(read, request):
    directory = RunDirectory(request.getfixturevalue("minihack_run"))
    several = 0
    for episode, _, turns in read("minihack_run"):
        events = [
            (it.turn, event.detail.partition(": ")[2])
            for it in Trace(directory.trace(episode)).turns()
            for event in it.events
            if event.name == "rejected"
        ]
        assert [(it.turn, why) for it in turns for why in it.rejected] == events
        for turn in turns:
            for why in turn.rejected:
                name = why.split(":")[0].split()[0]
                assert name in turn.text or name.isdigit() or name == (turn.action or name)
        several += sum(it.call > 0 and bool(it.rejected) for it in turns)
    assert several


def test_the_consultant_of_a_pair_writes_no_action_where_it_only_talks(read):
    roles = {it.role for _, _, turns in read("vault_run") for it in turns}
    assert roles == {"specialist", "gameplay"}
    for _, _, turns in read("vault_run"):
        assert all(it.action for it in turns if it.role == "gameplay" and not it.commands)


def test_what_the_consultant_writes_behind_done_is_no_command(trace):
    written = trace(notes="a\n")
    text = "<|READ|>notes.md<|END|>\n<|DONE|>\n<|TAIL|>notes.md|1<|END|>"
    written.turn("plan", text, sent="<|READ|>notes.md<|END|>", role="specialist")
    (turn,) = written.read()
    assert [(it.op, it.done) for it in turn.commands] == [("READ", True)]


def test_a_refusal_asks_for_nothing(trace):
    written = trace(notes="a\n")
    written.turn("log", "<|APPEND|>notes.md|b<|END|>", sent="", stop="refusal")
    (turn,) = written.read()
    assert turn.commands == ()
    assert turn.stop_reason == "refusal"


def test_half_a_command_of_a_cut_answer_counts_as_malformed(trace):
    written = trace(notes="a\n")
    written.turn("log", "<|APPEND|>notes.md|hal", sent="", stop="length")
    (turn,) = written.read()
    assert (turn.commands, turn.malformed) == ((), 1)


def test_the_same_line_twice_in_an_answer_is_redundant_once(trace):
    written = trace(notes="")
    line = "<|APPEND|>notes.md|a door<|END|>"
    written.turn("log", f"{line}\n{line}")
    (turn,) = written.read()
    assert [it.redundant for it in turn.writes] == [False, True]


def test_making_and_removing_an_empty_file_is_not_redundant(trace):
    written = trace()
    written.turn("log", "<|CREATE|>new.md<|END|>")
    written.turn("log", "<|DELETE|>new.md<|END|>")
    turns = written.read()
    assert all(it.done and not it.redundant for turn in turns for it in turn.writes)


def test_the_line_of_a_key_is_found_as_it_stands_in_the_file(trace):
    written = trace(notes="hp: 3\n")
    written.turn("log", "<|UPSERT|>notes.md|hp|4<|END|>")
    written.turn("log", "<|DONE|>")
    written.turn("plan", "<|ACTION|>east<|END|>", acted="east")
    written.turn("log", "<|SEARCH|>notes.md|hp<|END|>")
    first, *_, last = written.read()
    (write,) = first.writes
    assert (write.key, write.lines, write.read_after) == ("hp", ("hp: 4",), 1)
    assert last.lookups[0].lines == ("hp: 4",)


def test_a_search_of_all_files_finds_lines_of_each(trace):
    written = trace(notes="", other="")
    written.turn("log", "<|APPEND|>notes.md|red door<|END|>\n<|APPEND|>other.md|red key<|END|>")
    written.turn("log", "<|SEARCH|>*|red<|END|>")
    first, second = written.read()
    assert [it.read_after for it in first.writes] == [0, 0]
    assert second.lookups[0].lines == ("red door", "red key")


def test_a_line_that_begins_like_a_place_is_read_as_it_stands(trace):
    written = trace(notes="")
    written.turn("log", "<|APPEND|>notes.md|[3] torches<|END|>")
    written.turn("log", "<|READ|>notes.md<|END|>")
    first, second = written.read()
    assert second.lookups[0].lines == ("[3] torches",)
    assert first.writes[0].read_after == 0


def test_who_asks_for_what_it_writes_beside_has_not_found_it(trace):
    written = trace(notes="")
    written.turn("log", "<|APPEND|>notes.md|a<|END|>\n<|READ|>notes.md<|END|>")
    written.turn("plan", "<|ACTION|>east<|END|>", acted="east")
    written.turn("log", "<|READ|>notes.md<|END|>")
    assert written.read()[0].writes[0].read_after == 1


def test_a_look_beside_a_write_comes_too_late_for_it(trace):
    written = trace(notes="a\n")
    both = "<|READ|>notes.md<|END|>\n<|APPEND|>notes.md|b<|END|>"
    written.turn("log", both)
    written.turn("log", "<|APPEND|>notes.md|c<|END|>")
    first, second = written.read()
    assert not first.writes[0].looked
    assert second.writes[0].looked
    assert first.writes[0].held


def test_a_conversation_knows_what_it_was_answered_until_something_is_written(trace):
    written = trace(notes="a\n")
    look = "<|READ|>notes.md<|END|>"
    written.turn("log", look)
    written.turn("log", look)
    written.turn("log", "<|APPEND|>notes.md|b<|END|>")
    written.turn("log", look)
    written.turn("plan", look)
    written.turn("plan", "<|ACTION|>east<|END|>", acted="east")
    written.turn("plan", look)
    known = [it.known for turn in written.read() for it in turn.lookups]
    assert known == [False, True, False, False, False]


def test_rejections_belong_to_the_answer_that_was_turned_down(trace):
    written = trace(notes="")
    bad, good = "<|NOPE|>a<|END|><|NOPE|>b<|END|>", "<|READ|>notes.md<|END|>"
    events = [("rejected", f"log: NOPE: unknown{at}") for at in range(3)]
    mixed = f"<|NOPE|>c<|END|>\n{good}"
    written.turn("log", bad, "only words", mixed, sent=good, events=events)
    written.turn("log", "<|DONE|>")
    turns = written.read()
    assert [len(it.rejected) for it in turns] == [2, 0, 1, 0]
    assert turns[2].rejected == ("NOPE: unknown2",)
    shapes = ["log 1", "log 2 after rejection", "log 3", "log 4 after rejection"]
    assert [it.shape for it in turns] == shapes


def test_an_action_that_was_turned_down_belongs_to_its_answer(trace):
    written = trace(notes="")
    written.turn(
        "plan",
        "<|ACTION|>fly<|END|>",
        "<|ACTION|>west<|END|>",
        "<|ACTION|>east<|END|>",
        acted="east",
        events=[("impossible", "fly"), ("rejected", "plan: west: lava")],
    )
    turns = written.read()
    assert [it.rejected for it in turns] == [(), ("west: lava",), ()]
    assert [it.shape for it in turns] == [
        "plan 1",
        "plan 2 after rejection",
        "plan 3 after rejection",
    ]
    assert [it.action for it in turns] == ["fly", "west", "east"]


def test_commands_that_were_not_sent_are_not_done(trace):
    written = trace(notes="")
    sent = "<|APPEND|>notes.md|b<|END|>"
    events = [("rejected", "log: APPEND notes.md: hook: no")]
    written.turn("log", f"<|APPEND|>notes.md|a<|END|>\n{sent}", sent=sent, events=events)
    (turn,) = written.read()
    assert [(it.text, it.done) for it in turn.commands] == [("a", False), ("b", True)]


@pytest.mark.parametrize("text", ["ünï <\\|ACTION|> code", "a | b", " spaces ", "x <|y"])
def test_odd_texts_are_found_among_what_was_sent(trace, text):
    written = trace(notes="")
    written.turn("log", f"<|APPEND|>notes.md|{text}<|END|>\n<|TAIL|>notes.md<|END|>")
    (turn,) = written.read()
    assert [it.done for it in turn.commands] == [True, True]


def test_the_last_answers_have_no_outcome_where_no_action_came(trace):
    written = trace(notes="")
    written.turn("plan", "<|ACTION|>east<|END|>", acted="east", progression=0.25)
    written.turn("log", "<|APPEND|>notes.md|a<|END|>")
    first, last = written.read(0.25, 0.75)
    assert (first.outcome.action, first.outcome.gain) == ("east", 0.25)
    assert (last.outcome.action, last.outcome.moved, last.outcome.gain) == ("", None, 0.0)
    assert (last.outcome.progression, last.outcome.rank) == (0.25, 0.75)


def test_gain_counts_so_many_steps_and_no_more(trace):
    written = trace(notes="")
    for step in range(HORIZON + 2):
        progression = 0.5 if step >= HORIZON else 0.0
        written.turn("plan", "<|ACTION|>east<|END|>", acted="east", progression=progression)
    gains = [it.outcome.gain for it in written.read()]
    assert gains == [0.0, *[0.5] * HORIZON, 0.0]


def test_an_action_that_changes_nothing_did_not_move(trace):
    written = trace(notes="")
    written.turn("plan", "<|ACTION|>east<|END|>", acted="east", shows="here")
    written.turn("plan", "<|ACTION|>east<|END|>", acted="east", shows="here")
    assert [it.outcome.moved for it in written.read()] == [True, False]


def test_what_was_found_may_name_the_action(trace):
    written = trace(notes="Pick it up: a key\npick the key up\n")
    for keyword, action in (("key", "pick up"), ("key", "west")):
        written.turn("plan", f"<|SEARCH|>notes.md|{keyword}<|END|>")
        written.turn("plan", f"<|ACTION|>{action}<|END|>", acted=action)
    assert [it.outcome.named for it in written.read()] == [True, False, False, False]


def test_an_action_is_named_by_whole_words_of_one_line(trace):
    written = trace(notes="picked up: a key\npick a key\nup there a key\n")
    written.turn("plan", "<|SEARCH|>notes.md|key<|END|>")
    written.turn("plan", "<|ACTION|>pick up<|END|>", acted="pick up")
    assert not any(it.outcome.named for it in written.read())


def test_lines_that_a_search_shows_stand_without_their_numbers(trace):
    written = trace(notes="a key\nb\n[3] key (4)\n")
    written.turn("plan", "<|SEARCH|>notes.md|key<|END|>")
    (turn,) = written.read()
    assert turn.commands[0].lines == ("a key", "[3] key (4)")


def test_selectors_in_the_sandbox_get_plain_data(trace):
    written = trace(notes="ab\n")
    written.turn("log", "<|APPEND|>notes.md|c<|END|>")
    (turn,) = written.read()
    plain = turn.to_json()
    assert plain["commands"][0]["op"] == "APPEND"
    assert (plain["memory_chars"], plain["prompt_chars"]) == (3, len("snow"))
    assert not plain.keys() & {"memory", "asked"}

"""What is learnt of an answer, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.dialogue.reply import ReplyReader
from memory_fs import OPERATIONS, Parser
from training.proficiency.example import cut_out
from training.proficiency.post_processing import FENCE, STEPS, PostProcessing, TargetError

APPEND = "<|APPEND|>notes.md|a door<|END|>"
READ = "<|READ|>notes.md<|END|>"
ACTION = "<|ACTION|>east<|END|>"
DONE = "<|DONE|>"


def make() -> PostProcessing:
    return PostProcessing(OPERATIONS, [name for name, it in OPERATIONS.items() if not it.fields])


def target(text: str, routine: str = "log") -> str:
    return cut_out(text, make().spans(text, routine))


def steps(text: str, routine: str = "log") -> list[str]:
    process = make()
    process.spans(text, routine)
    return [step for step in STEPS if process.counts.steps[step]]


@pytest.mark.parametrize(
    ("routine", "text", "kept", "done"),
    [
        ("log", APPEND, APPEND, []),
        ("log", f"I note it.\n{APPEND}\n{DONE}", f"I note it.\n{APPEND}\n{DONE}", []),
        ("log", f"{APPEND}\n{DONE}\n{READ}", f"{APPEND}\n{DONE}", [1]),
        ("log", f"{APPEND}\n{DONE}\n\n", f"{APPEND}\n{DONE}", []),
        ("log", f"{APPEND}\nSo be it.", APPEND, [4]),
        ("log", f"{APPEND}\n{ACTION}", APPEND, [2]),
        ("log", f"{ACTION}\n{APPEND}", "", [2, 3]),
        ("log", "only words", "", [3]),
        ("log", "", "", [3]),
        ("log", DONE, "", [3]),
        ("plan", f"{READ}\n{ACTION}", READ, [2]),
        ("plan", f"{READ}\nGo on.\n{ACTION}\nGood.", READ, [2, 4]),
        ("plan", f"{READ}\n{DONE}", READ, [4]),
        ("plan", ACTION, "", [2, 3]),
        ("log", f"```\n{APPEND}\n```", f"{APPEND}", [0]),
        ("log", f"Now:\n```text\n{APPEND}\n```\n{DONE}", f"Now:\n{APPEND}\n{DONE}", [0]),
        ("log", f"```\nx = 1\n```\n{APPEND}", "", [5]),
        ("log", f"{APPEND}\n```\nx = 1\n```", APPEND, [4]),
        ("log", f"```{APPEND}```", APPEND, [0]),
        ("log", "<|APPEND|>notes.md|a ``` b<|END|>", "", [5]),
        ("log", f"<think>{READ}</think>\n{APPEND}", f"<think>{READ}</think>\n{APPEND}", []),
        ("log", f"{APPEND}</think>no", "", [3]),
        ("log", "<|APPEND|>notes.md|half a li", "<|APPEND|>notes.md|half a li", []),
        ("log", "<APPEND>ünï.md|é🗝</APPEND> ok", "<APPEND>ünï.md|é🗝</APPEND>", [4]),
        ("log", "<|NOPE|>x<|END|>", "", [3]),
    ],
)
def test_the_six_steps(routine, text, kept, done):
    assert target(text, routine).strip("\n") == kept
    assert steps(text, routine) == [STEPS[at] for at in done]


@pytest.mark.parametrize(
    ("routine", "text", "problem"),
    [
        ("log", "only words", "it has no memory command"),
        ("log", f"```\n{APPEND}", "it holds a code fence"),
        ("plan", f"{ACTION}\n{READ}", "it holds a game action"),
        ("log", f"{APPEND} and so on", "something stands behind its last command"),
        ("plan", f"{READ}\n{DONE}", "something stands behind its last command"),
    ],
)
def test_a_target_that_breaks_a_check_is_named(routine, text, problem):
    with pytest.raises(TargetError, match=f"a target of {routine} breaks a check: {problem}") as e:
        make().check(text, routine)
    assert text[:20] in str(e.value).replace("\\n", "\n")


def test_a_fence_inside_of_what_is_written_is_not_taken_for_one_around_it():
    # Unwrapped, the command would write another text than the agent has written.
    odd = "<|APPEND|>notes.md|a ``` b<|END|>\n<|READ|>x.md ``` <|END|>"
    assert target(odd) in ("", odd)


FRAGMENTS = st.sampled_from(
    [
        *(APPEND, READ, ACTION, DONE, "<|LIST|>", "<|UPSERT|>notes.md|hp|3<|END|>"),
        *("```", "```\n", "```python\n", "\n```\n", "````", "``", "`", "~~~"),
        *("<think>", "</think>", "<|NOPE|>x<|END|>", "<|END|>", "<|END}", "</APPEND>"),
        *("<|APPEND|>notes.md|half", "<|APPEND|>", "<|ACTION|>", "<ACTION>go", "<|AC", "TION|>"),
        *("\n", " ", "\\", "<\\|END|>", "words", "é🗝\u2028", "<", "|>", "<|APP", "END|>f|x"),
    ]
)
TEXTS = st.lists(FRAGMENTS | st.text(max_size=3), max_size=12).map("".join)
ROUTINES = st.sampled_from(["log", "plan"])


@given(TEXTS, ROUTINES)
def test_targets_are_pieces_of_the_answer_and_stable(text, routine):
    process = make()
    spans = process.spans(text, routine)
    assert process.counts.targets == bool(spans)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        at = end
    if not spans:
        assert process.counts.steps[STEPS[3]] + process.counts.steps[STEPS[5]] == 1
        return
    kept = cut_out(text, spans)
    process.check(kept, routine)
    assert FENCE not in kept
    again = make()
    assert again.spans(kept, routine) == ((0, len(kept)),)
    assert not +again.counts.steps


@given(TEXTS, ROUTINES)
def test_targets_hold_the_first_commands_of_the_answer_as_the_agent_read_them(text, routine):
    fields = {name: it.fields for name, it in OPERATIONS.items()}
    parser = Parser({**fields, "ACTION": ("text",), "DONE": ()})
    kept = parser.parse(target(text, routine))
    assert kept == parser.parse(text)[: len(kept)]


@given(st.lists(st.tuples(TEXTS, ROUTINES), max_size=6))
def test_counts_add_up(answers):
    process, alone = make(), []
    for text, routine in answers:
        one = make()
        assert one.spans(text, routine) == process.spans(text, routine)
        alone.append(one.counts)
    assert process.counts.targets == sum(it.targets for it in alone)
    for step in STEPS:
        assert process.counts.steps[step] == sum(it.steps[step] for it in alone)
    dropped = process.counts.steps[STEPS[3]] + process.counts.steps[STEPS[5]]
    assert dropped + process.counts.targets == len(answers)


@given(TEXTS)
def test_done_stays_the_last_mark_of_a_log_target(text):
    kept = target(f"{text}\n{APPEND}\n{DONE}\nand more", "log")
    reply = ReplyReader(None, {name: it.fields for name, it in OPERATIONS.items()})
    if kept and reply.read(kept, acts=False).done:
        assert reply.read(f"{kept}{READ}", acts=False).stripped == kept

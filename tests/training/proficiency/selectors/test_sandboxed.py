"""Selectors that somebody wrote, confined."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from agents.sandbox import SandboxLimits
from training.proficiency.selectors import SelectorError, Verdict, open_selector, sandboxed
from training.proficiency.selectors.sandboxed import SandboxedSelector
from training.proficiency.turn import Command, Turn

TURN = Turn("Env/1/0", "Env", 1, 1, 0, 0, "log", "agent", "log 1", "text")
TURNS = [replace(TURN, turn=number, commands=(Command("READ", "a.md"),)) for number in range(450)]


def judged(source: str, turns=TURNS[:2]) -> list[Verdict]:
    with closing(SandboxedSelector(source, "mine.py")) as selector:
        return selector.judge(turns)


def returning(value: str) -> str:
    return f"def judge(turns):\n    return [{value} for turn in turns]\n"


def test_a_good_selector_judges_batch_by_batch(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "def judge(turns):\n"
        "    def one(turn):\n"
        "        odd = 'odd' if turn['turn'] % 2 else ''\n"
        "        ops = [it['op'] for it in turn['commands']]\n"
        "        return {'score': turn['turn'] / 2, 'reasons': ops, 'veto': odd}\n"
        "    return [one(turn) for turn in turns]\n"
    )
    with closing(open_selector(str(path))) as selector:
        found = selector.judge(TURNS)
    assert len(found) == len(TURNS)
    assert found[3] == Verdict(1.5, ("READ",), "odd")
    assert [it.score for it in found] == [number / 2 for number in range(450)]


def test_reasons_and_veto_may_be_left_out():
    assert judged(returning("{'score': 1}")) == [Verdict(1.0), Verdict(1.0)]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("def judge(turns):\n    return []\n", "a verdict for each of the 2 answers, not []"),
        ("def judge(turns):\n    return 3\n", "a verdict for each of the 2 answers, not 3"),
        (returning("1.0"), "a verdict is"),
        (returning("{'score': True}"), "a verdict is"),
        (returning("{'score': 'much'}"), "a verdict is"),
        (returning("{'score': 1, 'more': 2}"), "a verdict is"),
        (returning("{'score': 1, 'reasons': 'one'}"), "a verdict is"),
        (returning("{'reasons': []}"), "a verdict is"),
        (returning("{'score': 10 ** 400}"), "a verdict is"),
        (returning("{'score': float('nan')}"), "mine.py: "),
        (returning("{'score': float('inf')}"), "mine.py: "),
        ("def judge(turns):\n    return open('/etc/passwd').read()\n", "mine.py: "),
        ("def judge(turns):\n    return 1 / 0\n", "ZeroDivisionError"),
    ],
)
def test_what_is_no_verdict_is_refused(source, told):
    with pytest.raises(SelectorError) as error:
        judged(source)
    assert told in str(error.value)
    assert str(error.value).startswith("mine.py: ")


def test_one_that_hangs_is_stopped(monkeypatch):
    monkeypatch.setattr(sandboxed, "_LIMITS", SandboxLimits(cpu_seconds=1, seconds=1.0, deaths=1))
    with pytest.raises(SelectorError, match=r"mine.py: .*stopped|mine.py: .*processor"):
        judged("def judge(turns):\n    while True:\n        pass\n")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("this is no Python", "SyntaxError"),
        ("x = 1\n", "it does not define judge(turns)"),
        ("judge = 3\n", "judge(turns): 3 is not"),
        ("def judge():\n    return []\n", "judge(turns): too many"),
        ("raise OSError('no')\n", "OSError"),
    ],
)
def test_what_is_no_selector_is_told_at_once(source, told):
    with pytest.raises(SelectorError) as error:
        SandboxedSelector(source, "mine.py")
    assert told in str(error.value)


def test_a_file_that_is_no_text_is_told(tmp_path):
    path = tmp_path / "mine.py"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SelectorError, match=r"mine\.py"):
        SandboxedSelector.read(path)

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from benchmark_players import HOSTILE
from page_reader import Page, Tags
from recorded_runs import CORRIDOR, CRAFTER, NETHACK, VAULT

from agents.model import Call
from benchmarks.replay import block, conversations
from benchmarks.replay.mark import Mark
from benchmarks.replay.page import Page as Writer
from benchmarks.trace import MemoryReplay
from benchmarks.trace.calls import CallReader
from benchmarks.trace.texts import TextTable

CASES = [
    ("rambler", VAULT),
    ("pair", VAULT),
    ("hostile", VAULT),
    ("games", NETHACK),
    ("games", CRAFTER),
    ("games", CORRIDOR),
]


def episode_of(page, env=VAULT, seed=1):
    return next(e for e in page.manifest["episodes"] if (e["env"], e["seed"]) == (env, seed))


@pytest.mark.parametrize(("run", "env"), CASES)
@pytest.mark.parametrize("turns_of_a_block", [7, 1000])
def test_the_page_rebuilds_every_turn(
    runs, monkeypatch, tmp_path, automem, run, env, turns_of_a_block
):
    monkeypatch.setattr(block, "TURNS", turns_of_a_block)
    assert automem("view", runs.run(run), "-o", tmp_path / "page.html") == 0
    page = Page((tmp_path / "page.html").read_text("utf-8"))
    told = episode_of(page, env)
    shown = list(page.turns(told))
    turns = runs.turns(run, env)
    assert len(shown) == len(turns) == told["turns"] > 0
    header = runs.trace(run, env).header
    with MemoryReplay(header) as memory:
        for turn, now in zip(turns, shown, strict=True):
            memory.apply(turn)
            seen = {name: text for name, text in turn.observation.items() if name != "files"}
            assert now.texts == {**seen, "scene": turn.scene}
            assert now.files == memory.files
            assert now.action == turn.action
            assert now.commands == [(c["ok"], c["command"], c["result"]) for c in turn.commands]
            names = ("executed_action", "invalid_action", "episode_end")
            assert now.outcomes == [
                None if turn.info.get(name) is None else str(turn.info[name]) for name in names
            ]
            assert now.events == [(event.name, event.detail) for event in turn.events]
            for name, origins in now.origins.items():
                assert len(origins) == memory.files[name].count("\n") + 1


def test_lines_know_the_turn_that_wrote_them(runs):
    page = Page(runs.page("rambler").read_text("utf-8"))
    before: dict[str, str] = {}
    seen = 0
    for turn, now in enumerate(page.turns(episode_of(page)), 1):
        for name, text in now.files.items():
            old = before.get(name, "").split("\n")
            for line, origin in zip(text.split("\n"), now.origins[name], strict=True):
                if line not in old and line:
                    assert origin == turn
                    seen += 1
        before = now.files
    assert seen > 0


def test_the_overview_tells_every_turn(runs):
    page = Page(runs.page("pair").read_text("utf-8"))
    overview = page.overview(episode_of(page))
    turns = runs.turns("pair")
    steps = [0, *(turn.info["game_step"] for turn in turns)]
    assert overview["steps"] == [b - a for a, b in pairwise(steps)]
    assert overview["rewards"] == [pytest.approx(turn.reward) for turn in turns]
    assert overview["progressions"] == [
        pytest.approx(turn.info["progression"], abs=1e-6) for turn in turns
    ]
    assert overview["marks"] == [int(Mark.of(turn)) for turn in turns]
    assert any(mark & Mark.CALL for mark in overview["marks"])
    assert any(mark & Mark.WRITE for mark in overview["marks"])


def test_the_page_rebuilds_what_models_were_asked(runs, monkeypatch, tmp_path, automem):
    monkeypatch.setattr(conversations, "CHARS", 2_000)
    assert automem("view", runs.run("pair"), "-o", tmp_path / "page.html") == 0
    page = Page((tmp_path / "page.html").read_text("utf-8"))
    told = episode_of(page)
    assert "gameplay: scripted" in told["facts"]
    pieces = {piece for _, _, piece in told["blocks"]}
    assert len(pieces) > 1
    starts = {first for first, _, _ in told["blocks"]}
    asked = 0
    for turn, now in zip(runs.turns("pair"), page.turns(told), strict=True):
        if turn.turn in starts:
            reader = CallReader(TextTable(kept=None))
        rebuilt = [reader.read({"seed": 0, **call}) for call in now.asked]
        bare = [
            replace(c, seed=0, completion=replace(c.completion, token_ids=None, logprobs=None))
            if isinstance(c, Call)
            else replace(c, seed=0)
            for c in turn.asked
        ]
        assert rebuilt == bare
        asked += len(rebuilt)
    assert asked > 0


def test_hostile_text_stays_text(runs):
    text = runs.page("hostile").read_text("utf-8")
    page = Page(text)
    data = {name for name in page.scripts if name}
    assert set(page.scripts) - data == {""}, "the program, and data that nothing runs"
    assert all(at.get("type") == "text/plain" for tag, at in page.tags if at.get("id") in data)
    assert all(re.fullmatch(r"[A-Za-z0-9+/=]*", page.scripts[name]) for name in data)
    assert "alert(" not in text
    first = next(page.turns(episode_of(page)))
    assert first.action.startswith(HOSTILE)
    assert first.files["a1.md"] == f"{HOSTILE[:-1]}\n"
    assert first.events == [(HOSTILE, HOSTILE)]


def test_a_hostile_title_is_escaped(tmp_path):
    with Writer(tmp_path / "page.html", "<img src=x onerror=alert(1)>{{data}}") as page:
        page.finish({})
    text = (tmp_path / "page.html").read_text("utf-8")
    assert "<img" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;{{data}}" in text


def test_the_policy_lets_only_the_page_s_own_program_run(runs):
    text = runs.page("rambler").read_text("utf-8")
    tags = Tags(text).tags
    assert not [tag for tag, at in tags if "src" in at or tag in ("link", "iframe", "object")]
    assert not re.findall(r"https?://", text)
    assert not [name for _, at in tags for name in at if name.startswith("on") or name == "style"]
    (policy,) = (
        at["content"]
        for _, at in tags
        if "content-security-policy" in map(str.lower, filter(None, at.values()))
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    for rule, tag in (("script-src", "script"), ("style-src", "style")):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert len(inside) == 1
        digest = base64.b64encode(hashlib.sha256(inside[0].encode("utf-8")).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"


def test_an_answer_does_not_hold_the_file_again(automem, tmp_path):
    run, page = tmp_path / "run", tmp_path / "page.html"
    words = ("--env", VAULT, "--seeds", "1", "--max-game-steps", "150", "--out", run, "--quiet")
    assert automem("run", *words, "--agent", "benchmark_players:reader") == 0
    assert automem("view", run, "-o", page) == 0
    read = Page(page.read_text("utf-8"))
    answers = sum(len(c[2]) for turn in read.turns(episode_of(read)) for c in turn.commands)
    (piece,) = [data for _, data, _ in episode_of(read)["blocks"]]
    commands = read.open(f"data-{piece}")["commands"]
    assert answers > 100_000
    assert sum(map(len, commands[1])) < answers / 20

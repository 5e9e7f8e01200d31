from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

from benchmarks.replay import build_page
from benchmarks.trace import MemoryReplay, Trace
from benchmarks.trace.calls import CallReader
from benchmarks.trace.delta import decode
from benchmarks.trace.texts import TextTable

VAULT = "examples.vault:AutoMem-Vault-v0"


class Scripts(HTMLParser):
    """Collects the scripts of a page, and every tag with its attributes."""

    def __init__(self, page: str):
        super().__init__()
        self.scripts: list[str] = []
        self.tags: list[tuple[str, dict]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.tags.append((f"/{tag}", {}))

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] == "script":
            self.scripts[-1] += data


def test_hostile_text_stays_text(automem, tmp_path):
    from benchmark_players import HOSTILE

    run, page = tmp_path / "run", tmp_path / "page.html"
    words = ("run", "--env", VAULT, "--seeds", "1", "--out", run, "--quiet")
    assert automem(*words, "--agent", "benchmark_players:Scribe") == 0
    assert automem("view", run, "-o", page) == 0
    html = page.read_text("utf-8")
    found = Scripts(html)
    assert len(found.scripts) == 2, "the data and the program: none that a model wrote"
    assert "alert(" not in html.replace(found.scripts[0], "{}")
    assert "<" not in found.scripts[0]
    (episode,) = json.loads(found.scripts[0])["episodes"]
    assert episode["turns"][0]["action"].startswith(HOSTILE)
    assert HOSTILE[:-1] in episode["turns"][0]["files"]["a1.md"]


def test_a_hostile_title_is_escaped():
    page = build_page("<img src=x onerror=alert(1)>{{data}}", [])
    assert "<img" not in page
    assert not [tag for tag, _ in Scripts(page).tags if tag == "img"]


def test_the_page_needs_no_network(automem, tmp_path):
    run = tmp_path / "run"
    assert automem("run", "--env", VAULT, "--seeds", "1-2", "--out", run, "--quiet") == 0
    assert automem("view", run) == 0
    html = (run / "replay.html").read_text("utf-8")
    assert "default-src 'none'" in html
    assert not re.findall(r"https?://", html)
    tags = Scripts(html).tags
    assert not [tag for tag, at in tags if "src" in at or tag in ("link", "iframe", "object")]


def test_the_deltas_of_the_page_rebuild_observation_and_memory(automem, tmp_path):
    run = tmp_path / "run"
    words = ("run", "--env", VAULT, "--seeds", "2", "--out", run, "--quiet")
    assert automem(*words, "--agent-arg", "memory_rate=0.9") == 0
    assert automem("view", run) == 0
    data = json.loads(Scripts((run / "replay.html").read_text("utf-8")).scripts[0])
    (episode,) = data["episodes"]
    trace = Trace(run / "episodes" / VAULT / "2" / "0" / "trace.jsonl")
    texts, files = dict(episode["texts"]), dict(episode["files"])
    turns = list(trace.turns())
    assert len(turns) == len(episode["turns"]) > 0
    with MemoryReplay(trace.header) as memory:
        for turn, shown in zip(turns, episode["turns"], strict=True):
            memory.apply(turn)
            for name, delta in shown.get("texts", {}).items():
                texts[name] = decode(texts[name], delta)
            for name, delta in shown.get("files", {}).items():
                files[name] = decode(files.get(name, ""), delta)
            assert texts == turn.observation
            assert files == memory.files


def test_the_page_rebuilds_what_models_were_asked(automem, tmp_path):
    run = tmp_path / "run"
    words = ("run", "--env", VAULT, "--seeds", "2", "--out", run, "--quiet")
    assert automem(*words, "--agent", "pair", "--model", "scripted") == 0
    assert automem("view", run) == 0
    data = json.loads(Scripts((run / "replay.html").read_text("utf-8")).scripts[0])
    (episode,) = data["episodes"]
    assert "gameplay: scripted" in episode["facts"]
    trace = Trace(run / "episodes" / VAULT / "2" / "0" / "trace.jsonl")
    reader = CallReader(TextTable(kept=None))
    names = set()
    for turn, shown in zip(trace.turns(), episode["turns"], strict=True):
        rebuilt = [reader.read({"seed": 0, **call}) for call in shown.get("asked", ())]
        assert rebuilt == [replace(call, seed=0) for call in turn.calls]
        names |= {name for name, _ in shown.get("events", ())}
    assert "hand-over" in names


def test_a_failed_episode_is_shown_as_far_as_it_went(automem, tmp_path, capsys):
    run, counter = tmp_path / "run", tmp_path / "counter"
    counter.touch()
    words = ("run", "--env", VAULT, "--seeds", "1-2", "--out", run, "--quiet")
    words += ("--agent", "benchmark_players:Failing", "--agent-arg", f"counter={counter}")
    assert automem(*words) == 1
    (run / "episodes" / VAULT / "2" / "0" / "trace.jsonl").write_text("")
    assert automem("view", run) == 0
    assert "left out" in capsys.readouterr().err
    data = json.loads(Scripts((run / "replay.html").read_text("utf-8")).scripts[0])
    (episode,) = data["episodes"]
    assert len(episode["turns"]) == 2
    assert episode["problem"] == "failed: RuntimeError: lost the thread"


def test_no_run(automem, tmp_path, capsys):
    assert automem("view", tmp_path) == 2
    assert "no run.toml" in capsys.readouterr().err

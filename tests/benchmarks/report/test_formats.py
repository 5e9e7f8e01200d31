"""A report says the same in every format, what is owed included."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.report import Cell, Report, Row, Table, make_report
from benchmarks.report.formats import CSV_COLUMNS, FORMATS
from benchmarks.report.page import write_page
from benchmarks.summary import Results

GAMES = {
    "AutoMem-MiniHack-MazeWalk-9x9-v0": "MiniHack",
    "AutoMem-MiniHack-Corridor-R3-v0": "MiniHack",
}
WORTH = ((0.4, 16), (0.3, 0))
CURVE: Any = {"every": 1, "steps": 3, "values": [1.0, 5.0, 9.0]}


def played(score: float, seeds: range, owed: int = 0, **about: Any) -> Results:
    """A run of two tasks, whose scores go up with the seed."""
    results: list[tuple[Episode, EpisodeResult | None]] = []
    for env_id, game in GAMES.items():
        for seed in seeds:
            episode = Episode(env_id, seed, **about)
            result = EpisodeResult(
                episode.digest,
                env_id,
                seed,
                0,
                progression=score + seed / 100,
                game_steps=10,
                game=game,
                memory={"writes_per_search": 1.0 + seed},
                unproductive={"stuck": 2, "oscillating": 1},
                curves={"memory_chars": CURVE},
            )
            results.append((episode, None if owed > len(results) else result))
    return results


@pytest.fixture
def report() -> Report:
    runs = [played(0.2, range(1, 7)), played(0.5, range(3, 9), owed=1)]
    return make_report([Path("runs/one"), Path("runs/<two>")], runs, published=True)


def by_title(report: Report, words: str) -> Table:
    return next(table for table in report.tables if words in table.title)


def cells(table: Table, label: str) -> list[str]:
    row = next(row for row in table.rows if row.label.strip() == label)
    return [cell.text for cell in row.cells]


def test_games_are_means_over_their_tasks_beside_published_ones(report: Report) -> None:
    table = by_title(report, "by game")
    assert table.columns == ("", "MiniHack, 2 tasks")
    assert cells(table, "runs/one")[0].startswith("23.5 ±")
    assert cells(table, "Claude Opus 4.5 (published)") == ["27.5"]
    assert any("arXiv 2607.01224" in note for note in table.notes)


def test_differences_are_paired_by_task_and_by_game(report: Report) -> None:
    table = by_title(report, "minus")
    for label, pairs in (("MiniHack-Corridor-R3", "4"), ("MiniHack, mean of 2 tasks", "7")):
        found = cells(table, label)
        assert (found[0], found[3].split()[0]) == (pairs, "30.0")
    assert table.warnings == (
        "owed: 1 of the episodes of runs/<two>, which are in none of these figures",
    )


def test_failed_attempts_have_a_row_where_there_are_any(report: Report) -> None:
    label = "failed attempts"
    assert not any(row.label.strip() == label for table in report.tables for row in table.rows)
    (episode, result), *others = played(0.2, range(3))
    assert result is not None
    rough = [(episode, replace(result, attempts=3)), *others]
    table = by_title(make_report([Path("rough")], [rough]), "rough")
    assert cells(table, label) == ["2", "0"]


def test_what_memory_is_worth() -> None:
    spans = [
        played(0.6, range(6)),
        *(played(s, range(6), env_args={"memory_span": n}) for s, n in ((0.4, 16), (0.3, 0))),
    ]
    table = by_title(make_report([Path(str(n)) for n in range(3)], spans), "what memory is worth")
    labels = [row.label for row in table.rows]
    assert labels[:4] == ["MiniHack-MazeWalk-9x9", "  full", "  last-16", "  wiped"]
    assert cells(table, "wiped")[3].startswith("-30.0")
    assert cells(table, "wiped")[6] == "52"
    assert not any("worth" in t.title for t in make_report([Path("a")], spans[:1]).tables)


def test_what_memory_is_worth_names_players_by_what_tells_them_apart() -> None:
    def labels(*agents: dict[str, Any]) -> list[str]:
        spans = [
            played(score, range(3), env_args=args, **agent)
            for agent in agents
            for score, args in ((0.6, {}), (0.3, {"memory_span": 0}))
        ]
        # As with a scaffold of its own for each environment.
        named = [
            [(replace(episode, scaffold=episode.env_id), result) for episode, result in results]
            for results in spans
        ]
        table = by_title(make_report([Path(str(n)) for n in range(len(named))], named), "worth")
        return [row.label for row in table.rows if not row.label.startswith(" ")]

    short = ["MiniHack-MazeWalk-9x9", "MiniHack-Corridor-R3"]
    assert labels({}) == short
    two = labels(*({"agent_args": {"depth": n, "wide": True}} for n in (1, 2)))
    assert two == [f"{env}, agent_args.depth {n}" for n in (1, 2) for env in short]


def test_every_table_of_every_format_tells_what_is_owed(report: Report, tmp_path: Path) -> None:
    tables = [table for table in report.tables if table.title != "runs/one"]
    assert all(any("owed" in line for line in table.warnings) for table in tables)
    write_page(report, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.count("class='warning'") == sum(len(table.warnings) for table in tables)
    assert FORMATS["markdown"](report).count("**owed") >= len(tables)
    told = json.loads(FORMATS["json"](report))
    assert [t["warnings"] for t in told["tables"]] == [list(t.warnings) for t in report.tables]
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](report))))
    assert {row["table"] for row in rows if row["row"] == "owed"} == {t.title for t in tables}


def test_json_and_csv_hold_the_figures_behind_the_texts(report: Report) -> None:
    told = json.loads(FORMATS["json"](report))
    table = next(table for table in told["tables"] if table["title"] == "runs/one")
    row = next(row for row in table["rows"] if row["label"] == "stuck steps, %")
    assert row["cells"][0]["text"] == "20.0 ± 0.0"
    assert row["cells"][0]["value"]["mean"] == pytest.approx(0.2)
    assert len(told["runs"]["runs/one"]["episodes"]) == 12
    lines = list(csv.DictReader(io.StringIO(FORMATS["csv"](report))))
    assert tuple(lines[0]) == CSV_COLUMNS
    line = next(
        line for line in lines if line["row"] == "progression, %" and line["table"] == "runs/one"
    )
    assert float(line["value"]) == pytest.approx(0.235)
    assert float(line["low"]) < 0.235 < float(line["high"])


def test_a_page_loads_nothing_and_runs_nothing(report: Report, tmp_path: Path) -> None:
    write_page(report, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page
    assert "runs/&lt;two&gt;" in page
    # Two tasks: progression, writes per search, growth, memory over the episode; nothing else is
    # in these results.
    assert page.count("<svg") == 8


def test_the_runs_of_a_large_experiment_have_colours_of_their_own(tmp_path: Path) -> None:
    names = [f"run{number}" for number in range(8)]
    runs = [played(0.1 * number, range(1, 4)) for number in range(8)]
    write_page(make_report(list(map(Path, names)), runs), tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    colours = dict(re.findall(r'<i class="(c\d+)"></i>(run\d)', page))
    assert sorted(colours.values()) == names
    values = [re.findall(rf"--{name}: (#\w+);", page) for name in colours]
    assert all(len(found) == 2 for found in values)  # by day and by night
    assert len({found[0] for found in values}) == len({found[1] for found in values}) == 8
    assert all(f".{name} {{ --c: var(--{name}); }}" in page for name in colours)


@given(st.text(max_size=40), st.text(max_size=40))
def test_hostile_texts_stay_texts(label: str, text: str) -> None:
    report = Report(("run",), ([],), (Table("t", ("", "c"), (Row("x" + label, (Cell(text),)),)),))
    lines = FORMATS["markdown"](report).splitlines()
    assert sum(line.startswith("|") for line in lines) == 3
    (_, row) = csv.reader(io.StringIO(FORMATS["csv"](report)))
    assert len(row[3].splitlines()) <= 1
    assert [*filter(str.isalnum, row[3])] == [*filter(str.isalnum, text)]
    assert row[3][:1] not in ("=", "+", "@")
    assert json.loads(FORMATS["json"](report))["tables"][0]["rows"][0]["cells"][0]["text"] == text


def test_a_comparison_warns_of_its_own_runs_alone() -> None:
    runs = [played(0.2, range(6)), played(0.3, range(6)), played(0.4, range(6), owed=1)]
    report = make_report([Path(name) for name in ("a", "b", "c")], runs)
    warned = {table.title: len(table.warnings) for table in report.tables if "minus" in table.title}
    assert [warned[title] for title in sorted(warned)] == [0, 1]

"""Results that somebody edited: a message that names the file, never a traceback."""

from __future__ import annotations

import copy
import io
import json
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automem_gym.commands import main
from benchmarks.commands import COMMANDS

VAULT = "examples.vault:AutoMem-Vault-v0"
RESULT = f"episodes/{VAULT}/1/0/result.json"
STRANGE = (
    None,
    -1,
    0,
    1,
    2.5,
    10**400,
    10**99,
    1e308,
    -1e308,
    "<b>\ud800",
    [],
    {},
    [[]],
    {"a": 1},
    True,
)


def report(*words: object) -> tuple[int, str]:
    """Runs the command; gives its status and what it complained of."""
    complaints = io.StringIO()
    with redirect_stdout(io.StringIO()), redirect_stderr(complaints):
        status = main(COMMANDS, ["report", *map(str, words)])
    return status, complaints.getvalue()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "run"
    words = ["run", "--env", VAULT, "--seeds", "1-2", "--max-game-steps", "5", "--quiet"]
    words += ["--agent", "pair", "--model", "scripted"]
    assert main(COMMANDS, [*words, "--out", str(path)]) == 0
    return path


def places(data: Any) -> list[tuple[Any, ...]]:
    """The paths to everything in some plain data."""
    inside = data.items() if isinstance(data, dict) else enumerate(data)
    found: list[tuple[Any, ...]] = []
    for key, value in inside:
        found.append((key,))
        if isinstance(value, dict | list):
            found += [(key, *rest) for rest in places(value)]
    return found


@given(st.data())
@settings(
    max_examples=int(os.environ.get("EDITS", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_an_edited_result_is_read_or_named(run: Path, data: st.DataObject) -> None:
    file = run / RESULT
    whole = file.read_text("utf-8")
    edited = copy.deepcopy(json.loads(whole))
    *outside, last = data.draw(st.sampled_from(places(edited)))
    inner = edited
    for key in outside:
        inner = inner[key]
    inner[last] = data.draw(st.sampled_from(STRANGE))
    form = data.draw(st.sampled_from(["table", "markdown", "json", "csv", "html"]))
    words = ["--html", run.parent / "page.html"] if form == "html" else ["--format", form]
    try:
        file.write_text(json.dumps(edited), "utf-8")
        status, complaint = report(run, run, "--published", *words)
    finally:
        file.write_text(whole, "utf-8")
    assert status == 0 or (status == 2 and str(file) in complaint), (outside, last, complaint)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "line 1"),
        (b"\xff\xfe", "utf-8"),
        (b"[]", "holds no result"),
        (b'{"schema": 99}', "schema 99"),
        (b"[" * 100_000, "damaged"),
        (b'{"schema": ' + b"9" * 5000 + b"}", "damaged"),
    ],
)
def test_a_damaged_result_is_named(run: Path, content: bytes, said: str) -> None:
    assert said in complaint_of(run, run / RESULT, content)


@pytest.mark.parametrize(
    "content", [b"\xff", b"a = ", b"schema = 3", b'schema = "x"', b"schema = [1]", b"task = 5", b""]
)
def test_a_damaged_configuration_is_named(run: Path, content: bytes) -> None:
    complaint_of(run, run / "run.toml", content)


def complaint_of(run: Path, file: Path, content: bytes) -> str:
    """What a report says of a run with a file that holds something else; it names the file."""
    whole = file.read_bytes()
    try:
        file.write_bytes(content)
        status, complaint = report(run)
    finally:
        file.write_bytes(whole)
    assert status == 2
    assert str(file) in complaint
    return complaint

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agents.scaffold import load_scaffold
from benchmarks import toml
from benchmarks.used_seeds import Used, UsedSeedsError, read_used

VAULT = "examples.vault:AutoMem-Vault-v0"
USED = f'[[used]]\nenv = ["{VAULT}"]\nseeds = "10-12"\npurpose = "screening"\n'


@pytest.fixture
def scaffold(tmp_path) -> Path:
    folder = tmp_path / "scaffold"
    shutil.copytree(Path("agents/scaffolds/generic/v0"), folder)
    return folder


@pytest.fixture
def playing(automem, tmp_path, scaffold):
    def run(*words: object) -> int:
        start = ("run", "--env", VAULT, "--agent", "memory", "--model", "scripted", "--quiet")
        limits = ("--max-game-steps", 2, "--scaffold", scaffold, "--out", tmp_path / "run")
        return automem(*start, *limits, *words)

    return run


def test_seeds_that_a_scaffold_was_made_with_are_refused(playing, scaffold, tmp_path, capsys):
    (scaffold / "used_seeds.toml").write_text(USED)
    assert playing("--seeds", "12-13") == 2
    said = capsys.readouterr().err
    assert f"seed 12 of {VAULT} was used for screening of {scaffold}" in said
    assert "(seeds 10-12, by its used_seeds.toml)" in said
    assert not (tmp_path / "run").exists()
    assert playing("--seeds", "12-13", "--allow-used-seeds") == 0


def test_other_seeds_and_other_environments_are_played(playing, scaffold):
    other = USED.replace(VAULT, "AutoMem-Crafter-v0").replace("10-12", "1-99")
    (scaffold / "used_seeds.toml").write_text(USED + other)
    assert playing("--seeds", "13") == 0


def test_it_is_no_part_of_what_the_scaffold_is(scaffold):
    before = load_scaffold(scaffold).digest
    (scaffold / "used_seeds.toml").write_text(USED)
    assert load_scaffold(scaffold).digest == before


def test_seeds_that_an_adapter_was_trained_on_are_refused(automem, tmp_path, capsys):
    adapter = tmp_path / "adapter"
    adapter.mkdir()
    (adapter / "used_seeds.toml").write_text(USED.replace("screening", "training"))
    words = ("run", "--env", VAULT, "--seeds", 11, "--agent", "pair", "--out", tmp_path / "run")
    assert automem(*words, "--model", "local:base", "--adapter", adapter) == 2
    assert f"was used for training of {adapter}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "used = 3",
        "[[used]]\nenv = ['A']\nseeds = '1'\n",
        USED.replace("10-12", "12-10"),
        USED + "more = 1\n",
        "[[used]",
    ],
)
def test_a_damaged_file_is_told(tmp_path, text):
    (tmp_path / "used_seeds.toml").write_text(text)
    with pytest.raises(UsedSeedsError, match=r"used_seeds\.toml cannot be read"):
        read_used(tmp_path)


def test_what_is_written_is_read_back(tmp_path):
    used = Used(frozenset({"A", "B"}), frozenset({1, 2, 3, 9}), "training")
    (tmp_path / "used_seeds.toml").write_text(toml.dumps({"used": [used.to_toml()]}))
    assert read_used(tmp_path) == [used]
    assert read_used(tmp_path / "nowhere") == []

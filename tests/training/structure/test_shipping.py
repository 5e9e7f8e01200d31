"""What a search has kept, as scaffolds that ship."""

from __future__ import annotations

import sys
from pathlib import Path

from agents.scaffold import load_scaffold
from agents.scaffold_command.new import flattened
from automem_gym.commands import main
from benchmarks.used_seeds import read_used
from training.commands import COMMANDS
from training.structure.attempt_store import write_files
from training.structure.shipping import ship

sys.path.insert(0, str(Path(__file__).parent))  # canned_reviewers

USED = '[[used]]\nenv = ["AutoMem-Crafter-v0"]\nseeds = "7-9"\npurpose = "an earlier search"\n'


def test_a_version_tells_its_parent_and_all_seeds_that_it_was_made_with(tmp_path):
    start = tmp_path / "start"
    write_files(start, flattened(load_scaffold("generic/v0"), "mine"))
    (start / "used_seeds.toml").write_text(USED)
    out = tmp_path / "search"
    words = ["structure", "--env", "AutoMem-MiniHack-MazeWalk-9x9-v0", "--scaffold", str(start)]
    words += ["--out", str(out), "--quiet", "--max-game-steps", "15", "--executor", "serial"]
    words += ["--model", "scripted:consult=0.3", "--reviewer", "canned_reviewers:Canned"]
    words += ["--reviewer-arg", "changes=better", "--reviewer-arg", f"log={tmp_path / 'asked'}"]
    words += ["--gate", "paper", "--gate-arg", "screening=3", "--screening-seeds", "0-2"]
    words += ["--confirmation-seeds", "10-40", "--report-seeds", "50-51", "--iterations", "1"]
    assert main(COMMANDS, words) == 0
    (version,) = ship(out, "generic/v0", tmp_path / "shipped")
    shipped = load_scaffold(version, "MiniHack")
    assert shipped.parent == f"mine@{load_scaffold(start).digest}"
    used = {(it.purpose, min(it.seeds)) for it in read_used(version)}
    assert used == {("an earlier search", 7), ("the screening of 'automem structure'", 0)}

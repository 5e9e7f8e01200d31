"""A selection on disk: the data set, its figures, the report, and the seeds that it is made of."""

from __future__ import annotations

import json
from pathlib import Path

from agents.scaffold.directory import USED_SEEDS
from benchmarks import toml
from benchmarks.used_seeds import Used
from benchmarks.whole_file import replace_file
from training.proficiency.example import write_examples
from training.proficiency.selection import Selection
from training.proficiency.selection_report import report

EXAMPLES, FIGURES, REPORT = "examples.jsonl", "selection.json", "REPORT.md"


def write_selection(folder: Path, selection: Selection) -> Path:
    """Writes a selection.

    Args:
        folder: Where; what is there is replaced.
        selection: What was selected.

    Returns:
        The file with the examples.
    """
    folder.mkdir(parents=True, exist_ok=True)
    seeds: dict[str, set[int]] = {}
    for example in selection.examples:
        env_id, seed, _ = example.episode.rsplit("/", 2)
        seeds.setdefault(env_id, set()).add(int(seed))
    used = [
        Used(frozenset({env_id}), frozenset(of), "training").to_toml()
        for env_id, of in seeds.items()
    ]
    replace_file(folder / USED_SEEDS, toml.dumps({"used": used}))
    replace_file(folder / FIGURES, json.dumps(selection.to_json(), indent=1) + "\n")
    replace_file(folder / REPORT, report(selection))
    write_examples(folder / EXAMPLES, selection.examples)
    return folder / EXAMPLES

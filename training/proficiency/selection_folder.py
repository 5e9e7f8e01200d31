"""A selection on disk: the data set, its figures, the report, and the seeds that it is made of."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.whole_file import replace_file
from training.proficiency.example import write_examples, write_used
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
    write_used(folder, selection.examples)
    replace_file(folder / FIGURES, json.dumps(selection.to_json(), indent=1) + "\n")
    replace_file(folder / REPORT, report(selection))
    write_examples(folder / EXAMPLES, selection.examples)
    return folder / EXAMPLES

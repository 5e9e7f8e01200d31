"""A report as text that programs and other pages take: Markdown, JSON, CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping

from benchmarks.report.report import Report
from benchmarks.report.table import Table
from benchmarks.statistics import Estimate
from benchmarks.summary import to_json

#: All that a program may take for the end of a line.
_BREAKS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def markdown(report: Report) -> str:
    """The tables in GitHub's Markdown."""
    return "\n".join(map(_markdown_table, report.tables))


def _markdown_table(table: Table) -> str:
    lines = [f"### {_escaped(table.title)}", ""]
    if table.rows:
        lines += [
            _line(map(_escaped, table.columns)),
            "|---|" + "---:|" * (len(table.columns) - 1),
            *(
                _line([_label(row.label), *(_escaped(cell.text) for cell in row.cells)])
                for row in table.rows
            ),
            "",
        ]
    lines += [f"**{_escaped(line)}**  " for line in table.warnings]
    lines += [f"{_escaped(line)}  " for line in table.notes]
    return "\n".join(lines) + "\n"


def _line(texts: Iterable[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _label(label: str) -> str:
    indent = "&nbsp;&nbsp;" if label.startswith(" ") else ""
    return indent + _escaped(label.strip())


def as_json(report: Report) -> str:
    """The tables with the figures behind their texts, and the results of each run."""
    data = {
        "runs": {
            name: to_json(results) for name, results in zip(report.names, report.runs, strict=True)
        },
        "tables": [
            {
                "title": table.title,
                "columns": table.columns,
                "rows": [
                    {
                        "label": row.label.strip(),
                        "cells": [{"text": cell.text, "value": cell.data} for cell in row.cells],
                    }
                    for row in table.rows
                ],
                "notes": table.notes,
                "warnings": table.warnings,
            }
            for table in report.tables
        ],
    }
    return json.dumps(data, indent=1, allow_nan=False) + "\n"


#: The columns of the CSV form: a line for each cell of each table.
CSV_COLUMNS = (
    "table",
    "row",
    "column",
    "text",
    "value",
    "standard_error",
    "low",
    "high",
    "count",
)


def as_csv(report: Report) -> str:
    """A line for each cell; what is owed stands in lines of its own, with the row ``owed``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for table in report.tables:
        for label, column, cell in table.entries():
            found = cell.value
            figures: list[object] = [found, None, None, None, None]
            if isinstance(found, Estimate):
                figures = [found.mean, found.standard_error, found.low, found.high, found.count]
            told = (table.title, label, column, cell.text)
            writer.writerow([*map(_safe, told), *figures])
        for line in table.warnings:
            writer.writerow([_safe(table.title), "owed", "", _safe(line), *[None] * 5])
    return out.getvalue()


def _safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula, and that stays in its place."""
    text = _BREAKS.sub(" ", text)
    return f"'{text}" if text[:1] in ("=", "+", "@") else text


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", _BREAKS.sub(" ", text))


FORMATS: Mapping[str, Callable[[Report], str]] = {
    "markdown": markdown,
    "json": as_json,
    "csv": as_csv,
}

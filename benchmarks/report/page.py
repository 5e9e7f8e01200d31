"""A report as a page: one HTML file, which loads nothing and runs no script."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from benchmarks.report.plots import plots
from benchmarks.report.report import Report
from benchmarks.report.table import Row, Table

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{hash}'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
"""


def write_page(report: Report, out: Path) -> None:
    """Writes the page.

    Args:
        report: The report.
        out: The file.

    Raises:
        OSError: It cannot be written.
    """
    style = files("benchmarks.report").joinpath("page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    title = escape(" · ".join(report.names))
    parts = [
        _HEAD.format(title=title, style=style, hash=digest),
        f"<h1>{title}</h1>\n<p class='about'>Means are over seeds, ± standard error.</p>\n",
        *(f"<p><a href='{quote(at)}'>{escape(name)}</a></p>\n" for name, at in report.links),
        *(_section(table) for table in report.tables),
    ]
    for label, drawn in plots(report):
        if drawn:
            inside = "\n".join(plot.svg() for plot in drawn)
            parts.append(
                f"<section><h2>{escape(label)}</h2><div class='plots'>{inside}</div></section>\n"
            )
    parts.append("</body>\n</html>\n")
    # A lone surrogate, which a traceback may hold, cannot be written as UTF-8.
    out.write_bytes("".join(parts).encode("utf-8", "replace"))


def _section(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    rows = "\n".join(map(_row, table.rows))
    body = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    grid = f"<div class='scroll'><table>{body}</table></div>"
    said = [
        f"<p class='{kind}'>{escape(line)}</p>"
        for kind, lines in (("warning", table.warnings), ("note", table.notes))
        for line in lines
    ]
    shown = grid if table.rows else ""
    return f"<section><h2>{escape(table.title)}</h2>{shown}{''.join(said)}</section>\n"


def _row(row: Row) -> str:
    kind = " class='part'" if row.label.startswith(" ") else ""
    cells = "".join(f"<td>{escape(cell.text)}</td>" for cell in row.cells)
    return f"<tr{kind}><td>{escape(row.label.strip())}</td>{cells}</tr>"

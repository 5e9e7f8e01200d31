"""The results of runs as tables and plots: on the terminal, as Markdown, JSON, CSV or a page."""

from benchmarks.report.report import Report, make_report
from benchmarks.report.table import Cell, Row, Table

__all__ = ["Cell", "Report", "Row", "Table", "make_report"]

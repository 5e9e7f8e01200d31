"""A table as data: what each format renders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.statistics import Estimate


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a place of a table.

    Attributes:
        text: For people.
        value: For programs: the number or estimate behind the text; None where there is none.
    """

    text: str
    value: float | str | Estimate | None = None

    @property
    def data(self) -> Any:
        """The value as plain data."""
        return self.value.to_json() if isinstance(self.value, Estimate) else self.value


@dataclass(frozen=True, slots=True)
class Row:
    """A row.

    Attributes:
        label: What it tells of; two blanks before it where it belongs to the row above.
        cells: A cell for each column.
    """

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        title: What it shows.
        columns: The headers: that of the labels, and one for each cell of a row.
        rows: The rows.
        notes: What has to be said below it.
        warnings: What must not be overlooked, such as episodes that are owed.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def entries(self) -> Iterator[tuple[str, str, Cell]]:
        """Each cell, with the label of its row and the header of its column."""
        parent = ""
        for row in self.rows:
            label = row.label.strip()
            if row.label.startswith(" "):
                label = f"{parent}: {label}"
            else:
                parent = label
            for column, cell in zip(self.columns[1:], row.cells, strict=True):
                yield label, column, cell

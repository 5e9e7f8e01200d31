"""The lineage of a search as a page: one HTML file, which loads nothing and runs no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from benchmarks.terminal.plain_text import plain_lines
from training.structure.attempt import Attempt
from training.structure.settings import SearchSettings


def write_lineage_page(
    title: str,
    settings: SearchSettings,
    attempts: Sequence[Attempt],
    diffs: Mapping[int, str],
    out: Path,
) -> None:
    """Writes the page.

    Args:
        title: What it is called.
        settings: The settings of the search.
        attempts: Its attempts, in order.
        diffs: What each changed, as a unified diff, by number.
        out: The file.

    Raises:
        OSError: It cannot be written.
    """
    here = files("training.structure")
    style = files("benchmarks.report").joinpath("page.css").read_text(encoding="utf-8")
    style += here.joinpath("lineage.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    # What models wrote stands in the page as text alone.
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, finalize=_plain
    )
    page = environment.from_string(here.joinpath("lineage.html.j2").read_text(encoding="utf-8"))
    text = page.render(
        title=title, settings=settings, attempts=attempts, diffs=diffs, style=style, hash=digest
    )
    out.write_bytes(text.encode("utf-8", "replace"))


def _plain(value: object) -> object:
    """Text without control characters and marks that show it as what it is not; ours as it is."""
    return plain_lines(value) if isinstance(value, str) and not isinstance(value, Markup) else value

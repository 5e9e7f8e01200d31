"""Fills the page's template with the recorded episodes of a run."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

_MARK = re.compile(r"\{\{(\w+)\}\}")


def build_page(title: str, episodes: Iterable[Mapping[str, Any]]) -> str:
    """Makes the page.

    Args:
        title: Its title.
        episodes: The episodes, as :func:`benchmarks.replay.episode_data.episode_data` gives them.

    Returns:
        The page's HTML. Style, script and data are part of it.
    """
    here = files(__package__ or "benchmarks.replay")
    parts = {
        "title": html.escape(title),
        "style": (here / "style.css").read_text("utf-8"),
        "script": (here / "replay.js").read_text("utf-8"),
        "data": script_json({"episodes": list(episodes)}),
    }
    # One pass over the template: marks in what is filled in stay text.
    template = (here / "page.html").read_text("utf-8")
    return _MARK.sub(lambda mark: parts[mark[1]], template)


def script_json(data: Any) -> str:
    """JSON that is safe inside a script element: no ``<`` can close it or open a comment in it."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")

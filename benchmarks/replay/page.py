"""The replay page: one HTML file that holds its style, its program and its data."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import zlib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.replay.program import join

_MARK = re.compile(r"\{\{(\w+)\}\}")
_MAIN = "main"


class Page:
    """Writes a page, part by part, so that a long one needs no memory. Use it in a ``with`` block.

    The page is there when :meth:`finish` has been called; until then another one that was there
    stays. Data are compressed, and opened by the page when they are needed.

    Args:
        path: The file.
        title: Its title.
    """

    def __init__(self, path: Path, title: str) -> None:
        self._path = path
        self._draft = path.with_name(f"{path.name}.new")
        self._count = 0
        before, self._rest = _template(title)
        self._file = self._draft.open("w", encoding="utf-8")
        self._file.write(before)

    def store(self, data: Any) -> int:
        """Puts plain data into the page.

        Returns:
            The number under which they stand there.
        """
        self._element(f"data-{self._count}", data)
        self._count += 1
        return self._count - 1

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Completes the page.

        Args:
            manifest: What is to be known before anything is opened.
        """
        self._element("manifest", manifest)
        self._file.write(self._rest)
        self._file.close()
        self._draft.replace(self._path)

    def _element(self, name: str, data: Any) -> None:
        # Ascii, so that lone surrogates, which models do write, survive.
        text = json.dumps(data, separators=(",", ":"), allow_nan=False).encode("ascii")
        # Base64 has no "<": nothing in it can close the element.
        coded = base64.b64encode(zlib.compress(text, 9)).decode("ascii")
        self._file.write(f'<script type="text/plain" id="{name}">{coded}</script>\n')

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()
        self._draft.unlink(missing_ok=True)


def _template(title: str) -> tuple[str, str]:
    """The page around its data: what stands before them, and what after."""
    here = files(__package__ or "benchmarks.replay") / "page"
    style = "\n".join(_texts(here, ".css").values())
    program = join(_texts(here, ".js"), _MAIN)
    parts = {
        "title": html.escape(title),
        "style": style,
        "style_hash": _hash(style),
        "program": program,
        "program_hash": _hash(program),
    }
    before, _, after = (here / "page.html").read_text("utf-8").partition("{{data}}\n")
    # One pass over the template: marks in what is filled in stay text.
    return (
        _MARK.sub(lambda mark: parts[mark[1]], before),
        _MARK.sub(lambda mark: parts[mark[1]], after),
    )


def _texts(folder: Traversable, ending: str) -> dict[str, str]:
    """The files of a kind, in the order of their names."""
    found = sorted(
        (file for file in folder.iterdir() if file.name.endswith(ending)), key=lambda f: f.name
    )
    return {file.name.removesuffix(ending): file.read_text("utf-8") for file in found}


def _hash(text: str) -> str:
    """By which the page's policy knows its own script and style, and lets no other run."""
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")

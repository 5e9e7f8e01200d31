from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [path for path in (str(HERE), str(HERE.parent)) if path not in sys.path]

from browser import Browser, find_browser  # noqa: E402
from recorded_runs import Runs  # noqa: E402


@pytest.fixture(scope="package")
def runs(tmp_path_factory) -> Runs:
    """Runs that several tests look at; each is played once."""
    return Runs(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="package")
def browser(tmp_path_factory) -> Iterator[Browser]:
    """A real browser; the tests that need it are skipped where there is none."""
    path = find_browser()
    if path is None:
        pytest.skip(
            "needs a browser: install chromium (Debian: apt-get install "
            "--no-install-recommends chromium); the replay page was NOT tested in one"
        )
    opened = Browser(path, tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()

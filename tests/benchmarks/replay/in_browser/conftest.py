from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from browser import Browser, Tab


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., Tab]]:
    """Opens a page from disk, and waits until it shows something.

    When the test is over, the page must have complained of nothing, and asked for nothing but
    itself.
    """
    opened: list[tuple[Tab, str]] = []
    with ExitStack() as stack:

        def show(page: Path, hash: str = "", width: int = 1440, height: int = 900) -> Tab:
            tab = stack.enter_context(browser.open(f"{page.as_uri()}{hash}", width, height))
            opened.append((tab, page.as_uri()))
            tab.wait("document.querySelector('.column .sight > *') !== null")
            return tab

        yield show
        for tab, address in opened:
            assert tab.complaints() == []
            assert {asked.partition("#")[0] for asked in tab.requests()} == {address}

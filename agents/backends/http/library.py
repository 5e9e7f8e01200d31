"""Libraries that only some users need."""

from __future__ import annotations

import importlib


def require(library: str, extra: str) -> None:
    """Checks that a library is installed.

    Args:
        library: Its name.
        extra: The extra of this package that brings it.

    Raises:
        ImportError: It is not; the message tells how to get it.
    """
    try:
        importlib.import_module(library)
    except ImportError as error:
        raise ImportError(
            f"this backend needs {library}, which is not installed: "
            f"pip install 'automem-gym[{extra}]'"
        ) from error

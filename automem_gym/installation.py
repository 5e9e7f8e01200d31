"""Finds out whether the floors of this house are really ours.

Their import names (``agents``, ``training``, ...) are common ones, and pip lets two distributions
write into one folder. The one that was installed last then wins, silently.
"""

from __future__ import annotations

import importlib
from importlib.metadata import packages_distributions

DISTRIBUTION = "automem-gym"


class ForeignPackageError(ImportError):
    """A package that should be ours belongs to another distribution."""


def require_own(*packages: str) -> None:
    """Checks that packages are the ones of this distribution.

    Args:
        *packages: Import names, such as ``agents``. Each of ours that another distribution may
            have too holds a constant ``DISTRIBUTION``.

    Raises:
        ForeignPackageError: One of them is not.
    """
    for name in packages:
        package = importlib.import_module(name)
        if getattr(package, "DISTRIBUTION", None) == DISTRIBUTION:
            continue
        owners = [d for d in packages_distributions().get(name, []) if d != DISTRIBUTION]
        owner = f"the distribution {owners[0]}" if owners else "something else"
        raise ForeignPackageError(
            f"the package {name!r} at {getattr(package, '__file__', None)} is that of {owner}, not "
            f"of {DISTRIBUTION}. Both use this import name, so they cannot share an environment: "
            f"install {DISTRIBUTION} in a virtual environment of its own."
        )

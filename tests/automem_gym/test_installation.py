import sys
import types

import pytest

from automem_gym.installation import ForeignPackageError, require_own


def test_our_own_packages_pass() -> None:
    require_own("agents", "benchmarks", "training")


def test_a_foreign_package_of_the_same_name_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = types.ModuleType("agents")
    foreign.__file__ = "somewhere/agents/__init__.py"
    monkeypatch.setitem(sys.modules, "agents", foreign)
    with pytest.raises(ForeignPackageError, match="virtual environment of its own"):
        require_own("agents")

"""The scaffolds to try things on are those of the scaffolds' own tests."""

from tests.agents.scaffold.conftest import write

__all__ = ["write"]

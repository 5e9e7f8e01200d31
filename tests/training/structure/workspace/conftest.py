from __future__ import annotations

import pytest

from training.structure.workspace import Workspace


@pytest.fixture
def workspace(review) -> Workspace:
    return Workspace(review)


@pytest.fixture
def second(second_review) -> Workspace:
    return Workspace(second_review)

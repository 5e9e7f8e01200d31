from __future__ import annotations

import pytest

from training.structure.reviewers.settings import Settings


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "3"])
def test_limits_are_whole_numbers(value):
    with pytest.raises(ValueError, match="reminders is a whole number from 1"):
        Settings(reminders=value)

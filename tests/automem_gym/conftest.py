"""A small real game for the tests of what is the same for every game."""

from collections.abc import Iterator

import gymnasium
import pytest

import examples.vault  # noqa: F401  (registers the id)
from automem_gym import AutoMemEnv


@pytest.fixture
def env() -> Iterator[AutoMemEnv]:
    made = gymnasium.make("AutoMem-Vault-v0").unwrapped
    assert isinstance(made, AutoMemEnv)
    yield made
    made.close()

"""Code to attack with, and the layers that stop it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from agents.sandbox import Sandbox, SandboxLimits, confinement

#: All layers; and each that may be missing left out, as what is left must do.
SETS = {
    "all": ("namespaces", "landlock", "seccomp"),
    "no-namespaces": ("landlock", "seccomp"),
    "no-landlock": ("namespaces", "seccomp"),
}

Run = Callable[..., Any]
Make = Callable[..., Sandbox]


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes a sandbox with the layers that are there."""
    if confinement().open:
        pytest.skip(f"code cannot be confined here: {confinement().reasons}")
    made = []

    def make(source: str, **options: Any) -> Sandbox:
        made.append(Sandbox(source, "code.py", SandboxLimits(**options)))
        return made[-1]

    yield make
    for sandbox in made:
        sandbox.close()


@pytest.fixture(params=SETS)
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """Runs ``attack(*arguments)`` of some code, confined by each sufficient set of layers."""
    layers = SETS[request.param]
    for layer in layers:
        if layer not in confinement().layers:
            pytest.skip(f"{layer}: {confinement().missing[layer]}")
    made = []

    def run(source: str, *arguments: Any, **options: Any) -> Any:
        made.append(Sandbox(source, "code.py", SandboxLimits(**options), layers))
        return made[-1].call("attack", arguments)

    yield run
    for sandbox in made:
        sandbox.close()
